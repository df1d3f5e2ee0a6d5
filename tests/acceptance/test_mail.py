import email
import re
import subprocess
from collections import Counter
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import pytest

from syndicate.jobs.deliver import CONNECTIONS
from tests.acceptance.pages import FIRST, SECOND, THIRD, page, series, write
from tests.acceptance.program import Program, wait_for
from tests.smtp import Recorder

READERS = 600


@pytest.fixture
def ready(syndicate: Program, tmp_path: Path) -> Program:
    """A publication with three parts and 600 confirmed readers."""
    write(syndicate.folder / "content", series())
    syndicate("build")
    people = tmp_path / "people.csv"
    rows = (f"reader{n}@example.com,Reader {n},{'en' if n % 3 else 'ja'}" for n in range(READERS))
    people.write_text("\ufeffemail,name,language\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = syndicate.json(
        "subscribers", "import", people, "--newsletter", "digest", "--confirmed"
    )
    assert report["added"] == READERS
    return syndicate


def by_smtp(recorder: Recorder) -> dict[str, str]:
    return {
        "SYNDICATE_MAIL__TRANSPORT": "smtp",
        "SYNDICATE_MAIL__HOST": recorder.host,
        "SYNDICATE_MAIL__PORT": str(recorder.port),
        "SYNDICATE_MAIL__STARTTLS": "false",
    }


def texts(message: Message) -> tuple[str, str]:
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    plain, html = (bytes(part.get_payload(decode=True)).decode("utf-8") for part in parts)
    return plain, html


def test_each_of_600_readers_gets_one_whole_letter_with_an_unsubscribe_link_of_their_own(
    ready: Program,
) -> None:
    with Recorder() as server:
        program = Program(ready.folder, {**ready.environment, **by_smtp(server)})
        assert program.json("editions", "cut", "digest")["letters"] == READERS
        assert program.json("deliver")["sent"] == READERS
        assert program.json("deliver")["sent"] == 0
        letters = list(server.letters)
    assert Counter(letter.recipient for letter in letters) == Counter(
        f"reader{n}@example.com" for n in range(READERS)
    )
    (one,) = ready.json("series", "list")
    slugs = [part["slug"] for part in one["parts"]]
    links = set()
    for letter in letters:
        message = email.message_from_bytes(letter.data)
        assert message.get_content_type() == "multipart/alternative"
        found = re.fullmatch(
            r"<(http://127\.0\.0\.1:8000/u/[A-Za-z0-9_-]{44})>", message["List-Unsubscribe"]
        )
        assert found
        links.add(found[1])
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        plain, html = texts(message)
        assert found[1] in plain
        assert found[1] in html
        for title in (FIRST, SECOND, THIRD):
            assert title in plain
            assert title in html
    assert len(links) == READERS
    assert (
        len({email.message_from_bytes(letter.data)["Message-ID"] for letter in letters}) == READERS
    )
    for text in texts(email.message_from_bytes(letters[0].data)):
        for slug in slugs:
            assert f"http://127.0.0.1:8000/articles/{quote(slug)}/" in text
    show = ready.json("editions", "show", "digest/1")
    assert show["deliveries"] == {
        "pending": 0,
        "claimed": 0,
        "sending": 0,
        "sent": READERS,
        "failed": 0,
        "unknown": 0,
        "cancelled": 0,
    }
    assert show["state"] == "done"


def test_what_the_server_refuses_and_defers_ends_as_the_ledger_says(ready: Program) -> None:
    def script(phase: str, address: str, nth: int) -> str | None:
        if phase == "rcpt" and address.startswith("reader1@"):
            return "550 5.1.1 no such user"
        if phase == "rcpt" and address.startswith("reader2@") and nth == 1:
            return "451 4.7.1 greylisted, come back later"
        return None

    with Recorder(script) as server:
        program = Program(ready.folder, {**ready.environment, **by_smtp(server)})
        program("editions", "cut", "digest")
        report = program.json("deliver")
    assert (report["sent"], report["failed"], report["deferred"], report["waiting"]) == (
        598,
        1,
        1,
        1,
    )
    deliveries = ready.json("editions", "show", "digest/1")["deliveries"]
    assert (deliveries["sent"], deliveries["failed"], deliveries["pending"]) == (598, 1, 1)
    again = ready.json(
        "subscribers", "add", "reader1@example.com", "--newsletter", "digest", "--confirmed"
    )
    assert again["suppressed"] == 1


def test_news_come_once_and_only_news_come(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"b.txt": page(FIRST, SECOND)})
    syndicate("build")
    syndicate("subscribers", "add", "a@example.com", "--newsletter", "digest", "--confirmed")
    syndicate("editions", "cut", "digest")
    syndicate("deliver")
    assert syndicate.json("editions", "cut", "digest")["edition"] is None
    write(content, {"c.txt": page(SECOND, THIRD)})
    syndicate("build")
    assert syndicate.json("editions", "cut", "digest")["edition"] == "digest/2"
    syndicate("deliver")
    text = syndicate.json("editions", "preview", "digest/2")["text"]
    assert "第2部" in text
    assert THIRD in text
    assert f"■ {SECOND}" in text
    assert f"■ {FIRST}" not in text


