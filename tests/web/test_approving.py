"""Editors are asked by mail whether an edition may start, and answer on a page."""

from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import text

from syndicate import config
from syndicate.cli import building, work
from syndicate.cli.setup import make_publication, new_settings
from syndicate.model import Edition
from syndicate.store import editions
from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.web.reader import Site, flipped, path_of, words

EDA, MAX = "eda@example.com", "max@example.com"
SETTINGS = f"""approval = "required"
editors = ["{EDA}", "{MAX}"]
answer_within = "2 hours"
zone = "Asia/Tokyo\""""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "a"
    make_publication(folder, new_settings("content"))
    file = folder / config.FILE
    said = file.read_text(encoding="utf-8").replace('approval = "automatic"', SETTINGS)
    file.write_text(said, encoding="utf-8")
    write(folder / "content", {"a.txt": page(FIRST)})
    opened = Site(folder)
    opened.join("ann@example.com")
    yield opened
    opened.close()


def asked(site: Site) -> list[EmailMessage]:
    """Cut an edition, and return the letters that ask about it."""
    site.pass_time(seconds=1)
    work.cut_edition(site.services, site.services.newsletter("digest"))
    return site.mail()


def draft_of(site: Site, number: int = 1) -> Edition:
    with site.services.store.read() as tx:
        return editions.get(tx, number)


def rows(site: Site) -> list[tuple[object, ...]]:
    """All that an answer could change."""
    with site.services.store.read() as tx:
        return [
            tuple(row)
            for table in ("edition", "delivery", "signup", "variant")
            for row in tx.execute(text(f"SELECT * FROM {table} ORDER BY id"))
        ]


def test_each_editor_gets_a_letter_with_a_link_that_shows_the_edition(site: Site) -> None:
    letters = asked(site)
    assert sorted(str(one["To"]) for one in letters) == [EDA, MAX]
    assert f"■ {FIRST}" in words(letters[0])
    assert "November 23, 2026 17:00 (Asia/Tokyo)" in words(letters[0])
    assert "List-Unsubscribe" not in letters[0]
    shown = site.get(path_of(letters[0], "approve"))
    assert shown.status == 200
    assert FIRST in shown.text
    assert 'value="approve"' in shown.text
    assert site.mail() == []


def test_the_letter_names_the_articles_as_the_editors_note_orders_them(site: Site) -> None:
    write(site.folder / "content", {"b.txt": page(SECOND)})
    building.build(site.services)
    note = site.folder / "content" / "_editions" / "digest" / "next.md"
    note.parent.mkdir(parents=True)
    note.write_text(f"---\nlead: {SECOND}\n---\n", encoding="utf-8")
    said = words(asked(site)[0])
    assert said.index(f"■ {SECOND}") < said.index(f"■ {FIRST}")


def test_looking_changes_nothing(site: Site) -> None:
    letters = asked(site)
    before = rows(site)
    for method in ("GET", "HEAD"):
        assert site.ask(method, path_of(letters[0], "approve")).status == 200
    assert rows(site) == before


def test_who_approved_is_recorded_and_the_edition_is_sent(site: Site) -> None:
    letters = {str(one["To"]): one for one in asked(site)}
    answer = site.post(path_of(letters[EDA], "approve"), choice="approve")
    assert "approved and will be sent" in answer.text
    assert (draft_of(site).state, draft_of(site).answered) == ("sending", f"approved by {EDA}")
    assert [str(one["To"]) for one in site.mail()] == ["ann@example.com"]
    again = site.post(path_of(letters[MAX], "approve"), choice="hold")
    assert again.status == 409
    assert "decided on before" in again.text


def test_an_editor_holds_an_edition(site: Site) -> None:
    letters = asked(site)
    link = path_of(letters[0], "approve")
    assert "It is held." in site.post(link, choice="hold").text
    held = draft_of(site)
    assert held.state == "draft"
    assert held.held == f"{letters[0]['To']} holds it"
    assert site.post(link, choice="approve").status == 409
    assert site.mail() == []


def edit(site: Site, highlight: str) -> None:
    """Change what the first article says."""
    site.pass_time(minutes=1)
    write(site.folder / "content", {"a.txt": page(FIRST, highlight=highlight)})
    building.build(site.services)


