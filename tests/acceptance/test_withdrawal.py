"""What an operator says of articles: history, diff, withdraw, restore, check."""

import re
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest

from syndicate import config
from tests.acceptance.pages import FIRST, SECOND, page, series, write
from tests.acceptance.program import Program, wait_for


def test_every_revision_is_listed_and_compared(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST)})
    syndicate("build")
    (slug,) = (one["slug"] for one in syndicate.json("articles", "list"))
    assert "nothing to compare" in syndicate("articles", "diff", slug, status=1).stderr
    write(content, {"a.txt": page(FIRST).replace("庭の話をします。", "庭の話を、します！")})
    syndicate("build")
    write(content, {"a.txt": page(FIRST, highlight="巣箱は四つある。")})
    syndicate("build")
    listed = syndicate.json("articles", "history", slug)["revisions"]
    assert [one["change"] for one in listed] == ["first", "cosmetic", "significant"]
    assert "significant" in syndicate("articles", "history", slug).stdout
    said = syndicate("articles", "diff", slug).stdout
    assert "- 💡 巣箱は三つある。\n+ 💡 巣箱は四つある。" in said
    lines = syndicate.json("articles", "diff", slug, "1", "2")
    assert lines["change"] == "cosmetic"
    assert {"mark": "+", "text": "庭の話を、します！"} in lines["lines"]
    assert "has no revision 9" in syndicate("articles", "diff", slug, "1", "9", status=1).stderr


def test_an_article_is_taken_down_everywhere_at_once_and_put_back(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    rows = {one["title"]: one for one in syndicate.json("articles", "list")}
    slug = rows[SECOND]["slug"]
    assert "would leave" in syndicate("articles", "withdraw", slug).stdout
    assert "--reason" in syndicate("articles", "withdraw", slug, "--now", status=2).stderr
    public = syndicate.folder / "public"
    assert SECOND in (public / "feed.json").read_text("utf-8")
    syndicate("articles", "withdraw", slug, "--now", "--reason", "not ours")
    assert SECOND not in (public / "feed.json").read_text("utf-8")
    assert slug not in (public / "index.html").read_text("utf-8")
    folder = public / "articles" / slug
    left = {"gone.html", "gone.html.br", "gone.html.gz"}
    assert {file.name for file in folder.iterdir()} == left
    assert "取り下げられました" in (folder / "gone.html").read_text("utf-8")
    states = {one["slug"]: one["state"] for one in syndicate.json("articles", "list", "--all")}
    assert states[slug] == "withdrawn"
    with syndicate.daemon() as daemon:
        assert daemon.get("/articles/none/")[0] == 404
        assert daemon.get(f"/articles/{quote(slug)}/")[0] == 410
        assert daemon.get(f"/articles/{quote(slug)}")[0] == 410
        syndicate("articles", "restore", slug)
        assert daemon.get(f"/articles/{quote(slug)}/")[0] == 200
    after = {one["title"]: one for one in syndicate.json("articles", "list")}
    assert after == rows


def test_editions_and_letters_lose_it_too(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST), "b.txt": page("別の話")})
    syndicate("build")
    consent = ("--newsletter", "digest", "--confirmed", "--evidence", "test")
    syndicate("subscribers", "add", "ann@example.com", *consent)
    syndicate("editions", "cut", "digest")
    edition = syndicate.folder / "public" / "editions" / "digest" / "1" / "index.html"
    assert "別の話" in edition.read_text("utf-8")
    said = syndicate("articles", "withdraw", "別の話", "--now", "--reason", "x").stdout
    assert "1 letter goes out without it" in said
    assert "別の話" not in edition.read_text("utf-8")
    syndicate("deliver")
    (letter,) = (syndicate.folder / "mail" / "new").iterdir()
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).as_string()
    body = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert FIRST in body.get_content()
    assert "別の話" not in body.get_content()
    assert quote("別の話") not in text
    assert "holds" in syndicate("editions", "audit", "digest/1").stdout


def test_the_daemon_takes_an_article_down_with_its_page(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST), "b.txt": page("別の話")})
    feed = syndicate.folder / "public" / "feed.json"
    with syndicate.daemon(SYNDICATE_CONTENT__GRACE="1 second") as daemon:
        wait_for(lambda: feed.exists() and "別の話" in feed.read_text("utf-8"), daemon.said)
        (content / "b.txt").unlink()
        wait_for(lambda: "別の話" not in feed.read_text("utf-8"), daemon.said)
        write(content, {"c.txt": page("別の話")})
        wait_for(lambda: "別の話" in feed.read_text("utf-8"), daemon.said)
        assert "article.withdrawn" in daemon.said()
        assert daemon.get("/articles/" + quote("別の話") + "/")[0] == 200


