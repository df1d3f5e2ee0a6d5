"""Where a visit writes what it finds: the store, or nowhere when it is a rehearsal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from syndicate.store import sources
from syndicate.store.database import Store
from syndicate.store.sources import SourceState, WebPage


class Notebook(Protocol):
    """What a visit notes, each time in a transaction of its own."""

    def hold(self, source: str, until: datetime) -> None:
        """Note that the source is ours until `until`."""

    def page(self, page: WebPage, until: datetime) -> None:
        """Note a page; the source is ours until `until`."""

    def pages(self, found: Sequence[WebPage], left: Sequence[str], state: SourceState) -> None:
        """Note what a list said: pages by their keys that are known no longer have left."""

    def state(self, state: SourceState) -> None:
        """Note how the source stands."""


class InStore(Struct, frozen=True):
    """Notes in the store."""

    store: Store

    def hold(self, source: str, until: datetime) -> None:
        """Keep the source from others."""
        with self.store.write() as tx:
            sources.hold(tx, source, until)

    def page(self, page: WebPage, until: datetime) -> None:
        """Note a page."""
        with self.store.write() as tx:
            sources.save_page(tx, page)
            sources.hold(tx, page.source, until)

    def pages(self, found: Sequence[WebPage], left: Sequence[str], state: SourceState) -> None:
        """Note what a list said."""
        with self.store.write() as tx:
            sources.forget_pages(tx, state.name, left)
            for page in found:
                sources.save_page(tx, page)
            sources.save(tx, state)

    def state(self, state: SourceState) -> None:
        """Note how the source stands."""
        with self.store.write() as tx:
            sources.save(tx, state)


class Nowhere:
    """Notes nothing: a rehearsal changes nothing."""

    def hold(self, source: str, until: datetime) -> None:
        """Keep it from nobody."""

    def page(self, page: WebPage, until: datetime) -> None:
        """Forget it."""

    def pages(self, found: Sequence[WebPage], left: Sequence[str], state: SourceState) -> None:
        """Forget them."""

    def state(self, state: SourceState) -> None:
        """Forget it."""
