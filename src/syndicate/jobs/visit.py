"""Visit one source: read what it lists, then the pages that are due, and keep them as files."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile
from threading import Event as Signal

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate.content.web import names, revisit, wordpress
from syndicate.content.web.listing import AnswerRefused, Listing, ListingRefused, good, shown
from syndicate.content.web.mirror import Mirror
from syndicate.content.web.patience import BUSY, IN_A_ROW
from syndicate.content.web.source import read_source
from syndicate.errors import SyndicateError
from syndicate.jobs.notebook import Notebook
from syndicate.jobs.relist import relist
from syndicate.jobs.webpage import Landed, broken, forbidden, settle, settle_post
from syndicate.model import Event, Source, Tell
from syndicate.net import Client, Forbidden, Unreachable
from syndicate.store.sources import SourceState, WebPage

LEASE = timedelta(minutes=15)  # who is silent for longer has died: one request ends sooner
FOLLOWED = 50  # next parts of next parts: a longer chain is an archive
_SOONEST = timedelta(minutes=1)


class Visited(Struct, frozen=True):
    """What came of a visit, in pages as sites count them.

    `posts` are new and kept in `parts` files; `paths` are these files as they are picked up. `failing`
    could not be read. `error` is why the visit ended early, or what could not be read.
    """

    source: str
    posts: int = 0
    parts: int = 0
    changed: int = 0
    gone: int = 0
    failing: int = 0
    error: str | None = None
    next_try: datetime | None = None


class Visit(Struct):
    """One visit, while it lasts; `pages` are known by their keys."""

    source: Source
    client: Client
    mirror: Mirror
    clock: Callable[[], datetime]
    tell: Tell
    stop: Signal
    book: Notebook
    state: SourceState
    pages: dict[str, WebPage]
    _queue: deque[str] = field(default_factory=deque)
    _counts: dict[str, int] = field(default_factory=dict)
    _in_a_row: int = 0

    def run(self) -> Visited:
        """Visit, and note how the source stands whatever happened."""
        faults: tuple[str, ...] = ()
        trouble: SyndicateError | None = None
        try:
            state = self.state
            listing = read_source(
                self.source, self.client, self._hold, etag=state.etag, modified=state.modified
            )
            faults = listing.faults + self._merge(listing)
            trouble = self._read_due()
        except SyndicateError as error:
            trouble = error
        except Exception as error:  # noqa: BLE001 - too odd for a library or the database: the others go on
            name = f"{type(error).__name__}: {error}".partition("\n")[0]
            trouble = ListingRefused(f"The source {self.source.name} cannot be read ({name}).")
        if self.stop.is_set():
            self.state = replace(self.state, next_try=self.clock())  # another goes on at once
        elif trouble:
            self._fail(trouble)
        else:
            self._succeed(faults)
        self.book.state(self.state)
        return self._report()

    def _hold(self) -> None:
        self.book.hold(self.source.name, self.clock() + LEASE)

    def _merge(self, listing: Listing) -> tuple[str, ...]:
        """Take what was listed into what is known; return what there was no room for."""
        if listing.same:
            return ()
        if listing.whole and self.pages and not listing.pages:
            raise ListingRefused(
                f"The source {self.source.name} lists nothing any more: look at it."
            )
        now = self.clock()
        made = relist(self.source, listing, self.pages, now)
        self.pages |= {one.key: one for one in made.found}
        gone = [key for key in made.left if self.pages.pop(key).state != "gone"]
        if gone:
            self._count("gone", len(gone))
        state = replace(
            self.state, etag=listing.etag, modified=listing.modified, next_try=now + LEASE
        )
        self.book.pages(made.found, made.left, state)
        self.state = state  # now that it is noted: what could not be is asked for once more
        self.mirror.sweep(
            {names.mark(one.key) for one in self.pages.values() if one.state != "gone"}
        )
        return (self._full(made.left_out),) if made.left_out else ()

    def _full(self, left_out: int) -> str:
        return (
            f"{left_out} pages are left out: {self.source.limit} are kept at most. "
            f"Raise limit of the source {self.source.name}."
        )

    def _read_due(self) -> SyndicateError | None:
        """Read the pages that are due, new ones first; return why the source has to rest.

        Those that failed before come last: after a few more of them the source rests.
        """
        now = self.clock()
        due = [one for one in self.pages.values() if self._is_due(one, now)]
        due.sort(key=lambda one: (one.failures, one.state != "listed"))
        self._queue.extend(one.key for one in due)
        read = self._posts if self.source.lists == "wordpress" else self._page
        while self._queue and not self.stop.is_set():
            if trouble := read():
                return trouble
        return None

    def _is_due(self, page: WebPage, now: datetime) -> bool:
        lost = page.state == "kept" and not self.mirror.has(page.files)
        return lost or (page.next_try is not None and page.next_try <= now)

    def _page(self) -> SyndicateError | None:
        """Read the next page; return why the source has to rest."""
        page, now = self.pages[self._queue.popleft()], self.clock()
        as_it_was = self.mirror.has(page.files) and bool(page.files)
        try:
            answer = self.client.get(
                page.moved or page.address,
                etag=page.etag if as_it_was else None,
                modified=page.modified if as_it_was else None,
            )
        except Forbidden as error:
            self._note(page, Landed(forbidden(page, str(error), now)))
            return None
        except Unreachable as error:
            if self.stop.is_set():
                return None
            self._note(page, Landed(broken(page, str(error), now)))
            return self._stumble(error)
        if answer.status in BUSY:
            busy = AnswerRefused(answer)
            self._note(page, Landed(broken(page, str(busy), now, answer.retry)))
            return busy
        self._note(page, settle(page, answer, self.pages, self.source, self.mirror, now))
        if answer.status >= 500:
            return self._stumble(AnswerRefused(answer))
        self._in_a_row = 0
        return None

    def _posts(self) -> SyndicateError | None:
        """Read the next posts of WordPress; return why the source has to rest."""
        keys, now = self._batch(), self.clock()
        endpoint = wordpress.endpoint(self.source.addresses[0])
        try:
            found = wordpress.read_posts(endpoint, keys, lambda url: good(self.client.get(url)))
            posts = {post.key: post for post in found}
        except (ListingRefused, Unreachable) as error:
            return None if self.stop.is_set() else self._unread(keys, error)
        self._in_a_row = 0
        for key in keys:
            if key in posts or len(keys) == 1:
                page = self.pages[key]
                self._note(page, settle_post(page, posts.get(key), self.mirror, now))
            else:
                self._set_apart(key)
        return None

    def _batch(self) -> list[str]:
        """Take posts that are asked for at once: one that failed before is asked for by itself."""
        unfailing = takewhile(lambda key: not self.pages[key].failures, self._queue)
        keys = list(islice(unfailing, wordpress.BATCH)) or [self._queue[0]]
        for _ in keys:
            self._queue.popleft()
        return keys

    def _unread(self, keys: list[str], error: SyndicateError) -> SyndicateError | None:
        """Ask for posts one by one where all of them cannot be had: one bad post starves no others."""
        wanted = error.retry if isinstance(error, AnswerRefused) else None
        if len(keys) == 1:
            page = self.pages[keys[0]]
            reason = f"{shown(page.address)}: cannot be read ({str(error).rstrip('.')})."
            self._note(page, Landed(broken(page, reason, self.clock(), wanted)))
        else:
            for key in keys:
                self._set_apart(key)
        if isinstance(error, AnswerRefused) and error.status in BUSY:
            return error
        return self._stumble(error)

    def _set_apart(self, key: str) -> None:
        page = self.pages[key]
        self.pages[key] = replace(page, failures=page.failures + 1)
        self.book.page(self.pages[key], self.clock() + LEASE)
        self._queue.append(key)

    def _stumble(self, error: SyndicateError) -> SyndicateError | None:
        self._in_a_row += 1
        return error if self._in_a_row >= IN_A_ROW else None

    def _note(self, before: WebPage, landed: Landed) -> None:
        """Write down what became of a page, and queue what it leads to."""
        after = landed.page
        self.tell(Event("source.read", {"source": after.source, "state": after.state}, "debug"))
        self.pages[after.key] = after
        self.book.page(after, self.clock() + LEASE)
        if after.state == "kept" and before.state != "kept":
            self._count("posts", 1)
            self._count("parts", len(after.files))
        elif landed.changed:
            self._count("changed", 1)
        if after.state == "gone" and before.files:
            self._count("gone", 1)
        if after.error and after.error != before.error:
            said = {"source": self.source.name, "reason": after.error}
            self.tell(Event("source.page", said, "warning"))
        if landed.again:
            self._queue.append(after.key)
        self._follow(after, landed.following)

    def _follow(self, page: WebPage, following: Sequence[str]) -> None:
        for address in following:
            room = len(self.pages) < self.source.limit and self._depth(page) < FOLLOWED
            if address not in self.pages and room and names.is_same_site(address, page.address):
                self.pages[address] = WebPage(self.source.name, address, address, via=page.key)
                self._queue.append(address)

    def _depth(self, page: WebPage) -> int:
        depth, here = 0, page
        while here.via is not None and here.via in self.pages and depth < FOLLOWED:
            depth, here = depth + 1, self.pages[here.via]
        return depth

    def _count(self, what: str, number: int) -> None:
        self._counts[what] = self._counts.get(what, 0) + number

    def _fail(self, error: SyndicateError) -> None:
        now, failures = self.clock(), self.state.failures + 1
        wanted = error.retry if isinstance(error, AnswerRefused) else None
        if str(error) != self.state.error:
            said = {"source": self.source.name, "reason": str(error)}
            self.tell(Event("source.failed", said, "error"))
        self.state = replace(
            self.state,
            failed=now,
            error=str(error),
            failures=failures,
            next_try=revisit.after_failure(failures, now, wanted),
        )

    def _succeed(self, faults: Sequence[str]) -> None:
        now = self.clock()
        for fault in faults:
            if fault != self.state.error:
                said = {"source": self.source.name, "reason": fault}
                self.tell(Event("source.partly", said, "warning"))
        waiting = (one for one in self.pages.values() if one.error or one.state == "gone")
        retries = [one.next_try for one in waiting if one.next_try]
        self.state = replace(
            self.state,
            succeeded=now,
            error=faults[0] if faults else None,
            failed=now if faults else self.state.failed,
            failures=0,
            next_try=max(now + _SOONEST, min([now + self.source.every, *retries])),
        )

    def _report(self) -> Visited:
        if self._counts:
            self.tell(Event("source.fetched", {"source": self.source.name, **self._counts}))
        failing = [one.error for one in self.pages.values() if one.error]
        return Visited(
            self.source.name,
            **self._counts,
            failing=len(failing),
            error=self.state.error or next(iter(failing), None),
            next_try=self.state.next_try,
        )
