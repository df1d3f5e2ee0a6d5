"""One file that cannot be read holds up no other."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syndicate.articles import is_page
from syndicate.content import Folder, Found, Skipped, Stray, read, scan


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "good.txt").write_text("good")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "also.txt").write_text("also good")
    return Folder(tmp_path, "content")


def scanned(folder: Folder) -> tuple[list[str], dict[str, str]]:
    """What is found, and what is skipped and why."""
    each = list(scan(folder, is_page))
    skipped = {one.path: one.reason for one in each if isinstance(one, Skipped)}
    return [one.path for one in each if isinstance(one, Found)], skipped


GOOD = ["content/good.txt", "content/sub/also.txt"]


def test_a_name_that_is_not_utf_8_is_named_and_skipped(folder: Folder) -> None:
    root = os.fsencode(folder.path)
    Path(os.fsdecode(root + b"/\xff.txt")).touch()
    Path(os.fsdecode(root + b"/\xfe.jpg")).touch()
    Path(os.fsdecode(root + b"/\xfd")).mkdir()
    Path(os.fsdecode(root + b"/\xfc.md")).touch()
    Path(os.fsdecode(root + b"/\xfb.rst")).touch()
    found, skipped = scanned(folder)
    assert found == GOOD
    reason = "this name is not UTF-8: rename it"
    assert skipped == {rf"content/\{name}": reason for name in ("xff.txt", "xfd", "xfc.md")}
    assert [one for one in scan(folder, is_page) if isinstance(one, Stray)] == [
        Stray(r"content/\xfb.rst")
    ]


def test_a_sidecar_that_is_of_no_page_is_named_with_what_to_do(folder: Folder) -> None:
    fit = "good.txt.toml", "config.toml", ".old.txt.toml", "_off.txt.toml", "gone.png.toml"
    unfit = "gone.txt.toml", "good.toml", "GOOD.txt.toml", "sub/also.txt.TOML", "sub/gone.md.TOML"
    for name in (*fit, *unfit):
        (folder.path / name).touch()
    (folder.path / "directory.txt.toml").mkdir()
    (folder.path / os.fsdecode(b"\xff.txt.toml")).touch()
    advice = {one.path: one.advice or "" for one in scan(folder, is_page) if isinstance(one, Stray)}
    assert set(advice) == {f"content/{name}" for name in (*unfit, r"\xff.txt.toml")}
    assert advice["content/gone.txt.toml"] == (
        "there is no page gone.txt, so that this file counts for nothing. "
        "Rename it to the whole name of its page and .toml, or remove it."
    )
    assert advice["content/good.toml"] == (
        "the sidecar of good.txt is good.txt.toml, and this file counts for nothing. Remove it."
    )
    assert advice["content/sub/also.txt.TOML"].endswith("Rename it to also.txt.toml, or remove it.")
    assert scanned(folder) == (GOOD, {})


def test_links_that_lead_in_a_circle_are_named_and_skipped(folder: Folder) -> None:
    (folder.path / "one.txt").symlink_to("two.txt")
    (folder.path / "two.txt").symlink_to("one.txt")
    (folder.path / os.fsdecode(b"\xff.txt")).symlink_to(os.fsdecode(b"\xff.txt"))
    found, skipped = scanned(folder)
    assert found == GOOD
    circle = "this link leads in a circle or cannot be followed: remove it"
    assert [skipped[f"content/{name}.txt"] for name in ("one", "two")] == [circle, circle]


def test_a_link_to_nothing_is_named_and_skipped(folder: Folder) -> None:
    (folder.path / "link.txt").symlink_to("missing.txt")
    found, skipped = scanned(folder)
    assert found == GOOD
    assert "cannot be read" in skipped["content/link.txt"]


@pytest.mark.parametrize("closed", ["", "sub"])
def test_a_directory_that_cannot_be_read_is_named_and_what_is_below_is_unknown(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    listing = os.scandir

    def scandir(path: Any) -> Iterator[os.DirEntry[str]]:
        if Path(path) == folder.path / closed:
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    name = f"content/{closed}".rstrip("/")
    reason = "this directory cannot be read (Permission denied): make it readable for this user"
    skipped = [one for one in scan(folder, is_page) if isinstance(one, Skipped)]
    assert skipped == [Skipped(name, reason, f"{name}/")]
    assert scanned(folder)[0] == (["content/good.txt"] if closed else [])


def test_a_name_that_has_no_room_for_a_sidecars_is_read(folder: Folder) -> None:
    file = folder.path / f"{'長' * 83}.txt"  # 253 bytes of 255
    file.write_bytes(b"T")
    os.utime(file, (1, 1))
    (found,) = (one for one in scan(folder, is_page) if "長" in one.path)
    assert isinstance(found, Found)
    assert read(found)[1:] == (b"T", None)
