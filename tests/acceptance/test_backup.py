"""Backup, restore and resume as an operator runs them; who was mailed is counted where mail arrives."""

import email
import os
import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from email import policy
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import create_engine, text

from tests.acceptance.pages import FIRST, SECOND, THIRD, page, write
from tests.acceptance.program import Program
from tests.acceptance.test_mail import by_smtp
from tests.smtp import Recorder

READERS = 60  # more than are under way at once
EACH = {f"reader{n}@example.com" for n in range(READERS)}


def prepare(program: Program) -> Program:
    """Give a publication one page that nobody was mailed, and readers."""
    write(program.folder / "content", {"b.txt": page(FIRST, SECOND)})
    program("build")
    people = program.folder.parent / "people.csv"
    people.write_text("email\n" + "\n".join(sorted(EACH)) + "\n", encoding="utf-8")
    program("subscribers", "import", people, "--confirmed")
    return program


@pytest.fixture
def ready(syndicate: Program) -> Program:
    return prepare(syndicate)


def mailed(program: Program, title: str) -> Counter[str]:
    """How many letters that hold an article each reader got, by the maildir."""
    found: Counter[str] = Counter()
    for file in (program.folder / "mail" / "new").glob("*"):
        message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        plain = message.get_body(("plain",))
        assert plain is not None
        found[message["To"]] += f"■ {title}" in plain.get_content()
    return found


def news(program: Program, name: str, title: str) -> None:
    write(program.folder / "content", {name: page(title)})
    program("build")


def held(program: Program) -> None:
    """Nothing is cut or sent; pages go on."""
    for command in (("deliver",), ("editions", "cut", "digest")):
        said = program(*command, status=1).stderr
        assert said.startswith("syndicate: Sending is held: ")
        assert f"syndicate -C {program.folder} resume" in said
    assert "Sending is held" in program("doctor", status=1).stdout
    assert "Sending is held" in program("status").stdout


def test_a_copy_from_before_an_edition_sends_nothing_until_told_and_by_skip_nobody_gets_it_again(
    ready: Program, tmp_path: Path
) -> None:
    made = ready.json("backup", tmp_path / "backup")
    assert (made["files"], made["with_secrets"]) == (["syndicate.db", "syndicate.toml"], False)
    ready("editions", "cut", "digest")
    assert ready.json("deliver")["sent"] == READERS
    witness = (ready.folder / "witness.json").read_bytes()
    assert "--yes" in ready("restore", tmp_path / "backup", status=1).stderr
    done = ready.json("restore", tmp_path / "backup", "--yes")
    assert "Sending is held" in done["held"]
    assert (ready.folder / "witness.json").read_bytes() == witness
    held(ready)
    news(ready, "c.txt", SECOND)
    assert (ready.folder / "public" / "feed.atom").read_text(encoding="utf-8").count(SECOND)
    plan = ready.json("resume")
    assert plan["doubt"]["editions_since"] == 1
    assert plan["doubt"]["newsletters"][0]["readers"] == READERS
    assert "--yes" in ready("resume", "--skip", status=1).stderr
    ready("resume", "--skip", "--send", status=2)
    assert "--skip:" not in ready("resume", "--send", "--dry-run").stdout
    held(ready)
    ready("resume", "--skip", "--yes")
    assert "Nothing is held" in ready("resume").stdout
    assert ready.json("editions", "cut", "digest")["edition"] is None
    assert ready.json("deliver")["sent"] == 0
    news(ready, "d.txt", THIRD)
    assert ready.json("editions", "cut", "digest")["edition"] == "digest/2"
    assert ready.json("deliver")["sent"] == READERS
    assert mailed(ready, FIRST) == Counter(dict.fromkeys(EACH, 1))
    assert mailed(ready, SECOND) == Counter(dict.fromkeys(EACH, 0))
    assert mailed(ready, THIRD) == Counter(dict.fromkeys(EACH, 1))
    old = Path(done["aside"])
    ready("restore", old, "--yes")
    held(ready)


def test_by_send_an_edition_of_the_copy_goes_out_once(ready: Program, tmp_path: Path) -> None:
    with Recorder() as server:
        program = Program(ready.folder, {**ready.environment, **by_smtp(server)})
        program("editions", "cut", "digest")
        program("backup", tmp_path / "backup")
        for file in program.folder.glob("syndicate.db*"):
            file.unlink()
        done = program.json("restore", tmp_path / "backup")
        assert done["aside"] is None
        assert "the database is a copy, made on" in done["held"]
        held(program)
        assert not server.letters
        plan = program.json("resume")["doubt"]
        assert (plan["sender_ran"], plan["editions"][0]["waiting"]) == (False, READERS)
        assert program.json("resume", "--send", "--yes")["done"]["waiting"] == READERS
        assert program.json("deliver")["sent"] == READERS
        assert program.json("deliver")["sent"] == 0
        assert program.json("editions", "cut", "digest")["edition"] is None
        taken = Counter(letter.recipient for letter in server.letters)
    assert taken == Counter(dict.fromkeys(EACH, 1))


