"""What everybody is due of a newsletter up to a cut, decided a group of members at a time."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from msgspec.structs import replace

from syndicate.digests.owed import Owed, Reader, corrections, fresh, owed
from syndicate.model import EVERYTHING, Edition, Item, Log, NewsKind, Newsletter
from syndicate.store import freeze, news, variants
from syndicate.store.database import Transaction
from syndicate.store.freeze import Choice, Group
from syndicate.store.membership import Membership


class Selection:
    """The members of an edition by group, and what each is due; `until` is the cut."""

    def __init__(
        self,
        tx: Transaction,
        newsletter: Newsletter,
        membership: Membership,
        until: int,
        now: datetime,
    ) -> None:
        self._tx, self._newsletter, self.membership = tx, newsletter, membership
        self._until, self._now = until, now
        self._known: dict[tuple[int, int, int, str], Owed] = {}
        self.groups = self._groups()
        self._log = self._read()
        if relogged := _relogged(self._log, self._lowest()):
            self.membership = replace(membership, relogged=tuple(sorted(relogged)))
            self.groups = self._groups()

    def owed(self, group: Group) -> Owed:
        """Return what a group is due."""
        key = (group.cursor, group.start, group.profile_id, group.noted)
        if key not in self._known:
            reader = Reader(group.cursor, group.start, group.filters, group.held)
            choose = owed if self.membership.goes_on else corrections
            self._known[key] = choose(self._log, reader)
        return self._known[key]

    def is_empty(self) -> bool:
        """Whether no member is due anything."""
        return not any(self.owed(group).items for group in self.groups)

    def fresh(self, cursor: int) -> tuple[Item, ...]:
        """Return the news after a cursor that is no reader's: what an edition's page shows."""
        if not self.membership.goes_on:
            return ()
        return news_between(self._tx, self._newsletter, cursor, self._until)

    def choices(self, press: "Press") -> Iterator[Choice]:
        """Yield what each group gets, as variants of an edition."""
        for group in self.groups:
            due = self.owed(group)
            variant = press.variant(due.items, group.language, group.depth) if due.items else None
            yield Choice(group, variant, due.waits)

    def _groups(self) -> list[Group]:
        return list(freeze.groups(self._tx, self.membership, self._now))

    def _lowest(self) -> int:
        """The lowest cursor that is looked at: of what was mailed, every row counts."""
        if not self.membership.goes_on:
            return 0
        return min((group.cursor for group in self.groups), default=self._until)

    def _read(self) -> Log:
        recipients = self.membership.recipients
        if recipients is None:
            return _log(self._tx, self._newsletter, self._lowest(), self._until)
        mailed = variants.articles_of(self._tx, recipients)
        return news.log_of(self._tx, self._newsletter.name, mailed, self._until)


def news_between(
    tx: Transaction, newsletter: Newsletter, cursor: int, until: int
) -> tuple[Item, ...]:
    """Return the news after a cursor that is no reader's: what an edition's page shows."""
    return fresh(_log(tx, newsletter, cursor, until), cursor, EVERYTHING)


def _log(tx: Transaction, newsletter: Newsletter, after: int, until: int) -> Log:
    """Return the news log without what the newsletter itself does not take."""
    log = news.log(tx, newsletter.name, after, until)
    passes = newsletter.filters.passes
    stories = {
        number: story
        for number, story in log.stories.items()
        if passes(story.language, story.tags, story.series)
    }
    return replace(log, stories=stories)


def _relogged(log: Log, after: int) -> set[int]:
    """Return the articles with a row after a number that is not their first: who holds them counts."""
    rows = [row for row in log.rows if row.kind is not NewsKind.OMNIBUS]
    counts = Counter(row.article_id for row in rows)
    return {row.article_id for row in rows if row.seq > after and counts[row.article_id] > 1}


class Press:
    """The variants of one edition: the same content in the same words is one."""

    def __init__(self, tx: Transaction, edition: Edition, version: str) -> None:
        self._tx, self._edition, self._version = tx, edition, version
        self._made = {one.hash: one.id for one in variants.of_edition(tx, edition.id)}

    def variant(self, items: Sequence[Item], language: str, depth: str) -> int:
        """Return the variant of some items, made when there is none yet."""
        name = fingerprint(items, language, depth, self._version)
        if name not in self._made:
            self._made[name] = variants.add(
                self._tx, self._edition.id, name, language, depth, items
            )
        return self._made[name]


def fingerprint(items: Sequence[Item], language: str, depth: str, version: str) -> str:
    """Name what a letter holds."""
    content = [(item.article_id, item.revision, item.part, item.kind) for item in items]
    text = json.dumps([content, language, depth, version], separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