def test_nobody_approves_what_has_changed_since_and_the_editors_are_asked_anew_by_themselves(
    site: Site,
) -> None:
    letters = asked(site)
    edit(site, "巣箱は四つある。")
    link = path_of(letters[0], "approve")
    before = rows(site)
    for answer in (site.get(link), site.post(link, choice="approve")):
        assert answer.status == 409
        assert "has changed since" in answer.text
    assert rows(site) == before
    site.pass_time(minutes=5)
    again = site.mail()
    assert sorted(str(one["To"]) for one in again) == [EDA, MAX]
    assert site.post(path_of(again[0], "approve"), choice="approve").status == 200
    assert draft_of(site).state == "sending"


def test_who_writes_saves_often_and_the_editors_get_one_letter_for_it(site: Site) -> None:
    asked(site)
    for number in "四五六":
        edit(site, f"巣箱は{number}つある。")
        assert site.mail() == []
    site.pass_time(minutes=5)
    assert len(site.mail()) == 2
    site.pass_time(minutes=5)
    assert site.mail() == []


@pytest.mark.parametrize("said", ["hold", "nothing"])
def test_what_was_held_is_asked_about_anew_once_it_has_changed(site: Site, said: str) -> None:
    letters = asked(site)
    if said == "hold":
        site.post(path_of(letters[0], "approve"), choice="hold")
    else:
        site.pass_time(hours=3)
    assert site.mail() == []
    edit(site, "巣箱は四つある。")
    site.pass_time(minutes=5)
    again = site.mail()
    assert len(again) == 2
    assert draft_of(site).answered is None
    assert site.post(path_of(again[0], "approve"), choice="approve").status == 200


def test_who_joins_meanwhile_does_not_make_it_another_edition(site: Site) -> None:
    letters = asked(site)
    site.join("ben@example.com")
    site.pass_time(minutes=6)
    assert not [one for one in site.mail() if one["To"] in {EDA, MAX}]
    assert site.post(path_of(letters[0], "approve"), choice="approve").status == 200
    assert len(site.mail()) == 2


def test_silence_means_hold(site: Site) -> None:
    letters = asked(site)
    site.pass_time(hours=3)
    assert site.mail() == []
    held = draft_of(site)
    assert (held.state, held.answered) == ("draft", "no answer")
    assert held.held == "nobody answered by 2026-11-23 17:00 Asia/Tokyo"
    late = site.post(path_of(letters[0], "approve"), choice="approve")
    assert late.status == 404
    assert "expired" in late.text


def test_the_next_cut_asks_anew(site: Site) -> None:
    first = asked(site)
    write(site.folder / "content", {"b.txt": page(SECOND)})
    building.build(site.services)
    second = asked(site)
    assert SECOND in words(second[0])
    old = site.post(path_of(first[0], "approve"), choice="approve")
    assert old.status == 409
    assert "waits for nobody any more" in old.text
    assert site.post(path_of(second[0], "approve"), choice="approve").status == 200
    assert draft_of(site, 2).state == "sending"


def test_an_answer_has_to_be_one_of_two(site: Site) -> None:
    letters = asked(site)
    for choice in ("", "maybe"):
        assert site.post(path_of(letters[0], "approve"), choice=choice).status == 400
    assert draft_of(site).state == "draft"


def test_a_link_with_any_bit_changed_or_of_another_purpose_decides_nothing(site: Site) -> None:
    letters = asked(site)
    token = path_of(letters[0], "approve").rpartition("/")[2]
    for wrong in flipped(token)[::7]:
        assert site.post(f"/approve/{wrong}", choice="approve").status == 404
    assert site.post(f"/u/{token}").status == 404
    assert site.post(f"/confirm/{token}").status in {404, 409}
    assert draft_of(site).state == "draft"


def test_an_operator_approves_all_the_same(site: Site) -> None:
    letters = asked(site)
    newsletter = site.services.newsletter("digest")
    assert work.approve_edition(site.services, newsletter, draft_of(site), "ops").letters == 1
    assert draft_of(site).answered == "approved by ops"
    late = site.post(path_of(letters[0], "approve"), choice="approve")
    assert "decided on before: approved by ops" in late.text


def test_who_is_no_editor_any_more_decides_nothing(site: Site) -> None:
    letters = {str(one["To"]): one for one in asked(site)}
    file = site.folder / config.FILE
    file.write_text(file.read_text(encoding="utf-8").replace(f'"{EDA}", ', ""), encoding="utf-8")
    with closing(Site(site.folder)) as restarted:
        answer = restarted.post(path_of(letters[EDA], "approve"), choice="approve")
        assert answer.status == 409
        assert "does not wait for you any more" in answer.text
    assert draft_of(site).state == "draft"
