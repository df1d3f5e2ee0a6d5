"""Nothing but the regular files of the content directory is read, whatever happens meanwhile."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.content import Folder, Found, StillWrittenError, opening, read, scan
from syndicate.errors import PageRefused


def found_in(folder: Path) -> Found:
    (one,) = scan(Folder(folder, ""), lambda path: path.endswith(".txt"))
    assert isinstance(one, Found)
    return one


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content directory with one page that was written a while ago, and a secret beside it."""
    folder = tmp_path / "content"
    folder.mkdir()
    page = folder / "page.txt"
    page.write_text("public")
    os.utime(page, (1_000_000_000, 1_000_000_000))
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "page.txt").write_text("secret")
    return folder


def _link_out(page: Path) -> None:
    page.unlink()
    page.symlink_to("../secret")


def _pipe(page: Path) -> None:
    page.unlink()
    os.mkfifo(page)


def _directory(page: Path) -> None:
    page.unlink()
    page.mkdir()


def _folder_moved(page: Path) -> None:
    page.parent.rename(page.parent.parent / "old")
    page.parent.symlink_to("elsewhere")


@pytest.mark.parametrize("replaced", [_link_out, _pipe, _directory, _folder_moved])
def test_what_replaces_a_page_between_scan_and_read_is_not_read(
    content: Path, replaced: Callable[[Path], None]
) -> None:
    found = found_in(content)
    replaced(content / "page.txt")
    with pytest.raises(PageRefused, match=r"page\.txt: "):
        read(found)


def test_a_link_within_the_directory_is_read(content: Path) -> None:
    (content / "page.txt").rename(content / "_real")
    (content / "page.txt").symlink_to("_real")
    assert read(found_in(content))[1] == b"public"


def test_a_page_that_grew_beyond_the_limit_is_refused(content: Path) -> None:
    found = found_in(content)
    (content / "page.txt").write_text("much more than that")
    with pytest.raises(PageRefused, match=r"10 allowed.*content\.max_bytes"):
        read(found, 10)


def test_a_page_that_does_not_come_to_rest_is_told_from_a_whole_one(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = content / "page.txt"
    now = [0.0]

    def sleep(seconds: float) -> None:
        """Somebody goes on writing."""
        now[0] += seconds
        with page.open("a") as file:
            file.write(" more")

    monkeypatch.setattr("syndicate.content.directory.time.sleep", sleep)
    monkeypatch.setattr("syndicate.content.directory.time.monotonic", lambda: now[0])
    found = found_in(content)
    sleep(0)
    with pytest.raises(StillWrittenError) as unfinished:
        read(found)
    assert unfinished.value.data.startswith(b"public more")


@pytest.mark.parametrize("told", ["content/page.txt", "elsewhere.txt", None])
def test_a_page_is_read_wherever_the_system_tells_that_it_stands(
    content: Path, told: str | None
) -> None:
    page, other = content / "page.txt", content.parent / "elsewhere.txt"
    other.hardlink_to(page)  # the same file, named otherwise: as where case does not count
    link = content / "link.txt"
    link.symlink_to(page.name)
    handle = os.open(content.parent / told, os.O_RDONLY) if told else -1
    try:
        assert opening._is_below(handle, link, content, page.stat())
    finally:
        if told:
            os.close(handle)
