"""The fetching of pages from the web, as a daemon's thread and as one command do it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Signal
from threading import Thread

from msgspec.structs import replace

from syndicate.content import Folder
from syndicate.content.web import mirror
from syndicate.jobs.fetch import AT_ONCE, Fetching, due, fetch, rehearse
from syndicate.jobs.visit import Visited
from syndicate.model import Source
from syndicate.services import Services
from syndicate.workers.outgoing import way_out

LOOK_S = 5.0  # how soon it is seen that a source is due


def fetching(services: Services, stop: Signal) -> Fetching:
    """Return what visits to the sources need, with a way out to the web as the settings allow it."""
    client = way_out(services, services.settings.net.pause)
    return Fetching(services.store, client, services.folder, services.clock, services.tell, stop)


class Fetcher(Thread):
    """Fetches what is due until `stop`: each source by itself, so that a slow one holds up no other.

    `guarded` runs a step and tells what it cannot do; `fetched` is called after each visit.
    """

    def __init__(
        self,
        services: Services,
        stop: Signal,
        guarded: Callable[[str, Callable[[], float | None]], float | None],
        fetched: Callable[[], None],
    ) -> None:
        super().__init__(name="fetcher")
        self._fetching = fetching(services, stop)
        self._configured = services.settings.source_records()
        self._stop_signal, self._guarded, self._fetched = stop, guarded, fetched
        self._under_way: set[str] = set()

    def run(self) -> None:
        """Look what is due, and let it be fetched."""
        with ThreadPoolExecutor(AT_ONCE, "fetch") as threads:
            while not self._stop_signal.is_set():
                self._guarded("fetching", lambda: self._begin(threads))
                self._stop_signal.wait(LOOK_S)
            self._fetching.client.end()

    def _begin(self, threads: ThreadPoolExecutor) -> None:
        for one in due(self._fetching, self._configured):
            if one.name not in self._under_way:
                self._under_way.add(one.name)
                threads.submit(self._visit, one)

    def _visit(self, source: Source) -> None:
        try:
            doing = f"fetching {source.name}"
            if self._guarded(doing, lambda: len(fetch(self._fetching, [source]))):
                self._fetched()
        finally:
            self._under_way.discard(source.name)


def fetch_due(services: Services, stop: Signal | None = None) -> tuple[Visited, ...]:
    """Fetch the sources that are due."""
    configured = services.settings.source_records()
    return fetch(fetching(services, stop or Signal()), configured) if configured else ()


def rehearse_all(services: Services, to: Path) -> tuple[tuple[Visited, ...], list[Folder]]:
    """Fetch every source into copies below `to`; return what came of it, and the folders of the copies."""
    configured = services.settings.source_records()
    trial = replace(fetching(services, Signal()), folder=to)
    visited = rehearse(trial, services.folder, configured) if configured else ()
    return visited, mirror.folders(to, [one.name for one in configured])
