"""Beginning a publication, and what the demo must never touch."""

import subprocess
from pathlib import Path

from tests.acceptance.pages import FIRST, page, write
from tests.acceptance.program import Program
from tests.smtp import Recorder


def tree(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_demo_does_not_touch_a_real_publication(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("build")
    syndicate("subscribers", "add", "a@example.com", "--newsletter", "digest", "--confirmed")
    before = tree(syndicate.folder)
    said = syndicate("demo", status=1).stderr
    assert "this is not the demo's own folder, and nothing was changed" in said
    assert tree(syndicate.folder) == before


def test_the_demo_does_not_ask_the_environment_where_letters_go(tmp_path: Path) -> None:
    with Recorder() as server:
        environment = {
            "SYNDICATE_MAIL__TRANSPORT": "smtp",
            "SYNDICATE_MAIL__HOST": server.host,
            "SYNDICATE_MAIL__PORT": str(server.port),
            "SYNDICATE_MAIL__STARTTLS": "false",
            "SYNDICATE_DATABASE__URL": f"sqlite:///{tmp_path}/real.db",
            "SYNDICATE_OUTPUT__DIRECTORY": str(tmp_path / "real"),
            "SYNDICATE_CONTENT__DIRECTORIES": f'["{tmp_path}/pages"]',
        }
        program = Program(tmp_path / "demo", environment)
        report = program.json("demo")
        assert server.letters == []
    assert (report["edition"], report["sent"]["sent"]) == ("digest/1", 3)
    assert len(list((tmp_path / "demo" / "mail" / "new").iterdir())) == 3
    assert [one.name for one in tmp_path.iterdir()] == ["demo"]


def test_init_takes_any_name_of_a_folder(tmp_path: Path) -> None:
    Program(tmp_path)("init", "--content", '"頁" \\ 📰')
    assert (tmp_path / '"頁" \\ 📰').is_dir()


def test_init_takes_the_address_that_ids_are_made_from(tmp_path: Path) -> None:
    program = Program(tmp_path / "a")
    assert (
        "--base-url: expected an address"
        in program("init", "--base-url", "ftp://x", status=1).stderr
    )
    assert not (tmp_path / "a").exists()
    program("init", "--base-url", "https://例え.jp/news/")
    assert 'base_url = "https://xn--r8jz45g.jp/news"' in (tmp_path / "a/syndicate.toml").read_text()
    again = program("init", "--base-url", "https://example.com", status=1)
    assert "is not overwritten" in again.stderr
    assert "for ever" in Program(tmp_path / "b")("init").stdout


def test_the_daemon_refuses_at_its_start_to_mail_links_of_this_machine(syndicate: Program) -> None:
    environment = {
        **syndicate.environment,
        "SYNDICATE_MAIL__TRANSPORT": "smtp",
        "SYNDICATE_MAIL__HOST": "mail.example.com",
    }
    done = Program(syndicate.folder, environment)("run", status=1)
    assert "is for this machine only" in done.stderr
    assert "daemon.ready" not in done.stderr


def test_each_line_of_several_errors_bears_our_name(syndicate: Program) -> None:
    environment = {"SYNDICATE_MAIL__PORT": "x", "SYNDICATE_WEB__PORT": "y"}
    said = Program(syndicate.folder, environment)("articles", "list", status=1).stderr
    assert len(said.splitlines()) == 2
    assert all(line.startswith("syndicate: ") for line in said.splitlines())


def test_an_import_that_cannot_be_read_says_where_and_takes_nothing(
    syndicate: Program, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(b"email\na@example.com\n\x81\x20\nb@example.com\n")
    done = syndicate("subscribers", "import", people, "--confirmed", status=1)
    assert "people.csv: line 3 is neither UTF-8 nor Shift_JIS text" in done.stderr
    assert syndicate.json("subscribers", "list") == []
    wrong = ("subscribers", "add", "c@example.com", "--language", "Japanese", "--confirmed")
    assert "expected a code such as ja" in syndicate(*wrong, status=1).stderr


def test_a_command_that_ended_leaves_all_in_the_databases_file(tmp_path: Path) -> None:
    program = Program(tmp_path / "demo")
    for command in ("demo", "deliver", "build"):
        subprocess.run(program.command(command), env=program.variables(), check=True, timeout=60)
        assert [file.name for file in program.folder.glob("syndicate.db-*")] == []
