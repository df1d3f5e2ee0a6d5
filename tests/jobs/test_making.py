"""Many files are made by several processes as they are by one, whatever these find in the store."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from itertools import repeat
from pathlib import Path
from select import select
from time import monotonic

import pytest

from syndicate.errors import SyndicateError
from syndicate.jobs import making
from syndicate.jobs.crew import Crew
from syndicate.jobs.making import Opening
from syndicate.jobs.planning import Bundle, Library, Planned, open_library
from syndicate.jobs.publish import publish
from syndicate.jobs.steps import Task
from syndicate.model import Event, Publication
from syndicate.store import publication
from syndicate.store.database import Store, open_store
from tests.site.samples import ENVIRONMENT
from tests.world import World

ABOUT = Publication("P", "https://example.com", "en")


@pytest.fixture
def database(migrated_sqlite: Path, tmp_path: Path) -> Path:
    file = shutil.copyfile(migrated_sqlite, tmp_path / "syndicate.db")
    with closing(open_store(f"sqlite:///{file}")) as store:
        World(store).publish(*(f"Story {number}" for number in range(12)))
    return file


@pytest.fixture(autouse=True)
def shared_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let other processes take part from the fifth file on, two files at a time."""
    monkeypatch.setattr(making, "MANY", 4)
    monkeypatch.setattr(making, "_PAGES", 2)
    monkeypatch.setattr(making, "_OTHERS", 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1}, raising=False)


@contextmanager
def opened(database: Path, root: Path) -> Iterator[Library]:
    with closing(open_store(f"sqlite:///{database}")) as store, store.read() as tx:
        origin = publication.origin(tx)
        assert origin is not None
        yield open_library(tx, root, origin, ABOUT, [], [], ENVIRONMENT, "v1")


def published(
    store: Store, root: Path, opening: Opening | None, crew: Crew | None = None
) -> dict[str, bytes]:
    told: list[Event] = []
    report = publish(store, ABOUT, [], [], ENVIRONMENT, "v1", root, told.append, opening, crew)
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }
    plain = {path for path in files if not path.endswith((".br", ".gz"))}
    assert plain == set(report.written)
    assert plain == {event.values["path"] for event in told if event.name == "file.written"}
    return files


