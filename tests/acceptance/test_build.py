import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.jobs.crew import MANY
from tests.acceptance.pages import FIRST, SECOND, THIRD, page, series, write
from tests.acceptance.program import Program
from tests.conftest import CHECKOUT


def published(syndicate: Program) -> dict[str, bytes]:
    root = syndicate.folder / "public"
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file()}


def feed(syndicate: Program, path: str = "feed.json") -> list[dict[str, str]]:
    items: list[dict[str, str]] = json.loads((syndicate.folder / "public" / path).read_bytes())[
        "items"
    ]
    return items


def test_parts_in_the_wrong_order_come_out_in_order(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    assert [item["title"] for item in feed(syndicate)] == [THIRD, SECOND, FIRST]
    (one,) = syndicate.json("series", "list")
    assert [part["title"] for part in one["parts"]] == [FIRST, SECOND, THIRD]
    html = (syndicate.folder / "public" / "series" / one["slug"] / "index.html").read_text("utf-8")
    assert html.index(FIRST) < html.rindex(SECOND) < html.rindex(THIRD)
    assert len(feed(syndicate, f"series/{one['slug']}/feed.json")) == 3


def test_a_second_build_changes_no_byte(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    before = published(syndicate)
    report = syndicate.json("build")
    assert published(syndicate) == before
    assert report["published"]["written"] == []
    assert report["collected"]["new"] == report["collected"]["changed"] == []


def test_what_is_missing_of_a_published_file_is_made_again(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    before = published(syndicate)
    assert {"feed.atom.br", "feed.atom.gz", "index.html.br", "index.html.gz"} <= before.keys()
    for name in ("feed.atom.br", "feed.rss", "index.html.gz"):
        (syndicate.folder / "public" / name).unlink()
    report = syndicate.json("build")
    assert published(syndicate) == before
    assert report["published"]["written"] == ["feed.rss"]


def test_renamed_files_keep_ids_addresses_and_dates(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, series())
    syndicate("build")
    before = published(syndicate)
    for number, file in enumerate(sorted(content.iterdir())):
        file.rename(content / f"renamed-{number}.txt")
    report = syndicate.json("build")
    assert len(report["collected"]["moved"]) == 3
    assert published(syndicate) == before


def test_files_that_swap_their_names_change_nothing(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, series())
    syndicate("build")
    before = published(syndicate)
    (content / "a.txt").rename(content / "x")
    (content / "b.txt").rename(content / "a.txt")
    (content / "x").rename(content / "b.txt")
    syndicate("build")
    assert published(syndicate) == before


def test_a_part_that_has_not_come_is_known_by_its_title(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"b.txt": page(FIRST, SECOND)})
    syndicate("build")
    (one,) = syndicate.json("series", "list")
    assert [(part["title"], part["published"]) for part in one["parts"]] == [
        (FIRST, True),
        (SECOND, False),
    ]
    write(syndicate.folder / "content", {"c.txt": page(SECOND)})
    syndicate("build")
    (one,) = syndicate.json("series", "list")
    assert [part["published"] for part in one["parts"]] == [True, True]


def test_a_typo_keeps_updated_and_a_new_highlight_moves_it(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"b.txt": page(FIRST)})
    syndicate("build")
    (before,) = syndicate.json("articles", "list")
    write(content, {"b.txt": page(FIRST, highlight="巣箱は三つある！")})
    syndicate("build")
    (typo,) = syndicate.json("articles", "list")
    assert (typo["updated"], typo["revision"]) == (before["updated"], 2)
    write(content, {"b.txt": page(FIRST, highlight="巣箱は四つある。")})
    syndicate("build")
    (edited,) = syndicate.json("articles", "list")
    assert edited["updated"] > before["updated"]
    assert [edited[key] for key in ("id", "slug", "published")] == [
        before[key] for key in ("id", "slug", "published")
    ]


def test_a_bad_page_is_named_once_and_the_others_are_published(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    (syndicate.folder / "content" / "bad.txt").write_bytes(b"\x00\xff\xfe")
    done = syndicate("build", status=1)
    assert "content/bad.txt" in done.stderr
    assert len(feed(syndicate)) == 3
    again = syndicate("build")
    assert again.stderr == ""


def test_an_article_stays_while_its_page_is_broken(syndicate: Program) -> None:
    content = syndicate.folder / "content"
    write(content, {"b.txt": page(FIRST)})
    syndicate("build")
    (before,) = syndicate.json("articles", "list")
    (content / "b.txt").write_bytes(b"")
    syndicate("build", status=1)
    assert syndicate.json("articles", "list") == [before]
    write(content, {"b.txt": page(FIRST)})
    syndicate("build")
    assert syndicate.json("articles", "list") == [before]


def test_two_files_of_one_article_are_one_article(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST), "b.txt": page(FIRST)})
    done = syndicate("build", status=1)
    assert "b.txt: is the same article as content/a.txt" in done.stderr
    assert len(feed(syndicate)) == 1


