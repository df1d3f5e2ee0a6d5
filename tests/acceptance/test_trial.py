"""Before anything is cut: the coming edition in a browser, and as a test letter (issue 6)."""

import email
import email.header
import re
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.acceptance.program import PATIENCE_S, Program, fetch, wait_for

AMY, EDITOR = "amy@example.com", "editor@example.com"


@pytest.fixture
def publication(syndicate: Program) -> Program:
    """A page that is not even picked up, and a reader who wants English."""
    write(syndicate.folder / "content", {"a.txt": page(FIRST, SECOND)})
    syndicate("subscribers", "add", AMY, "--confirmed", "--language", "en")
    return syndicate


@contextmanager
def previewing(program: Program, *options: str) -> Iterator[str]:
    """A running preview; its address."""
    command = program.command("preview", "digest", "--port", "0", *options)
    with subprocess.Popen(command, env=program.variables(), stdout=subprocess.PIPE) as process:
        assert process.stdout
        found = re.search(rb"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert found
        address = found[0].decode()
        wait_for(lambda: is_up(address))
        try:
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def is_up(address: str) -> bool:
    try:
        return fetch(urllib.request.Request(f"{address}mark"))[0] == 200
    except OSError:
        return False


def get(address: str, **headers: str) -> str:
    return fetch(urllib.request.Request(address, headers=headers))[2].decode()


def letters(program: Program) -> list[email.message.Message]:
    mail = (program.folder / "mail" / "new").glob("*")
    return [email.message_from_bytes(file.read_bytes()) for file in mail]


def test_a_test_letter_is_the_coming_edition_and_nothing_is_cut(publication: Program) -> None:
    said = publication.json("editions", "test", "digest", "--to", EDITOR)
    assert said["sent"] == 1
    assert said["delivery"].startswith("t:")
    (letter,) = letters(publication)
    subject = str(email.header.make_header(email.header.decode_header(letter["Subject"])))
    assert (letter["To"], subject) == (EDITOR, said["subject"])
    assert subject == FIRST
    assert letter["List-Unsubscribe"]
    assert publication.json("editions", "list") == []
    assert publication.json("articles", "list") == []


def test_the_edition_that_follows_is_as_the_test_was_and_goes_to_readers_alone(
    publication: Program,
) -> None:
    publication("editions", "test", "digest", "--to", EDITOR, "--as", AMY)
    (tried,) = letters(publication)
    publication("build")
    publication("editions", "cut", "digest")
    assert publication.json("deliver")["sent"] == 1
    real = next(one for one in letters(publication) if one["To"] == AMY)
    assert (tried["Subject"], tried["List-Id"]) == (real["Subject"], real["List-Id"])
    texts = [
        re.sub(r"/(u|preferences)/\S+", "", one.get_payload(0).get_payload(decode=True).decode())  # type: ignore[union-attr]
        for one in (tried, real)
    ]
    assert texts[0] == texts[1]
    assert "Part 1 of 2" in texts[0]


def test_what_cannot_be_tested_is_refused_with_a_reason(publication: Program) -> None:
    for options, reason in (
        (("nothing", "--to", EDITOR), "There is no newsletter 'nothing'"),
        (("digest", "--to", "no address"), "no address"),
        (("digest", "--to", EDITOR, "--as", EDITOR), "This reader gets nothing of digest now"),
    ):
        assert reason in publication("editions", "test", *options, status=1).stderr
    (publication.folder / "content" / "a.txt").unlink()
    refused = publication("editions", "test", "digest", "--to", EDITOR, status=1).stderr
    assert "There is nothing new in digest to send" in refused
    assert not (publication.folder / "mail" / "new").exists() or letters(publication) == []


def test_the_daemon_sends_a_test_letter_while_it_runs(publication: Program) -> None:
    with publication.daemon(SYNDICATE_WEB__PORT="0"):
        said = publication("editions", "test", "digest", "--to", EDITOR).stdout
        assert "left to the process that sends now" in said
        wait_for(lambda: (publication.folder / "mail" / "new").exists() and letters(publication))
    assert [one["To"] for one in letters(publication)] == [EDITOR]


def test_a_pause_holds_test_letters_too(publication: Program) -> None:
    publication("editions", "pause", "--all")
    refused = publication("editions", "test", "digest", "--to", EDITOR, status=1).stderr
    assert re.search("did not leave yet. See what holds it back: syndicate .*status$", refused)
    assert "1 letter of no edition waits" in publication("status").stdout
    publication("editions", "resume", "--all")
    assert publication.json("deliver")["sent"] == 1


def test_a_test_letter_that_no_relay_takes_is_told_with_the_reason_and_waits(
    publication: Program,
) -> None:
    with socket.socket() as nobody:  # bound and not listening: every connection is refused
        nobody.bind(("127.0.0.1", 0))
        smtp = {
            "SYNDICATE_MAIL__TRANSPORT": "smtp",
            "SYNDICATE_MAIL__PORT": str(nobody.getsockname()[1]),
            "SYNDICATE_MAIL__STARTTLS": "false",
        }
        down = Program(publication.folder, {**publication.environment, **smtp})
        refused = down("editions", "test", "digest", "--to", EDITOR, status=1).stderr
        assert "did not leave yet: " in refused
        assert "refused. It waits, and is tried again by the daemon" in refused
        assert refused.endswith(" deliver\n")
        assert "1 letter waits; the next is due at" in down("deliver").stdout


def test_the_preview_shows_day_night_and_text_and_stores_nothing(publication: Program) -> None:
    with previewing(publication) as address:
        shown = get(address)
        assert FIRST in shown
        assert shown.count("<iframe") == 4
        assert "KB of HTML" in shown
        assert "第1部／全2部" in shown
        day, night = get(f"{address}letter/day"), get(f"{address}letter/night")
        assert "@media not all {" in day
        assert "@media all {" in night
        assert "prefers-color-scheme" not in day + night
    assert publication.json("articles", "list") == []


def test_the_preview_changes_with_its_pages_and_templates(publication: Program) -> None:
    with previewing(publication, "--as", AMY) as address:
        before = get(f"{address}mark")
        assert "Part 1 of 2" in get(address)
        write(publication.folder / "content", {"a.txt": page("別の題", highlight="変わった。")})
        assert get(f"{address}mark") != before
        assert "別の題" in get(address)
        own = publication.folder / "templates" / "digest"
        own.mkdir(parents=True)
        (own / "digest.txt").write_text("{{ nothing }}", encoding="utf-8")
        assert "digest/digest.txt line 1 does not work" in get(address)
        (own / "digest.txt").write_text("OURS {{ unsubscribe_url }}", encoding="utf-8")
        assert "<pre>OURS http://127.0.0.1:8000/u/…" in get(address)


def test_the_preview_is_for_this_machine_and_no_other_site(publication: Program) -> None:
    with previewing(publication) as address:
        assert get(address, Host="evil.example") == "Invalid host header"
        taken = address.rstrip("/").rpartition(":")[2]
        refused = publication("preview", "digest", "--port", taken, status=1).stderr
        assert f"Port {taken} cannot be listened on" in refused


def test_check_writes_letters_with_the_templates_that_are_overridden(publication: Program) -> None:
    own = publication.folder / "templates" / "digest"
    own.mkdir(parents=True)
    block = '{% extends "digest/digest.html" %}{% block text %}BLOCK{% endblock %}'
    (own / "mine.html").write_text(block.replace("BLOCK", "{{ nothing }}"), encoding="utf-8")
    (own / "mine.txt").write_text('{% extends "digest/digest.txt" %}', encoding="utf-8")
    file = publication.folder / "syndicate.toml"
    settings = file.read_text(encoding="utf-8")
    file.write_text(
        settings.replace('# template = "digest"', 'template = "mine"'), encoding="utf-8"
    )
    said = publication("check", status=1).stdout
    assert "templates/digest/mine.html" in said
    assert "'nothing' is undefined" in said
    (own / "mine.html").write_text(block, encoding="utf-8")
    assert "undefined" not in publication("check").stdout
