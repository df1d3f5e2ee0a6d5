"""Readers and suppressions from the command line, and the daemon's pages from outside."""

import csv
import json
from pathlib import Path

import pytest

from tests.acceptance.pages import FIRST, page, write
from tests.acceptance.program import Program

ANN = "ann@example.com"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "news")
    made("init", "--language", "en")
    return made


def test_a_reader_is_asked_by_a_letter_unless_consent_is_at_hand(program: Program) -> None:
    done = program("subscribers", "add", ANN)
    assert "1 asked by a letter" in done.stdout
    (listed,) = program.json("subscribers", "list")
    assert (listed["address"], listed["state"]) == (ANN, "unconfirmed")
    assert program.json("deliver")["sent"] == 1
    (letter,) = (program.folder / "mail" / "new").iterdir()
    assert b"Please confirm" in letter.read_bytes()
    assert program.json("deliver")["sent"] == 0
    assert "asks for digest since" in program("subscribers", "show", ANN).stdout
    erased = program.json("subscribers", "erase", "ANN@example.com", "--yes")
    assert erased == {"subscriptions": 0, "requests": 1, "known": True}
    assert program.json("subscribers", "list") == []
    never = program.json("subscribers", "erase", "nobody@example.com", "--yes")
    assert never == {"subscriptions": 0, "requests": 0, "known": False}


