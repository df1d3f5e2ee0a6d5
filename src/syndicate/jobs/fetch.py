"""Fetch pages from the web: every source that is due, side by side, each by itself (issue 4)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event as Signal

from msgspec import Struct

from syndicate.content.web import mirror
from syndicate.jobs.notebook import InStore, Notebook, Nowhere
from syndicate.jobs.visit import LEASE, Visit, Visited
from syndicate.model import Source, Tell
from syndicate.net import Client
from syndicate.store import sources
from syndicate.store.database import Store
from syndicate.store.sources import SourceState

AT_ONCE = 8  # sources: a slow one holds up none of the others


class Fetching(Struct, frozen=True):
    """What all visits share: `folder` is the publication, or a copy of what it keeps."""

    store: Store
    client: Client
    folder: Path
    clock: Callable[[], datetime]
    tell: Tell
    stop: Signal

    def visit(self, source: Source, book: Notebook) -> Visited:
        """Visit a source."""
        with self.store.read() as tx:
            state = sources.states(tx).get(source.name)
            known = sources.pages(tx, source.name)
        if state is None or state.place != source.place:
            state, known = SourceState(source.name, source.place, self.clock()), {}
        folder = mirror.mirror(self.folder, source.name)
        return Visit(
            source, self.client, folder, self.clock, self.tell, self.stop, book, state, known
        ).run()

    def side_by_side(
        self, run: Callable[[Source], Visited | None], due: Sequence[Source]
    ) -> tuple[Visited, ...]:
        """Visit sources at once; Ctrl-C ends what is under way, and what was read is kept."""
        if not due:
            return ()
        with ThreadPoolExecutor(min(len(due), AT_ONCE), "fetch") as threads:
            try:
                return tuple(one for one in threads.map(run, due) if one)
            except BaseException:
                self.stop.set()
                self.client.end()
                raise


def fetch(fetching: Fetching, configured: Sequence[Source]) -> tuple[Visited, ...]:
    """Fetch the sources that are due; those that another process fetches are left to it."""
    store, clock = fetching.store, fetching.clock
    for one in configured:  # also of what cannot be read: no content directory is missing
        mirror.mirror(fetching.folder, one.name).make()

    def run(source: Source) -> Visited | None:
        now = clock()
        with store.write() as tx:
            if not sources.begin(tx, source.name, source.place, now, now + LEASE):
                return None
        return fetching.visit(source, InStore(store))

    return fetching.side_by_side(run, due(fetching, configured))


def due(fetching: Fetching, configured: Sequence[Source]) -> tuple[Source, ...]:
    """Return the sources that are to be fetched now, those among them whose files were lost."""
    if not configured:
        return ()
    now = fetching.clock()
    lost = [one for one in configured if mirror.mirror(fetching.folder, one.name).is_empty()]
    with fetching.store.read() as tx:
        names = sources.due(tx, {one.name: one.place for one in configured}, now)
        kept = sources.counts(tx) if lost else {}
    again = [
        one.name for one in lost if one.name not in names and kept.get(one.name, {}).get("kept")
    ]
    if again:
        with fetching.store.write() as tx:
            for name in again:
                sources.hold(tx, name, now)
    return tuple(one for one in configured if one.name in {*names, *again})


def rehearse(
    fetching: Fetching, publication: Path, configured: Sequence[Source]
) -> tuple[Visited, ...]:
    """Fetch every source as if it were due, into copies of what `publication` keeps; change nothing."""
    for one in configured:
        mirror.copied(publication, one.name, fetching.folder).make()
    return fetching.side_by_side(lambda one: fetching.visit(one, Nowhere()), configured)
