"""Publish what bore a date that was still to come, once that time is there (FEEDS.md, "updated")."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from syndicate.jobs.announce import announce
from syndicate.jobs.relink import relink
from syndicate.jobs.rules import Rules
from syndicate.model import Event, Newsletter, Tell
from syndicate.store import articles, dates, publication
from syndicate.store.database import Store, Transaction


class Released(Struct, frozen=True):
    """The slugs of articles whose time has come, and how many of them are news to newsletters."""

    articles: tuple[str, ...] = ()
    mailed: int = 0


def release(
    store: Store, newsletters: Sequence[Newsletter], rules: Rules, now: datetime, tell: Tell
) -> Released:
    """Let the articles out whose time has come. They are news, unless they were read as backlog."""
    with store.write() as tx:
        released = let_out(tx, newsletters, rules, now)
    for slug in released.articles:
        tell(Event("article.released", {"article": slug}))
    return released


def let_out(
    tx: Transaction, newsletters: Sequence[Newsletter], rules: Rules, now: datetime
) -> Released:
    """Do what `release` does, also in a transaction that is rolled back."""
    due = dates.due(tx, now)
    if not due:
        return Released()
    for one in due:
        articles.change(tx, one, {"state": articles.PUBLISHED})
    relink(tx, rules.series)
    old = articles.backlog(tx, due)
    fresh = [one for one in due if one not in old]
    announce(tx, fresh, newsletters, now)
    publication.touch(tx)
    slugs = tuple(articles.get(tx, one).slug for one in due)
    return Released(slugs, len(fresh) if newsletters else 0)