def test_a_list_is_rehearsed_taken_in_listed_and_undone(program: Program, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,name\nann@example.com,Ann\nbad,\n", encoding="utf-8")
    told = program("subscribers", "import", people, "--confirmed", "--dry-run", status=1)
    assert "would be: 1 added" in told.stdout
    assert "0 would be asked by a letter" in told.stdout
    assert f"{people}: line 3: " in told.stderr
    assert program.json("subscribers", "list") == []
    done = program("subscribers", "import", people, "--confirmed", status=1)
    hint = f"Import 1; to take it back: syndicate -C {program.folder} subscribers undo 1"
    assert hint in done.stdout
    assert [one["rows"] for one in program.json("subscribers", "imports")] == [1]
    assert program.json("subscribers", "undo", "1")["removed"] == 1
    assert program.json("subscribers", "list") == []
    assert "was undone already" in program("subscribers", "undo", "1", status=1).stderr


def test_an_import_whose_readers_had_letters_is_undone_only_with_yes(
    program: Program, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email\nann@example.com\n", encoding="utf-8")
    program("subscribers", "import", people, "--confirmed")
    write(program.folder / "content", {"a.txt": page(FIRST)})
    program("build")
    program("editions", "cut", "digest")
    told = program("subscribers", "undo", "1").stdout
    assert "1 ended for good" in told
    assert f"Do it with: syndicate -C {program.folder} subscribers undo 1 --yes" in told
    assert program.json("subscribers", "undo", "1")["done"] is False
    assert [one["state"] for one in program.json("subscribers", "list")] == ["active"]
    assert "0 readers removed, 1 ended" in program("subscribers", "undo", "1", "--yes").stdout
    assert [one["state"] for one in program.json("subscribers", "list")] == ["left"]


def test_a_service_that_is_not_known_is_named_with_those_that_are(
    program: Program, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email\nann@example.com\n", encoding="utf-8")
    said = program("subscribers", "import", people, "--from", "substack", status=1).stderr
    assert "mailpoet, mailchimp, listmonk, ghost, buttondown" in said
    said = program("subscribers", "import", people, "--map", "email", status=1).stderr
    assert "write FIELD=COLUMN" in said


def test_all_readers_are_written_as_a_table_without_formulas(
    program: Program, tmp_path: Path
) -> None:
    program("subscribers", "add", ANN, "--confirmed", "--name", "=HYPERLINK(1)")
    file = tmp_path / "readers.csv"
    program("subscribers", "export", "--csv", file)
    with file.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    assert (row["email"], row["name"]) == (ANN, "'=HYPERLINK(1)")
    assert file.stat().st_mode & 0o077 == 0
    program("subscribers", "export", status=2)
    program("subscribers", "export", ANN, "--csv", file, status=2)


def test_all_that_is_held_is_printed_and_erased(program: Program) -> None:
    program("subscribers", "add", ANN, "--confirmed", "--evidence", "paper of Ann")
    held = json.loads(program("subscribers", "export", ANN).stdout)
    assert held["subscriber"]["address"] == ANN
    assert held["consent"][0]["evidence"] == "paper of Ann"
    program("subscribers", "erase", ANN, status=2)
    assert program.json("subscribers", "erase", ANN, "--yes")["subscriptions"] == 1
    assert "Ann" not in json.dumps(
        json.loads(program("subscribers", "export", ANN).stdout)["consent"]
    )
    said = program("subscribers", "add", ANN, "--confirmed").stdout
    assert "1 suppressed" in said
    program("subscribers", "export", "nobody@example.com", status=1)


def _table(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_suppressions_are_added_lifted_for_a_reason_and_moved(
    program: Program, tmp_path: Path
) -> None:
    program("subscribers", "add", ANN, "--confirmed")
    program("suppressions", "add", ANN, "--reason", "asked by phone")
    program("suppressions", "add", "gone@example.com")
    assert "suppressed already" in program("suppressions", "add", ANN).stdout
    program("suppressions", "import", _table(tmp_path, f"email,reason\n{ANN},complaint\n"))
    steps = program.json("subscribers", "show", ANN)["history"]
    assert [(one["kind"], one["reason"]) for one in steps] == [
        ("suppressed", "operator"),
        ("repeated", "complaint"),
    ]
    assert "repeated" in program("subscribers", "show", ANN).stdout
    listed = program.json("suppressions", "list")
    assert [(one["address"], one["evidence"]) for one in listed] == [
        (ANN, "asked by phone"),
        (None, ""),
    ]
    file = tmp_path / "suppressions.csv"
    program("suppressions", "export", file)
    program("suppressions", "remove", ANN, status=2)
    program("suppressions", "remove", ANN, "--reason", "it was another Ann")
    program("suppressions", "remove", ANN, "--reason", "again", status=1)
    done = program.json("suppressions", "import", file)
    assert (done["added"], done["known"]) == (1, 1)
    assert program.json("subscribers", "show", ANN)["suppression"]["evidence"] == "asked by phone"
    file.write_text("email,reason\nben@example.com,complaint\nnobody,\n", encoding="utf-8")
    said = program("suppressions", "import", file, status=1)
    assert "1 suppressed" in said.stdout
    assert "line 3" in said.stderr
    file.write_text(f'email\ncat@example.com\n"{"x" * (1 << 21)}"\n', encoding="utf-8")
    said = program("suppressions", "import", file, status=1)
    assert "1 suppressed" in said.stdout
    assert "The rows before it were taken" in said.stderr
    file.write_text("name\nBen\n", encoding="utf-8")
    assert "a column email" in program("suppressions", "import", file, status=1).stderr


def test_who_joined_is_counted_by_day_as_json_and_as_a_chart(program: Program) -> None:
    program("subscribers", "add", ANN, "--confirmed")
    found = program.json("stats", "--days", "2")
    assert [one["joined"] for one in found["days"]] == [0, 1]
    today = found["days"][1]["day"]
    assert len(program.json("stats", "--newsletter", "digest")["newsletters"]) == 1
    lines = program("stats", "--newsletter", "digest").stdout.splitlines()
    assert [one.split()[0] for one in lines if one] == ["day", today, "form", "added"]
    (line,) = (one for one in program("stats").stdout.splitlines() if one.startswith(today))
    assert line.endswith("+")


def test_who_gets_an_edition_is_counted_before_it_starts(program: Program) -> None:
    settings = program.folder / "syndicate.toml"
    narrowed = settings.read_text(encoding="utf-8").replace(
        'approval = "automatic"', 'approval = "required"'
    )
    narrowed = narrowed.replace(
        "[mail]\n", '[newsletters.audience]\nlanguages = ["ja"]\n\n[mail]\n'
    )
    settings.write_text(narrowed, encoding="utf-8")
    program("subscribers", "add", ANN, "--confirmed", "--language", "ja")
    program("subscribers", "add", "bob@example.com", "--confirmed", "--language", "en")
    (program.folder / "content" / "one.txt").write_text("One\n\nIt says so.\n", encoding="utf-8")
    program("build")
    (first, *_) = program("plan", "--days", "2").stdout.splitlines()[1:]
    assert first == "  readers left out: 1 of another language than audience.languages."
    told = "1 reader gets it. Left out: 1 of another language than audience.languages."
    assert program("editions", "cut", "digest").stdout.splitlines()[0] == told
    assert told in program("editions", "show", "digest/draft").stdout
    reach = program.json("editions", "show", "digest/draft")["reach"]
    assert reach == {"letters": 1, "left_out": {"languages": 1}}
    said = program("editions", "approve", "digest/draft").stdout.splitlines()
    assert said[0] == told
    assert said[1].startswith("digest/1 started: 1 letter is ready")