@pytest.mark.parametrize("grace", ["0", "24 hours"])
def test_an_article_leaves_with_its_page(syndicate: Program, grace: str) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST), "b.txt": page(SECOND)})
    program = Program(
        syndicate.folder, {**syndicate.environment, "SYNDICATE_CONTENT__GRACE": grace}
    )
    program("build")
    (content / "b.txt").unlink()
    said = program("build").stdout
    assert ("withdrawn  " in said) == (grace == "0")
    removed = int(found[1]) if (found := re.search(r" files changed, (\d+) removed\n", said)) else 0
    assert (removed == said.count(" (removed)\n") > 0) == (grace == "0")
    assert len(program.json("articles", "list")) == (1 if grace == "0" else 2)
    write(content, {"b.txt": page(SECOND)})
    for options in (["--dry-run"], []):
        said = program("build", *options).stdout
        back = "  1 back of 2 pages\n" in said and "back       " in said
        assert back == (": its page is here again\n" in said) == (grace == "0")
    assert len(program.json("articles", "list")) == 2


def test_of_many_pages_that_are_gone_a_terminal_gets_the_first(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {f"{n}.txt": f"{n}\nBoat {n}.\nIt is boat {n}.\n" for n in range(22)})
    syndicate("build")
    for file in content.iterdir():
        file.unlink()
    dry = syndicate("build", "--dry-run")
    assert (dry.stdout.count("gone       "), "  and 2 more (" in dry.stdout) == (20, True)
    assert "22 articles miss their pages, more than content.guard (30 %)" in dry.stderr
    assert len(syndicate.json("build", "--dry-run")["collected"]["gone"]) == 22


def test_a_half_deleted_tree_is_told_and_accepted(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    program = Program(syndicate.folder, {**syndicate.environment, "SYNDICATE_CONTENT__GRACE": "0"})
    write(content, {f"{n}.txt": page(f"第{n}話") for n in range(6)})
    program("build")
    for n in range(5):
        (content / f"{n}.txt").unlink()
    assert "5 articles miss their pages, more than content.guard (30 %)" in program("build").stderr
    again = program("build")
    assert ("guarded    5 articles miss their pages" in again.stdout, again.stderr) == (True, "")
    assert "pages-missing" in program("check").stdout
    dry = program("build", "--accept-removals", "--dry-run").stdout
    assert "would let go 5 articles that stayed without a page, the last of them at " in dry
    assert dry.count("would withdraw ") == 5
    assert "guarded    5 articles" in program("build", "--dry-run").stdout
    assert len(program.json("articles", "list")) == 6
    said = program("build", "--accept-removals").stdout
    assert "let go     5 articles that stayed without a page, the last of them at " in said
    assert ("withdrawn  " in said, "miss" in said) == (True, False)
    assert len(program.json("articles", "list")) == 1


def test_check_names_every_problem_and_what_to_do(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"a.txt": page(FIRST)})
    syndicate("build")
    assert syndicate("check").stdout == "No problem was found.\n"
    write(content, {"b.txt": "", "c.txt": page(SECOND, "第三話")})
    syndicate("build", status=1)
    said = syndicate("check", status=1).stdout
    assert "content/b.txt\n  error    refused: is empty. Write the article" in said
    assert "content/c.txt\n  warning  series-next-missing: " in said
    assert said.endswith("1 page is refused, 1 warning\n")
    rows = syndicate.json("check", status=1)
    assert [(one["file"], one["level"]) for one in rows] == [
        ("content/b.txt", "error"),
        ("content/c.txt", "warning"),
    ]


def test_the_settings_of_content_are_explained(syndicate: Program) -> None:
    file = syndicate.folder / config.FILE
    text = file.read_text("utf-8")
    file.write_text(text.replace("[content]", '[content]\ngrace = "soon"'), encoding="utf-8")
    assert "content.grace: expected a length of time" in syndicate("check", status=1).stderr
    series_ = '\n[[series]]\nname = "x"\n[[series]]\nname = "x"\n'
    file.write_text(text + series_, encoding="utf-8")
    assert "series: two are named 'x'" in syndicate("check", status=1).stderr