def test_several_processes_make_the_same_files_as_one(database: Path, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{database}")) as store:
        alone = published(store, tmp_path / "alone", None)
        together = published(
            store, tmp_path / "together", partial(opened, database, tmp_path / "together")
        )
    assert together == alone


def test_a_crew_that_stays_sees_what_came_since_it_helped_before(
    database: Path, tmp_path: Path
) -> None:
    with closing(open_store(f"sqlite:///{database}")) as store, Crew() as crew:
        assert not crew.has_begun
        first = published(store, tmp_path / "a", partial(opened, database, tmp_path / "a"), crew)
        assert crew.has_begun
        World(store).publish("What came since")
        again = published(store, tmp_path / "b", partial(opened, database, tmp_path / "b"), crew)
        assert again == published(store, tmp_path / "c", None)
    assert first.keys() < again.keys()


def test_what_another_process_plans_otherwise_is_made_as_it_was_planned_first(
    database: Path, tmp_path: Path
) -> None:
    older = shutil.copyfile(database, tmp_path / "older.db")
    with closing(open_store(f"sqlite:///{database}")) as store:
        world = World(store)
        world.pass_time(days=1)
        world.publish("Another story")
        alone = published(store, tmp_path / "alone", None)
        together = published(
            store, tmp_path / "together", partial(opened, older, tmp_path / "together")
        )
    assert together == alone


def test_what_is_made_of_the_same_stays_together_but_for_pages() -> None:
    page = Task(Planned("gone.html", "the same", bytes, look=lambda _made: ()), None)
    block = Task(Planned("k0.js", "the same", bytes), None)
    assert [len(some) for some in making._handfuls(repeat(page, 5))] == [2, 2, 1]
    assert [len(some) for some in making._handfuls(repeat(block, 5))] == [5]
    bundles = (page._replace(bundle=name) for name in "aaabcc")
    assert [len(some) for some in making._handfuls(bundles)] == [2, 1, 1, 2]


def test_another_process_plans_no_bundle_but_those_that_it_is_asked_for(
    database: Path, tmp_path: Path
) -> None:
    def files(name: str) -> Iterator[Planned]:
        assert name != "other"
        return iter([Planned(f"{name}{number}.txt", "made of", name.encode) for number in range(3)])

    names = ("other", "", "other", "one", "", "other")
    with opened(database, tmp_path) as library:
        hand = making._Hand(library)
        hand.bundles = iter([Bundle(name, str, partial(files, name)) for name in names])
        asked = [
            ("", "0.txt"),
            ("", "2.txt"),
            ("one", "one1.txt"),
            ("", "1.txt"),
            ("one", "one2.txt"),
        ]
        made = hand.make([(*one, "made of", None) for one in asked])
    came = [one.path if one else None for one in made]
    assert came == ["0.txt", "2.txt", "one1.txt", "1.txt", None]


def ending() -> AbstractContextManager[Library]:
    """A process that somebody ends as soon as it begins."""
    os._exit(1)


def refusing() -> AbstractContextManager[Library]:
    """A process that cannot read the settings, since somebody is writing them."""
    raise SyndicateError


@pytest.mark.parametrize("opening", [ending, refusing])
def test_what_the_other_processes_cannot_make_is_made_here(
    database: Path, tmp_path: Path, opening: Opening
) -> None:
    with closing(open_store(f"sqlite:///{database}")) as store:
        alone = published(store, tmp_path / "alone", None)
        together = published(store, tmp_path / "together", opening)
    assert together == alone


WORK = """
import sys
from multiprocessing import active_children
from syndicate.jobs.crew import Crew

mark = "begun anew"


def marked():
    return mark


if __name__ == "__main__":
    mark = "forked"
    with Crew(let_go={"None": None, "True": lambda: True, "False": lambda: False}[sys.argv[1]]) as others:
        print(others.ask(marked)(), *(one.pid for one in active_children()), sep="\\t", flush=True)
        sys.stdin.read()
"""


@contextmanager
def working(folder: Path, let_go: bool | None) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run a process with a crew; how its others began, and their ids."""
    program = folder / "work.py"
    program.write_text(WORK, encoding="utf-8")
    pipe, command = subprocess.PIPE, [sys.executable, str(program), str(let_go)]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as asking:
        assert asking.stdout
        yield asking, asking.stdout.readline().strip().split("\t")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("let_go", [None, True])
def test_no_process_of_a_crew_outlives_who_asks(
    tmp_path: Path, end: signal.Signals, let_go: bool | None
) -> None:
    with working(tmp_path, let_go) as (asking, (_, *numbers)):
        helpers = [Path("/proc") / one for one in numbers]
        assert all(one.exists() for one in helpers)
        asking.send_signal(end)
    until = monotonic() + 20
    while any(one.exists() for one in helpers):
        assert monotonic() < until
        select([], [], [], 0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="forks harm libraries of other systems")
@pytest.mark.parametrize(
    ("let_go", "begun"), [(None, "begun anew"), (False, "begun anew"), (True, "forked")]
)
def test_a_crew_is_forked_only_where_all_was_let_go(
    tmp_path: Path, let_go: bool | None, begun: str
) -> None:
    with working(tmp_path, let_go) as (asking, (how, *_)):
        asking.terminate()
    assert how == begun


def how_many() -> int:
    return threading.active_count()


def test_a_crew_is_not_forked_beside_a_thread() -> None:
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    try:
        with Crew(let_go=lambda: pytest.fail("nothing is let go in vain")) as crew:
            assert crew.ask(how_many)()
    finally:
        done.set()
        beside.join()
