"""Many pages are read on all cores, in their order, and a broken one harms none."""

import os
import signal
from collections.abc import Iterable, Iterator
from multiprocessing import parent_process
from pathlib import Path

import pytest

from syndicate.articles import is_page
from syndicate.content import Folder, Found, scan
from syndicate.jobs import reading
from syndicate.jobs.crew import Crew, shared
from syndicate.jobs.rules import USUAL
from syndicate.model import Event


def test_many_pages_are_read_by_several_processes_as_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        path = tmp_path / f"庭\u3000{number:02}.md"
        path.write_text(f"# Page {number}\n\nWhat it says.\n" * (number != 30), encoding="utf-8")
        os.utime(path, (1, 1))
    found = [one for one in scan(Folder(tmp_path, ""), is_page) if isinstance(one, Found)]
    told: list[Event] = []
    alone = list(reading.read_pages(found, {}, "en", USUAL, told.append, Crew()))
    assert [one.page.path for one in alone if one.page.refused] == ["庭\u300030.md"]
    monkeypatch.setattr(reading, "MANY", 2)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1}, raising=False)
    assert not told
    with Crew() as crew:
        assert list(reading.read_pages(found, {}, "en", USUAL, told.append, crew)) == alone
    assert [event.values["page"] for event in told] == [one.page.path for one in alone]


def doubled(some: Iterable[int]) -> Iterator[int]:
    """A process of a crew ends at its fourth handful, as the system ends one that takes too much."""
    for one in some:
        if one >= 150 and parent_process():
            os._exit(1)
        yield 2 * one


def test_what_others_that_were_ended_do_not_read_is_read_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1}, raising=False)
    numbers = range(700)
    with Crew(__name__) as crew:
        assert list(shared(doubled, numbers, crew)) == [2 * one for one in numbers]
        crew.prepare()
        assert list(shared(doubled, numbers, crew)) == [2 * one for one in numbers]


def test_the_processes_of_a_crew_work_on_at_ctrl_c() -> None:
    with Crew() as crew:
        helper = crew.ask(os.getpid)()
        assert helper
        os.kill(helper, signal.SIGINT)
        assert crew.ask(abs, -3)() == 3


class PanicException(
    BaseException
):  # what a library in Rust raises is called so, and is no Exception
    pass


@pytest.mark.parametrize("kind", [ValueError, PanicException])
def test_a_page_over_which_a_library_stumbles_is_refused_and_harms_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    def stumble(_html: str) -> None:
        raise kind("no such thing")

    for name in ("a.md", "b.txt"):
        (tmp_path / name).write_text("Title\n\nText.\n", encoding="utf-8")
        os.utime(tmp_path / name, (1, 1))
    monkeypatch.setattr("syndicate.articles.markdown.LexborHTMLParser", stumble)
    found = [one for one in scan(Folder(tmp_path, ""), is_page) if isinstance(one, Found)]
    markdown, text = reading.read_pages(found, {}, "en", USUAL, lambda _event: None, Crew())
    assert markdown.page.refused
    assert markdown.page.refused.startswith(
        f"a.md: cannot be read ({kind.__name__}: no such thing)"
    )
    assert text.text


def test_large_pages_are_not_held_together(tmp_path: Path) -> None:
    sizes = [10] * 25 + [50_000, 10, 60_000, 60_000, 10]
    for number, size in enumerate(sizes):
        path = tmp_path / f"{number:02}.txt"
        path.write_text("a" * size, encoding="utf-8")
    found = [one for one in scan(Folder(tmp_path, ""), is_page) if isinstance(one, Found)]
    asked = [(one, None) for one in found]
    together = [len(few) for few in reading._at_once(asked)]
    assert together == [10, 10, 7, 1, 2]
    assert list(reading._at_once([])) == []
