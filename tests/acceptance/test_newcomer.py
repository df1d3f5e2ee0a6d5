"""What somebody who knows only the README is told at the first stumble."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from syndicate import config
from syndicate.cli.setup import new_settings
from syndicate.errors import ConfigError
from syndicate.services import open_services
from syndicate.store import articles
from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.acceptance.program import Program
from tests.conftest import CHECKOUT, NOW
from tests.smtp import Recorder

ENGLISH = "Bees\nOn counting them.\n💡 A hive is weighed.\nA garden with three hives.\n"


def test_build_names_what_looks_like_a_page_and_is_none(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST), "b.rst": page(SECOND), "README": "x", ".hidden": "x"})
    (content / "picture.png").write_bytes(b"\x89PNG")
    said = syndicate("build").stdout
    assert "not a page content/README, content/b.rst" in said
    assert "not a page content/README, content/b.rst" in syndicate("build").stdout
    assert "picture" not in said
    assert "of 1 page\n" in said


def test_build_and_check_name_a_sidecar_that_is_of_no_page(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"plan.txt": page(FIRST), "secret.txt.toml": "draft = true\n"})
    name = "content/secret.txt.toml"
    assert f"warning    {name}: sidecar-alone: " in syndicate("build", "--dry-run").stdout
    assert f"warning    {name}: sidecar-alone: " in syndicate("build").stdout
    ((path, notice),) = syndicate.json("build")["collected"]["alone"]
    assert (path, notice["code"]) == (name, "sidecar-alone")
    (found,) = syndicate.json("check")
    assert (found["file"], found["message"]) == (name, notice["message"])


def test_a_page_that_is_still_refused_is_counted_by_a_later_build(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": "", "b.txt": page(SECOND)})
    first = syndicate("build", status=1)
    assert ("still" in first.stdout, "content/a.txt: is empty" in first.stderr) == (False, True)
    assert "1 page is still refused, as said before: " in syndicate("build").stdout
    write(content, {"a.txt": page(FIRST)})
    assert "still" not in syndicate("build").stdout


def test_a_page_that_is_gone_keeps_its_article_and_a_lost_directory_loses_none(
    syndicate: Program,
) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST), "b.txt": page(SECOND)})
    syndicate("build")
    settings = syndicate.folder / config.FILE
    before = settings.read_text("utf-8")
    settings.write_text(before.replace('["content"]', '["contnet"]'), encoding="utf-8")
    done = syndicate("build", status=1)
    assert "gone" not in done.stdout
    assert "contnet: this content directory does not exist" in done.stderr
    settings.write_text(before, encoding="utf-8")
    (content / "b.txt").unlink()
    said = syndicate("build").stdout
    assert "1 gone" in said
    assert "gone       content/b.txt\n" in said
    assert "1 article misses its page: published until content.grace is over" in said
    assert len(syndicate.json("articles", "list")) == 2


def test_drafts_and_pages_with_a_date_to_come_are_told_apart_from_what_is_mailed(
    syndicate: Program,
) -> None:
    lines = ("draft: true", "date: 2999-01-01", "lang: en")
    texts = {f"{n}.md": f"---\n{one}\n---\n# {n}\n\nBoats.\n" for n, one in enumerate(lines)}
    write(syndicate.folder / "content", texts)
    said = syndicate("build", "--dry-run").stdout
    assert "would mail 1 of 3 new articles\n" in said
    assert "kept back  1 draft, 1 scheduled: not published nor mailed yet\n" in said


def test_a_draft_that_is_let_go_is_told_before_it_is_published_and_mailed(
    syndicate: Program,
) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.md": "---\ndraft: true\n---\n# Boats\n\nThey float.\n"})
    syndicate("build")
    write(content, {"a.md": "---\ndraft: false\n---\n# Boats\n\nThey float.\n"})
    said = syndicate("build", "--dry-run").stdout
    assert "would release 1 page that was kept back: content/a.md\n" in said
    assert "would mail 1 of 1 released articles\n" in said
    write(content, {"b.md": "# Ships\n\nThey do, too.\n"})
    assert "would mail 2 of 2 new or released articles\n" in syndicate("build", "--dry-run").stdout
    said = syndicate("build").stdout
    assert "released   1 page that was kept back: content/a.md\n" in said
    assert "would" not in said


def test_what_comes_out_because_its_date_has_come_is_told_too(syndicate: Program) -> None:
    text = "---\ndate: 2999-01-01\n---\n# Boats\n\nThey float.\n"
    write(syndicate.folder / "content", {"a.md": text})
    syndicate("build")
    with closing(open_services(syndicate.folder).store) as store, store.write() as tx:
        (row,) = articles.every(tx)
        articles.change(tx, row.id, {"published": NOW})
    said = syndicate("build", "--dry-run").stdout
    assert "would release boats: its date has come\n" in said
    assert "would mail 1 of 1 released articles\n" in said
    assert syndicate.json("build", "--dry-run")["due"] == {"articles": ["boats"], "mailed": 1}
    assert "released   boats: its date has come\n" in syndicate("build").stdout
    assert "released" not in syndicate("build").stdout


def test_pages_that_came_are_named_if_they_are_few(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {f"{n}.txt": f"{n}\nBoat {n}.\nIt is boat {n}.\n" for n in range(20)})
    said = syndicate("build").stdout
    assert all(f"new        content/{n}.txt\n" in said for n in range(20))
    (content / "0.txt").rename(content / "moved.txt")
    write(content, {"1.txt": "1\nBoat 1.\nIt is ship 1.\n", "new.txt": page(FIRST)})
    for options in (["--dry-run"], []):
        said = syndicate("build", *options).stdout
        assert (
            "new        content/new.txt\nchanged    content/1.txt\nmoved      content/moved.txt\n"
        ) in said
    write(content, {f"{n}.md": f"# {n}\n\nIt is ship {n} of the fleet.\n" for n in range(21)})
    said = syndicate("build").stdout
    assert ("picked up  21 new of 42 pages\n" in said, "\nnew  " in said) == (True, False)


def test_an_unfinished_series_is_named_once_by_its_address_until_it_changes(
    syndicate: Program,
) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST, SECOND)})
    (missing,) = _warned(syndicate("build").stdout)
    assert f"“{FIRST}” (" in missing
    assert "(article" not in missing
    write(content, {"other.txt": page("別の話")})
    assert _warned(syndicate("build").stdout) == []
    write(content, {"other.txt": page("別の話") + FIRST + "\n"})
    (unmarked,) = _warned(syndicate("build").stdout)
    assert "next-unmarked" in unmarked
    assert "別の話" in unmarked


def _warned(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("warning")]


def test_parse_and_build_agree_on_a_pages_language(tmp_path: Path) -> None:
    program = Program(tmp_path / "news")
    program("init", "--language", "fr")
    write(tmp_path / "news" / "content", {"bees.txt": ENGLISH})
    program("build")
    (built,) = program.json("articles", "list")
    parsed = program.json("parse", tmp_path / "news" / "content" / "bees.txt")
    assert built["language"] == parsed["language"] == "fr"
    elsewhere = Program(tmp_path).json("parse", tmp_path / "news" / "content" / "bees.txt")
    assert elsewhere["language"] == "en"


def test_lists_of_commands_say_their_sentences_whole(syndicate: Program) -> None:
    for group in ((), ("editions",), ("subscribers",), ("feeds",)):
        assert "..." not in syndicate(*group, "--help").stdout.partition("\nCommands:\n")[2]


def test_check_counts_notes_and_templates_as_what_they_are(syndicate: Program) -> None:
    note = syndicate.folder / "content" / "_editions" / "digest" / "next.md"
    template = syndicate.folder / "templates" / "web" / "article.html"
    idle = template.with_name("artcle.html")
    for file, text in (
        (note, "---\nsubjct: x\n---\n"),
        (template, "{% block heading %}"),
        (idle, ""),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    said = syndicate("check", status=1).stdout
    assert "subjct: unknown key; did you mean subject?" in said
    assert "needs to be closed is 'block'. Mend the file" in said
    kinds = "0 pages are refused, 1 template does not work, 1 editor's note is refused, 1 warning"
    assert said.endswith(f"{kinds}\n")
    template.unlink()
    named = "templates/web/artcle.html takes the place of no template"
    for command in ("build", "doctor"):
        assert named in " ".join(syndicate(command).stdout.split())


def test_a_forgotten_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Name the folder of yours .*syndicate -C DIR"):
        config.load(tmp_path)


def test_an_article_is_shown_as_a_page(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST, SECOND)})
    syndicate("build")
    (one,) = syndicate.json("articles", "list")
    said = syndicate("articles", "show", one["slug"]).stdout
    assert "['" not in said
    assert "content/a.txt" in said
    for line in page(FIRST, SECOND).splitlines():
        assert line.partition("朝日")[0] in said


def test_init_takes_the_language_from_its_option_or_the_locale(tmp_path: Path) -> None:
    def language(name: str, *options: str, **environment: str) -> str:
        Program(tmp_path / name, environment)("init", *options)
        return config.load(tmp_path / name).publication.language

    assert language("plain") == "en"
    assert language("ja", LANG="ja_JP.UTF-8") == "ja"
    assert language("c", LANG="ja_JP.UTF-8", LC_ALL="C.UTF-8") == "en"
    assert language("said", "--language", "de", LANG="ja_JP.UTF-8") == "de"
    Program(tmp_path / "bad")("init", "--language", "Japanese!", status=1)
    assert not (tmp_path / "bad" / config.FILE).exists()


def test_keys_behind_a_hash_show_what_holds_or_say_that_they_are_examples(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text(new_settings("content"), encoding="utf-8")
    before = config.load(tmp_path)
    lines = new_settings("content").splitlines()
    shown = [
        line.removeprefix("# ")
        if line.startswith("# ")
        and (" = " in line or line.startswith("# ["))
        and "example" not in line
        else line
        for line in lines
    ]
    assert shown != lines
    (tmp_path / config.FILE).write_text("\n".join(shown), encoding="utf-8")
    assert config.load(tmp_path) == before


def test_the_demo_names_a_command_that_works_from_where_one_stands(tmp_path: Path) -> None:
    called = [sys.executable, "-m", "syndicate", "-C", "demo", "demo"]
    done = subprocess.run(
        called, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True
    )
    line = next(one for one in done.stdout.splitlines() if one.startswith("browse"))
    command = line.removeprefix("browse").partition("   then open")[0].split()
    assert command[-3:] == ["-C", "demo", "run"]
    again = subprocess.run(
        [*command[:-1], "articles", "list", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert len(json.loads(again.stdout)) == 4


def test_ctrl_c_while_the_program_loads_ends_it_without_a_word() -> None:
    interrupted = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'syndicate.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from syndicate.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", interrupted], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert 'syndicate = "syndicate.__main__:main"' in (CHECKOUT / "pyproject.toml").read_text(
        "utf-8"
    )


def test_doctor_finds_the_readers_of_a_renamed_newsletter(syndicate: Program) -> None:
    syndicate("subscribers", "add", "amy@example.com", "--confirmed")
    settings = syndicate.folder / config.FILE
    text = settings.read_text("utf-8").replace('name = "digest"', 'name = "weekly"')
    settings.write_text(text, encoding="utf-8")
    findings = syndicate.json("doctor")
    (one,) = [one for one in findings if one["about"] == "newsletters"]
    assert one["grade"] == "warning"
    assert "digest has 1 active" in one["message"]


def test_a_relay_without_encryption_is_named_with_the_setting(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    for number in range(4):
        syndicate("subscribers", "add", f"reader{number}@example.com", "--confirmed")
    syndicate("build")
    syndicate("editions", "cut", "digest")
    with Recorder() as server:
        smtp = {
            "SYNDICATE_MAIL__TRANSPORT": "smtp",
            "SYNDICATE_MAIL__HOST": server.host,
            "SYNDICATE_MAIL__PORT": str(server.port),
        }
        program = Program(syndicate.folder, {**syndicate.environment, **smtp})
        assert "mail.starttls in " in program("deliver", status=1).stderr
        assert "mail.starttls in " in program("doctor", status=1).stdout
    assert server.letters == []


def test_a_schedule_that_never_comes_is_refused(syndicate: Program) -> None:
    settings = syndicate.folder / config.FILE
    text = settings.read_text("utf-8").replace("0 7 * * *", "0 0 31 2 *")
    settings.write_text(text, encoding="utf-8")
    said = syndicate("build", status=1).stderr
    assert "'0 0 31 2 *' never comes" in said
