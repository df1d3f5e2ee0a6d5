"""What an editor does with the coming edition, and with one that was mistaken."""

import email
import email.policy

import pytest
from lxml.html import document_fromstring

from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.acceptance.program import Program
from tests.pictures import picture

AMY = "amy@example.com"


@pytest.fixture
def newsroom(syndicate: Program) -> Program:
    """A publication of one page with a reader, which mails into a folder."""
    write(syndicate.folder / "content", {"a.txt": page(FIRST, SECOND)})
    syndicate("subscribers", "add", AMY, "--confirmed", "--language", "ja")
    syndicate("build")
    return syndicate


def test_the_plan_names_the_coming_editions_and_the_editors_note(newsroom: Program) -> None:
    note = newsroom.folder / "content" / "_editions" / "digest" / "next.md"
    note.parent.mkdir(parents=True)
    note.write_text("---\nsubject: 蜂の便り\n---\nおはようございます。\n", encoding="utf-8")
    first, *others = newsroom.json("plan", "--days", "3")
    assert (first["newsletter"], first["letters"], first["subject"]) == ("digest", 1, "蜂の便り")
    assert first["opening"] == ["おはようございます。"]
    assert [one["title"] for one in first["articles"]] == [FIRST]
    assert [one["letters"] for one in others] == [0, 0]
    told = newsroom("plan", "--days", "3").stdout
    assert f"  {FIRST}\n" in told
    assert "subject: 蜂の便り" in told
    assert "nobody is due a letter" in told
    assert "and 1 more without a letter" in told
    note.write_text("---\nsubjekt: x\n---\n", encoding="utf-8")
    for command in (("plan",), ("editions", "cut", "digest")):
        refused = newsroom(*command, status=1).stderr
        assert "next.md: subjekt: unknown key; did you mean subject?" in refused
    (found,) = [one for one in newsroom.json("check", status=1) if one["code"] == "note"]
    assert (found["file"], found["level"]) == (str(note), "error")
    assert found["message"] == "subjekt: unknown key; did you mean subject?"
    note.write_text("---\nsubject: 蜂の便り\n---\n", encoding="utf-8")
    newsroom("editions", "cut", "digest")
    assert (note.parent / "1.md").exists()
    newsroom("deliver")
    (letter,) = (newsroom.folder / "mail" / "new").iterdir()
    assert b"Subject: =?utf-8?" in letter.read_bytes()


def test_the_plan_of_an_hourly_schedule_folds_what_is_empty(newsroom: Program) -> None:
    file = newsroom.folder / "syndicate.toml"
    said = file.read_text(encoding="utf-8")
    file.write_text(said.replace('cron = "0 7 * * *"', 'cron = "0 * * * *"'), encoding="utf-8")
    before = newsroom.json("plan", "--days", "7")
    assert len(before) == 168
    told = newsroom("plan", "--days", "7").stdout.splitlines()
    assert len(told) < 10
    after = newsroom.json("plan", "--days", "7")  # an hour may have begun meanwhile
    last = {f"  and 166 more without a letter, until {one[-1]['local']}" for one in (before, after)}
    assert told[-1] in last


def test_the_plan_counts_what_is_left_out_for_the_same_reason(newsroom: Program) -> None:
    dated = "---\ntitle: Old page {}\ndate: 2020-01-01\n---\nIt was written long ago.\n"
    write(newsroom.folder / "content", {f"{n}.md": dated.format(n) for n in range(7)})
    newsroom("build")
    told = newsroom("plan", "--days", "1").stdout.splitlines()
    out = [line for line in told if line.startswith("  left out: ")]
    assert len(out) == 6
    assert out[0].endswith(": it was published as old: it is nobody's news")
    assert out[-1] == "  left out: 2 more (backlog): --json names all"
    (first, *_) = newsroom.json("plan", "--days", "1")
    assert len(first["left_out"]) == 7