def test_an_edition_cut_while_letters_wait_gives_everything_once(ready: Program) -> None:
    ready("editions", "cut", "digest")
    write(ready.folder / "content", {"d.txt": page("別の話")})
    ready("build")
    assert ready.json("editions", "cut", "digest")["letters"] == READERS
    ready("deliver")
    first = ready.json("editions", "show", "digest/1")["deliveries"]
    assert (first["cancelled"], first["sent"]) == (READERS, 0)
    text = ready.json("editions", "preview", "digest/2")["text"]
    for title in (FIRST, SECOND, THIRD, "別の話"):
        assert title in text
    assert len(list((ready.folder / "mail" / "new").iterdir())) == READERS


def test_backlog_is_published_and_never_mailed(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build", "--backlog")
    syndicate("subscribers", "add", "a@example.com", "--newsletter", "digest", "--confirmed")
    assert len(syndicate.json("articles", "list")) == 3
    cut = syndicate.json("editions", "cut", "digest")
    assert (cut["edition"], cut["reason"]) == (None, "there is no news yet")


def test_an_edition_that_needs_approval_waits_for_it(syndicate: Program) -> None:
    settings = syndicate.folder / "syndicate.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('approval = "automatic"', 'approval = "required"'), encoding="utf-8"
    )
    write(syndicate.folder / "content", series())
    syndicate("build")
    syndicate("subscribers", "add", "a@example.com", "--newsletter", "digest", "--confirmed")
    assert syndicate.json("editions", "cut", "digest")["edition"] == "digest/draft"
    assert syndicate.json("deliver")["sent"] == 0
    assert syndicate.json("editions", "approve", "digest/draft")["edition"] == "digest/1"
    assert syndicate.json("deliver")["sent"] == 1


def test_an_old_copy_of_the_database_sends_nothing(ready: Program) -> None:
    database = ready.folder / "syndicate.db"
    copy = database.read_bytes()
    ready("editions", "cut", "digest")
    ready("deliver")
    for name in ("syndicate.db", "syndicate.db-wal", "syndicate.db-shm"):
        (ready.folder / name).unlink(missing_ok=True)
    database.write_bytes(copy)
    for command in (("editions", "cut", "digest"), ("deliver",)):
        assert "Sending is held" in ready(*command, status=1).stderr
    ready("build")
    assert "Sending is held" in ready("doctor", status=1).stdout
    assert len(list((ready.folder / "mail" / "new").iterdir())) == READERS


def test_a_letter_with_links_to_this_machine_does_not_leave_it(ready: Program) -> None:
    elsewhere = {"SYNDICATE_MAIL__TRANSPORT": "smtp", "SYNDICATE_MAIL__HOST": "mail.example.com"}
    done = Program(ready.folder, {**ready.environment, **elsewhere})("deliver", status=1)
    assert "publication.base_url" in done.stderr


def killed(program: Program, server: Recorder, after: int) -> None:
    """Start `deliver` and kill it once the server has taken so many letters."""
    process = subprocess.Popen(
        program.command("deliver"),
        env=program.variables(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: len(server.letters) >= after or process.poll() is not None)
    process.kill()
    process.wait()


def test_killed_in_the_middle_of_sending_it_mails_nobody_twice_and_lists_the_uncertain(
    ready: Program,
) -> None:
    with Recorder() as server:
        program = Program(ready.folder, {**ready.environment, **by_smtp(server)})
        program("editions", "cut", "digest")
        for after in (50, 200, 400):
            killed(program, server, after)
        program("deliver")
        taken = Counter(letter.recipient for letter in server.letters)
    tally = ready.json("editions", "show", "digest/1")["deliveries"]
    assert max(taken.values()) == 1
    assert tally["sent"] + tally["unknown"] == READERS
    assert tally["sent"] <= len(taken) <= READERS
    assert tally["unknown"] <= 3 * CONNECTIONS


def test_two_senders_on_postgresql_mail_nobody_twice(
    syndicate: Program, postgresql_url: str, tmp_path: Path
) -> None:
    with Recorder() as server:
        database = {"SYNDICATE_DATABASE__URL": postgresql_url, **by_smtp(server)}
        program = Program(syndicate.folder, {**syndicate.environment, **database})
        write(program.folder / "content", series())
        program("build")
        people = tmp_path / "people.csv"
        rows = "\n".join(f"reader{n}@example.com" for n in range(200))
        people.write_text(f"email\n{rows}\n", encoding="utf-8")
        program("subscribers", "import", people, "--confirmed")
        program("editions", "cut", "digest")
        both = [
            subprocess.Popen(program.command("deliver"), env=program.variables()) for _ in range(2)
        ]
        assert [process.wait(timeout=120) for process in both] == [0, 0]
        taken = Counter(letter.recipient for letter in server.letters)
    assert len(taken) == 200
    assert max(taken.values()) == 1
    assert program.json("editions", "show", "digest/1")["state"] == "done"


def test_an_edition_that_went_out_keeps_its_page_when_its_newsletter_is_renamed(
    syndicate: Program,
) -> None:
    write(syndicate.folder / "content", series())
    syndicate("subscribers", "add", "reader@example.com", "--confirmed")
    syndicate("build")
    syndicate("editions", "cut", "digest")
    syndicate("deliver")
    syndicate("build")
    file = syndicate.folder / "public" / "editions" / "digest" / "1" / "index.html"
    before = file.read_bytes()
    settings = syndicate.folder / "syndicate.toml"
    text = settings.read_text(encoding="utf-8")
    assert 'name = "digest"' in text
    settings.write_text(text.replace('name = "digest"', 'name = "weekly"', 1), encoding="utf-8")
    assert syndicate.json("build")["published"]["removed"] == []
    assert file.read_bytes() == before
    file.unlink()
    syndicate("build")
    assert FIRST in file.read_text(encoding="utf-8")
