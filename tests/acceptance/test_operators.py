"""What an operator who knows only the README does with readers and editions."""

from collections.abc import Iterator

import pytest

from tests.acceptance.pages import FIRST, SECOND, THIRD, page, write
from tests.acceptance.program import Program
from tests.smtp import Recorder

BOB, AMY = "bob@example.com", "amy@example.com"


def script(phase: str, address: str, nth: int) -> str | None:
    """Bob's mailbox is no more; Amy's server asks for patience once."""
    if phase == "rcpt" and address == BOB:
        return "550 5.1.1 No such user"
    return "451 4.7.1 come back later" if (phase, address, nth) == ("rcpt", AMY, 1) else None


@pytest.fixture
def server() -> Iterator[Recorder]:
    with Recorder(script) as recorder:
        yield recorder


@pytest.fixture
def mailing(syndicate: Program, server: Recorder) -> Program:
    """A publication of one page and two readers, which mails by SMTP."""
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    for reader in (BOB, AMY):
        syndicate("subscribers", "add", reader, "--confirmed", "--language", "ja")
    syndicate("build")
    smtp = {
        "SYNDICATE_MAIL__TRANSPORT": "smtp",
        "SYNDICATE_MAIL__HOST": server.host,
        "SYNDICATE_MAIL__PORT": str(server.port),
        "SYNDICATE_MAIL__STARTTLS": "false",
    }
    return Program(syndicate.folder, {**syndicate.environment, **smtp})


def state_of(program: Program, reader: str) -> str:
    lines = program("subscribers", "list").stdout.splitlines()
    return next(line for line in lines if line.startswith(reader))


def test_a_reader_who_is_refused_for_good_is_suppressed_and_never_tried_again(
    mailing: Program,
) -> None:
    mailing("editions", "cut", "digest")
    mailing("deliver")
    assert "suppressed (refused: 550 5.1.1 No such user)" in state_of(mailing, BOB)
    assert "suppressed" not in state_of(mailing, AMY)
    for name, title in (("b.txt", SECOND), ("c.txt", THIRD)):
        write(mailing.folder / "content", {name: page(title)})
        mailing("build")
        mailing("editions", "cut", "digest")
        listed = mailing.json(
            "editions", "show", f"digest/{2 if name == 'b.txt' else 3}", "--letters"
        )
        assert [one["address"] for one in listed] == [AMY]
    (shown,) = mailing.json("subscribers", "show", BOB)["memberships"]
    assert shown["subscription"]["state"] == "active"
    assert mailing.json("subscribers", "show", BOB)["suppression"]["reason"] == "refused"


def test_deliver_says_why_letters_did_not_arrive(mailing: Program) -> None:
    mailing("editions", "cut", "digest")
    said = mailing("deliver").stdout
    assert "failed 1: 550 5.1.1 No such user (e:1:1)" in said
    assert "deferred 1: 451 4.7.1 come back later (e:1:2)" in said
    assert "the next deliver, tries them again" in said
    show = f"syndicate -C {mailing.folder} editions show digest/1 --letters --state failed"
    assert f"failed: see who: {show}" in said
    assert BOB not in said
    (failed,) = mailing.json("editions", "show", "digest/1", "--letters", "--state", "failed")
    assert (failed["address"], failed["state"]) == (BOB, "failed")
    assert failed["reason"] == "550 5.1.1 No such user"
    assert "550 5.1.1" in mailing("editions", "show", "digest/1", "--letters").stdout


def test_deliver_gives_its_reasons_as_json_too(mailing: Program) -> None:
    mailing("editions", "cut", "digest")
    reasons = mailing.json("deliver")["reasons"]
    assert {(one["state"], one["count"], one["reply"]) for one in reasons} == {
        ("failed", 1, "550 5.1.1 No such user"),
        ("deferred", 1, "451 4.7.1 come back later"),
    }


def test_a_draft_can_be_looked_at_before_it_is_approved(syndicate: Program) -> None:
    settings = syndicate.folder / "syndicate.toml"
    text = settings.read_text("utf-8").replace('approval = "automatic"', 'approval = "required"')
    settings.write_text(text, encoding="utf-8")
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("build")
    for reader, language in ((BOB, "ja"), (AMY, "en")):
        syndicate("subscribers", "add", reader, "--confirmed", "--language", language)
    assert "editions preview digest/draft" in syndicate("editions", "cut", "digest").stdout
    before = (syndicate.folder / "syndicate.db").read_bytes()
    shown = {
        language: syndicate.json("editions", "preview", "digest/draft", "--language", language)
        for language in ("ja", "en")
    }
    assert (syndicate.folder / "syndicate.db").read_bytes() == before
    assert sorted(shown["ja"]["languages"]) == ["en", "ja"]
    for language in ("ja", "en"):
        assert FIRST in shown[language]["html"]
        assert FIRST in shown[language]["text"]
    assert "配信" in shown["ja"]["text"]
    assert "配信" not in shown["en"]["text"]
    refused = syndicate("editions", "preview", "digest/draft", "--language", "fr", status=1)
    assert "has no rendering 'fr'" in refused.stderr
    write(syndicate.folder / "content", {"b.txt": page(SECOND)})
    syndicate("build")
    again = syndicate("editions", "cut", "digest").stdout
    assert "It replaces the draft digest/@1" in again
    syndicate("editions", "approve", "digest/draft")
    later = syndicate.json("editions", "preview", "digest/1", "--language", "ja")
    assert SECOND in later["text"]