def test_a_backup_of_the_middle_of_a_run_is_whole_and_nobody_is_mailed_twice_from_it(
    ready: Program, tmp_path: Path
) -> None:
    reached, go_on = Event(), Event()

    def script(phase: str, _address: str, _nth: int) -> str | None:
        if phase == "rcpt" and len(server.letters) >= 5:
            reached.set()
            go_on.wait(60)
        return None

    with Recorder(script) as server:
        program = Program(ready.folder, {**ready.environment, **by_smtp(server)})
        program("editions", "cut", "digest")
        sending = subprocess.Popen(program.command("deliver"), env=program.variables())
        try:
            assert reached.wait(60)
            program("backup", tmp_path / "backup")
            refused = program("restore", tmp_path / "backup", "--yes", status=1).stderr
            assert f"sending is already done by process {sending.pid}" in refused
        finally:
            go_on.set()
            assert sending.wait(60) == 0
        with sqlite3.connect(tmp_path / "backup" / "syndicate.db") as copy:
            states = dict(copy.execute("SELECT state, COUNT(*) FROM delivery GROUP BY state"))
        copy.close()
        assert states.keys() - {"sent"}, "the copy was made before the run ended"
        program("restore", tmp_path / "backup", "--yes")
        held(program)
        assert program.json("resume")["doubt"]["sender_ran"]
        assert program.json("resume", "--skip", "--yes")["done"]["waiting"] == 0
        assert program.json("deliver")["sent"] == 0
        taken = Counter(letter.recipient for letter in server.letters)
    assert taken == Counter(dict.fromkeys(EACH, 1))
    tally = program.json("editions", "show", "digest/1")["deliveries"]
    assert tally["sent"] + tally["unknown"] == READERS