def test_a_dry_run_changes_nothing(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    report = syndicate.json("build", "--dry-run")
    assert len(report["collected"]["new"]) == 3
    assert syndicate.json("articles", "list") == []
    assert not (syndicate.folder / "public" / "feed.atom").exists()


def test_a_link_out_of_the_content_directory_is_never_read(
    syndicate: Program, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(page("秘密"), encoding="utf-8")
    (syndicate.folder / "content" / "link.txt").symlink_to(secret)
    done = syndicate("build", status=1)
    assert "content/link.txt: this link leads out of the content directory" in done.stderr
    assert syndicate.json("articles", "list") == []


def test_parse_reads_the_good_page_and_names_the_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "random.txt").write_bytes(bytes(range(256)) * 4)
    good = CHECKOUT / "content" / "lighthouse-rhythms.txt"
    done = Program(tmp_path)(
        "parse", tmp_path / "empty.txt", tmp_path / "random.txt", good, "--json", status=1
    )
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert list(record)[:3] == ["path", "title", "summary"]
    assert record["path"] == str(good)
    errors = done.stderr.splitlines()
    assert len(errors) == 2
    assert "empty.txt" in errors[0]
    assert "random.txt" in errors[1]


def test_a_dead_link_into_the_publication_is_told_once_and_checked_until_it_leads_somewhere(
    syndicate: Program,
) -> None:
    content = syndicate.folder / "content"
    dead = "http://127.0.0.1:8000/articles/wasps/"
    write(content, {"bees.md": f"# Bees\n\nOf bees.\n\nSee [wasps]({dead}).\n"})
    said = f"warning    articles/bees/index.html links to {dead}, where nothing is published"
    assert said in syndicate("build").stdout
    assert said not in syndicate("build").stdout
    found = syndicate.json("check")
    assert [one["code"] for one in found if one["file"] == "content/bees.md"] == ["link-broken"]
    write(content, {"wasps.md": "# Wasps\n\nOf wasps.\n"})
    assert syndicate.json("build")["published"]["dead"] == []
    assert syndicate.json("check") == []


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be taken away here")
def test_many_pages_are_built_by_forks_as_on_one_core(syndicate: Program, tmp_path: Path) -> None:
    alone = Program(tmp_path / "alone", syndicate.environment)
    alone("init", "--language", "ja")
    text = "---\ntitle: Page {0}\ndate: 2024-01-01T00:00:00Z\n---\n\nText {0}.\n"
    pages = {f"{number}.md": text.format(number) for number in range(MANY + 60)}
    for program in (alone, syndicate):
        write(program.folder / "content", pages)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # whom this process starts has no more
    try:
        subprocess.run(alone.command("build"), env=alone.variables(), check=True, timeout=60)
    finally:
        os.sched_setaffinity(0, cores)
    built = subprocess.run(
        [sys.executable, "-X", "importtime", *syndicate.command("build")[1:]],
        env=syndicate.variables(),
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert published(syndicate) == published(alone)
    assert built.stderr.count("syndicate.workers.publishing") == 1  # nobody had to load it again