def test_a_cut_says_whose_letters_it_replaces(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    for reader in (BOB, AMY):
        syndicate("subscribers", "add", reader, "--confirmed")
    syndicate("build")
    assert "2 letters are ready" in syndicate("editions", "cut", "digest").stdout
    syndicate("subscribers", "remove", BOB)
    write(syndicate.folder / "content", {"b.txt": page(SECOND)})
    syndicate("build")
    said = syndicate("editions", "cut", "digest").stdout
    assert "1 letter is ready" in said
    assert "It replaces 1 waiting letter of digest/1" in said


def test_readers_are_changed_removed_and_not_brought_back(syndicate: Program) -> None:
    add = ("subscribers", "add", BOB, "--confirmed")
    assert syndicate.json(*add, "--name", "Bob", "--language", "en")["added"] == 1
    said = syndicate(*add, "--name", "Robert", "--language", "ja").stdout
    assert "1 changed" in said
    assert syndicate.json(*add, "--name", "Robert")["unchanged"] == 1
    reader = syndicate.json("subscribers", "show", BOB)
    assert (reader["name"], reader["language"]) == ("Robert", "ja")
    assert reader["memberships"][0]["subscription"]["language"] == "ja"
    removed = syndicate.json("subscribers", "remove", BOB, "--evidence", "asked by phone")
    assert removed == {"ended": ["digest"], "ended_before": []}
    assert "had left before" in syndicate("subscribers", "remove", BOB).stdout
    (one,) = syndicate.json("subscribers", "show", BOB)["memberships"]
    assert one["subscription"]["state"] == "left"
    assert [(e["kind"], e["source"], e["evidence"]) for e in one["consent"]] == [
        ("confirmed", "added", ""),
        ("left", "operator", "asked by phone"),
    ]
    assert "left       operator  asked by phone" in syndicate("subscribers", "show", BOB).stdout
    said = syndicate(*add, "--name", "Bob").stdout
    assert "1 had left" in said
    assert "only the reader can" in said
    assert syndicate.json("subscribers", "show", BOB)["name"] == "Robert"
    syndicate("subscribers", "show", "nobody@example.com", status=1)
    syndicate("subscribers", "remove", BOB, "--newsletter", "other", status=1)


def test_an_import_changes_names_and_names_its_file_and_what_it_does_not_read(
    syndicate: Program,
) -> None:
    people = syndicate.folder / "people.csv"
    people.write_text(f"email,name,city\n{BOB},Bob,Rome\n", encoding="utf-8")
    done = syndicate("subscribers", "import", people, "--confirmed", "--language", "ja")
    assert "not read: city" in done.stderr
    people.write_text(f"email,name\n{BOB},Robert\nnot an address,X\n", encoding="utf-8")
    done = syndicate("subscribers", "import", people, "--confirmed", "--language", "en", status=1)
    assert "1 changed" in done.stdout
    assert f"{people}: line 3: " in done.stderr
    reader = syndicate.json("subscribers", "show", BOB)
    assert (reader["name"], reader["language"]) == ("Robert", "ja")


def test_no_edition_starts_that_hides_from_whom_it_is_where_the_law_asks_for_it(
    mailing: Program,
) -> None:
    assert 'legal.profile is not set ("jp" or "eu")' in mailing("doctor", status=1).stdout
    law = {"SYNDICATE_LEGAL__PROFILE": "jp", "SYNDICATE_LEGAL__SENDER": "編集室"}
    lawful = Program(mailing.folder, {**mailing.environment, **law})
    said = lawful("editions", "cut", "digest", status=1).stderr
    assert 'legal.profile = "jp" asks for legal.address, legal.contact' in said
    assert mailing.json("editions", "list") == []
    rest = {"SYNDICATE_LEGAL__ADDRESS": "岬町1", "SYNDICATE_LEGAL__CONTACT": "03-0000-0000"}
    lawful = Program(mailing.folder, {**lawful.environment, **rest})
    assert "digest/1 started" in lawful("editions", "cut", "digest").stdout
    assert "legal.profile" not in lawful("doctor", status=1).stdout


def test_a_letter_of_which_gmail_hides_the_end_is_named_and_leaves(syndicate: Program) -> None:
    settings, own = syndicate.folder / "syndicate.toml", syndicate.folder / "templates" / "digest"
    automatic, chosen = 'approval = "automatic"', 'approval = "required"\ntemplate = "long"'
    text = settings.read_text("utf-8")
    settings.write_text(text.replace(automatic, chosen), encoding="utf-8")
    own.mkdir(parents=True)
    (own / "long.txt").write_text("{% include 'digest/digest.txt' %}", encoding="utf-8")
    filler = "{% for _ in range(3000) %}<p>What nobody needs to read.</p>{% endfor %}"
    included = "{% include 'digest/digest.html' %}"
    (own / "long.html").write_text(filler + included, encoding="utf-8")
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("subscribers", "add", AMY, "--confirmed", "--language", "ja")
    syndicate("build")
    assert "warning" not in syndicate("editions", "cut", "digest").stderr  # it has no letter yet
    approved = syndicate("editions", "approve", "digest/draft")
    (rendering,) = syndicate.json("editions", "show", "digest/1")["renderings"]
    said = f"warning: digest/1 (ja): its letter has {rendering['html_size']:,} bytes of HTML; "
    assert f"{said}Gmail shows 102,400 and hides the rest." in approved.stderr
    assert "1 letter is ready" in approved.stdout
    assert syndicate.json("deliver")["sent"] == 1
    settings.write_text(text.replace(automatic, f'{automatic}\ntemplate = "long"'), "utf-8")
    write(syndicate.folder / "content", {"b.txt": page(SECOND)})
    syndicate("build")
    assert (
        "warning: digest/2 (ja): its letter has " in syndicate("editions", "cut", "digest").stderr
    )
