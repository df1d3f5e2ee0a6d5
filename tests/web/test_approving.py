"""Editors are asked by mail whether an edition may start, and answer on a page."""

from collections.abc import Iterator
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
SETTINGS = f'approval = "required"\neditors = ["{EDA}", "{MAX}"]\nanswer_within = "2 hours"'


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
    assert "2026-11-23 08:00 UTC" in words(letters[0])
    assert "List-Unsubscribe" not in letters[0]
    shown = site.get(path_of(letters[0], "approve"))
    assert shown.status == 200
    assert FIRST in shown.text
    assert 'value="approve"' in shown.text
    assert site.mail() == []


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


def test_nobody_approves_what_has_changed_since_and_the_editors_are_asked_anew(
    site: Site,
) -> None:
    letters = asked(site)
    site.pass_time(minutes=1)
    write(site.folder / "content", {"a.txt": page(FIRST, highlight="巣箱は四つある。")})
    building.build(site.services)
    link = path_of(letters[0], "approve")
    assert "has changed since" in site.get(link).text
    refused = site.post(link, choice="approve")
    assert (refused.status, draft_of(site).state) == (409, "draft")
    again = site.mail()
    assert len(again) == 2
    assert site.post(path_of(again[0], "approve"), choice="approve").status == 200
    assert draft_of(site).state == "sending"


def test_who_only_looks_at_what_has_changed_can_be_asked_anew(site: Site) -> None:
    letters = asked(site)
    site.pass_time(minutes=1)
    write(site.folder / "content", {"a.txt": page(FIRST, highlight="巣箱は四つある。")})
    building.build(site.services)
    link = path_of(letters[0], "approve")
    before = rows(site)
    assert 'value="anew"' in site.get(link).text
    assert rows(site) == before
    assert site.post(link, choice="anew").status == 200
    again = site.mail()
    assert sorted(one["To"] for one in again) == sorted(one["To"] for one in letters)
    assert site.post(path_of(again[0], "approve"), choice="approve").status == 200
    assert site.post(path_of(again[1], "approve"), choice="anew").status == 409


def test_an_edition_as_it_is_is_asked_about_once(site: Site) -> None:
    letters = asked(site)
    assert site.post(path_of(letters[0], "approve"), choice="anew").status == 200
    assert site.mail() == []


def test_silence_means_hold(site: Site) -> None:
    letters = asked(site)
    site.pass_time(hours=3)
    assert site.mail() == []
    held = draft_of(site)
    assert (held.state, held.answered) == ("draft", "no answer")
    assert held.held == "nobody answered by 2026-11-23 08:00 UTC"
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