def test_a_daemon_on_a_copy_publishes_and_says_that_sending_is_held(
    ready: Program, tmp_path: Path
) -> None:
    ready("editions", "cut", "digest")
    ready("backup", tmp_path / "backup")
    ready("deliver")
    ready("subscribers", "remove", "reader0@example.com", "--evidence", "asked")
    left = tmp_path / "left.csv"
    left.write_text("email,status\nreader1@example.com,unsubscribed\n", encoding="utf-8")
    ready("subscribers", "import", left)
    ready("restore", tmp_path / "backup", "--yes")
    assert ready.json("resume")["doubt"]["departures"] == 2
    write(ready.folder / "content", {"c.txt": page(SECOND)})
    with ready.daemon() as daemon:
        assert "Sending is held" in daemon.said()
        assert b'"held"' in daemon.get("/healthz")[2]
        assert SECOND in daemon.get("/feed.atom")[2].decode()
        refused = ready("restore", tmp_path / "backup", "--yes", status=1).stderr
        assert "Another process has" in refused
        assert daemon.terminate() == 0
    assert len(list((ready.folder / "mail" / "new").iterdir())) == READERS
    ready("restore", tmp_path / "backup", "--yes")


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(
    ready: Program, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    said = ready("backup", kept, "--with-secrets").stdout
    (backup,) = kept.iterdir()
    assert re.fullmatch(r"publication-\d{8}T\d{6}Z", backup.name)
    assert "The secrets are in it" in said
    assert f"restore {backup}" in said
    assert {file.name for file in backup.iterdir()} == {
        *("syndicate.db", "syndicate.toml", "secrets.toml")
    }
    assert [oct(one.stat().st_mode & 0o777) for one in (backup, *backup.iterdir())] == [
        *("0o700", "0o600", "0o600", "0o600")
    ]
    assert "is there already" in ready("backup", backup / "syndicate.db", status=1).stderr
    assert "make it first" in ready("backup", tmp_path / "no" / "where", status=1).stderr
    assert "everybody can read" in ready("backup", ready.folder / "public" / "x", status=1).stderr
    assert "die" in ready("backup", tmp_path / "without").stdout
    assert [one.name for one in tmp_path.glob(".*")] == []


def test_a_publication_comes_back_on_a_new_machine(ready: Program, tmp_path: Path) -> None:
    ready("editions", "cut", "digest")
    ready("backup", tmp_path / "without")
    ready("backup", tmp_path / "with", "--with-secrets")
    new = Program(tmp_path / "new" / "publication", ready.environment)
    assert "nothing was taken" in new("restore", tmp_path / "without", status=1).stderr
    assert not (new.folder / "syndicate.toml").exists()
    said = new("restore", tmp_path / "with").stdout
    assert "secrets.toml was taken" in said
    assert f"syndicate -C {new.folder} resume" in said
    shutil.copytree(ready.folder / "content", new.folder / "content")
    for command in (("deliver",), ("editions", "cut", "digest")):
        assert "Sending is held" in new(*command, status=1).stderr
    new("resume", "--send", "--yes")
    assert new.json("deliver")["sent"] == READERS


def test_what_is_no_backup_of_ours_is_refused_and_nothing_is_changed(
    ready: Program, tmp_path: Path
) -> None:
    before = ready.json("subscribers", "list")
    ready("backup", tmp_path / "backup")
    file = tmp_path / "backup" / "syndicate.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    ready("restore", tmp_path / "backup", "--yes", status=1)
    file.write_bytes(b"")
    assert "holds no publication" in ready("restore", file, "--yes", status=1).stderr
    assert "is no backup" in ready("restore", tmp_path / "nothing", status=1).stderr
    file.write_bytes(whole)
    other = Program(tmp_path / "other", ready.environment)
    other("init")
    assert "hash_key" in other("restore", tmp_path / "backup", status=1).stderr
    assert not list(other.folder.glob("syndicate.db*.new*"))
    assert ready.json("subscribers", "list") == before


def test_a_database_that_is_damaged_is_replaced_and_kept(ready: Program, tmp_path: Path) -> None:
    ready("editions", "cut", "digest")
    ready("backup", tmp_path / "backup")
    database = ready.folder / "syndicate.db"
    for log in ("-wal", "-shm"):
        Path(f"{database}{log}").unlink(missing_ok=True)
    database.write_bytes(os.urandom(8192))
    aside = Path(ready.json("restore", tmp_path / "backup", "--yes")["aside"])
    assert aside.stat().st_size == 8192
    assert len(ready.json("subscribers", "list")) == READERS


def test_the_log_of_a_database_that_is_gone_does_not_get_into_the_one_put_back(
    ready: Program, tmp_path: Path
) -> None:
    ready("backup", tmp_path / "backup")
    database, log = ready.folder / "syndicate.db", ready.folder / "syndicate.db-wal"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE subscriber SET name = 'somebody else'")
        connection.commit()
        left = log.read_bytes()
    assert left
    for file in ready.folder.glob("syndicate.db*"):
        file.unlink()
    log.write_bytes(left)
    ready("restore", tmp_path / "backup")
    assert "somebody else" not in ready("subscribers", "list").stdout
    assert [file.read_bytes() for file in ready.folder.glob("syndicate.db.before-*-wal")] == [left]


def test_on_postgresql_backup_names_the_tool_and_a_clone_is_held(
    syndicate: Program, postgresql: str, postgresql_url: str, tmp_path: Path
) -> None:
    program = prepare(
        Program(
            syndicate.folder, {**syndicate.environment, "SYNDICATE_DATABASE__URL": postgresql_url}
        )
    )
    name = postgresql_url.rpartition("/test_")[2].partition("?")[0]
    said = program("backup", tmp_path / "file", status=1).stderr
    assert re.search(rf"pg_dump .*--format=custom --file={tmp_path / 'file'} test_{name}\b", said)
    (tmp_path / "file").write_bytes(b"")
    assert "pg_restore" in program("restore", tmp_path / "file", status=1).stderr
    admin = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE clone_{name} TEMPLATE test_{name}"))
    try:
        program("editions", "cut", "digest")
        assert program.json("deliver")["sent"] == READERS
        url = postgresql_url.replace(f"test_{name}", f"clone_{name}")
        clone = Program(program.folder, {**program.environment, "SYNDICATE_DATABASE__URL": url})
        held(clone)
        clone("resume", "--skip", "--yes")
        held(program)
        assert clone.json("editions", "cut", "digest")["edition"] is None
        news(clone, "d.txt", THIRD)
        assert clone.json("editions", "cut", "digest")["edition"] == "digest/2"
        assert clone.json("deliver")["sent"] == READERS
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE clone_{name} WITH (FORCE)"))
        admin.dispose()
    assert mailed(program, FIRST) == Counter(dict.fromkeys(EACH, 1))
    assert mailed(program, THIRD) == Counter(dict.fromkeys(EACH, 1))
