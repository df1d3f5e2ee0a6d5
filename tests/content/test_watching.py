"""Changes are noticed at once, on the real file system."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event, Thread

from syndicate.content import watch

PATIENCE_S = 20.0


@contextmanager
def watching(*directories: Path) -> Iterator["Queue[None]"]:
    """Watch until the end of the block; the queue gets an item for each burst."""
    told: Queue[None] = Queue()
    stop = Event()
    thread = Thread(target=watch, args=(directories, lambda: told.put(None), stop))
    thread.start()
    try:
        told.get(timeout=PATIENCE_S)  # it has begun
        yield told
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def heard(told: "Queue[None]") -> None:
    """Wait for a burst to be told."""
    told.get(timeout=PATIENCE_S)


def test_a_page_written_renamed_or_removed_is_told(tmp_path: Path) -> None:
    page = tmp_path / "sub" / "a.txt"
    page.parent.mkdir()
    with watching(tmp_path) as told:
        page.write_text("one")
        heard(told)
        page.rename(tmp_path / "b.txt")
        heard(told)
        (tmp_path / "b.txt").unlink()
        heard(told)


def test_a_burst_of_a_thousand_files_is_told_few_times(tmp_path: Path) -> None:
    with watching(tmp_path) as told:
        for number in range(1000):
            (tmp_path / f"{number}.txt").write_text("x")
        heard(told)
        (tmp_path / "last.txt").write_text("x")
        heard(told)
        assert told.qsize() <= 3


def test_a_link_that_flips_is_followed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    current = tmp_path / "content"
    current.symlink_to("one")
    with watching(current) as told:
        fresh = tmp_path / "fresh"
        fresh.symlink_to("two")
        fresh.replace(current)
        heard(told)
        (tmp_path / "two" / "page.txt").write_text("x")
        heard(told)


def test_a_directory_that_comes_later_is_watched(tmp_path: Path) -> None:
    there, late = tmp_path / "there", tmp_path / "late"
    there.mkdir()
    with watching(there, late) as told:
        late.mkdir()
        heard(told)
        (late / "page.txt").write_text("x")
        heard(told)