def test_a_letter_shows_the_leading_picture_of_a_page_once_that_is_switched_on(
    newsroom: Program,
) -> None:
    content = newsroom.folder / "content"
    made = picture(content / "img" / "boat.png", (1200, 801))
    page_of = "# 舟の話\n\n要約です。\n\n![岸につながれた舟](img/boat.png)\n\n本文です。\n"
    (content / "boat.md").write_text(page_of, encoding="utf-8")
    file = newsroom.folder / "syndicate.toml"
    said = file.read_text(encoding="utf-8")
    newsroom("build")
    newsroom("editions", "cut", "digest")
    newsroom("deliver")
    assert "<img" not in html_of(newsroom)
    file.write_text(said.replace("# lead_image = false", "lead_image = true"), encoding="utf-8")
    (content / "boat.md").write_text(page_of.replace("要約", "新しい要約"), encoding="utf-8")
    newsroom("build")
    newsroom("editions", "cut", "digest", "--to-recipients-of", "digest/1")
    newsroom("deliver")
    (shown,) = document_fromstring(html_of(newsroom)).iter("img")
    address = shown.attrib.pop("src")
    assert {name: shown.get(name) for name in ("alt", "width", "height", "lang")} == {
        "alt": "岸につながれた舟",
        "width": "600",
        "height": "400",
        "lang": None,
    }
    prefix = "http://127.0.0.1:8000/"
    assert address.startswith(f"{prefix}media/")
    assert (newsroom.folder / "public" / address.removeprefix(prefix)).read_bytes() == made


def html_of(program: Program) -> str:
    """The HTML of the newest letter."""
    letters = (program.folder / "mail" / "new").iterdir()
    newest = max(letters, key=lambda file: file.stat().st_mtime_ns)
    message = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
    body = message.get_body(("html",))
    assert body
    return str(body.get_content())


def test_a_mistake_is_corrected_to_exactly_those_who_got_it(newsroom: Program) -> None:
    newsroom("editions", "cut", "digest")
    newsroom("deliver")
    slug = newsroom.json("articles", "list")[0]["slug"]
    found = newsroom.json("editions", "recipients", slug)
    assert found == {
        "article": slug,
        "revision": 1,
        "recipients": [{"newsletter": "digest", "email": AMY, "revision": 1}],
    }
    assert f"digest  {AMY}  revision 1" in newsroom("editions", "recipients", slug).stdout
    write(newsroom.folder / "content", {"a.txt": page(FIRST, SECOND, highlight="巣箱は四つある。")})
    newsroom("subscribers", "add", "new@example.com", "--confirmed")
    newsroom("build")
    report = newsroom.json("editions", "cut", "digest", "--to-recipients-of", "digest/1")
    assert report["letters"] == 1
    newsroom("deliver")
    assert newsroom.json("editions", "recipients", slug)["recipients"][0]["revision"] == 2
    again = newsroom("editions", "cut", "digest", "--to-recipients-of", "digest/1").stdout
    assert "nothing that its readers hold has changed since" in again


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("editions", "recipients", "nothing"), "There is no article 'nothing'"),
        (("editions", "include", "digest", "nothing"), "There is no article 'nothing'"),
        (("editions", "include", "other", "x"), "There is no newsletter 'other'"),
        (
            ("editions", "cut", "digest", "--to-recipients-of", "digest/7"),
            "There is no edition 'digest/7'",
        ),
    ],
)
def test_what_there_is_not_is_named(
    newsroom: Program, command: tuple[str, ...], reason: str
) -> None:
    assert reason in newsroom(*command, status=1).stderr


def test_doctor_finds_cadences_that_a_schedule_cannot_keep_and_series_that_are_none(
    newsroom: Program,
) -> None:
    file = newsroom.folder / "syndicate.toml"
    said = file.read_text(encoding="utf-8")
    instead = 'cron = "0 7 * * mon"\naudience.series = ["bees"]'
    file.write_text(said.replace('cron = "0 7 * * *"', instead), encoding="utf-8")
    findings = newsroom.json("doctor", status=1)
    reason = "digest: audience.series names bees, which is no series yet: syndicate series list"
    assert reason in [one["message"] for one in findings]
    (found,) = [one for one in findings if one["about"] == "cadences"]
    assert found["grade"] == "wrong"
    assert found["message"] == (
        "digest: daily letters come more rarely than that, as cron is '0 7 * * mon' "
        "(1 active subscriptions)"
    )
