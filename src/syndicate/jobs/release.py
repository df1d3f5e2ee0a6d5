"""Publish what bore a date that was still to come, once that time is there (FEEDS.md, "updated")."""

from collections.abc import Sequence
from datetime import datetime

from syndicate.jobs.announce import announce
from syndicate.jobs.relink import relink
from syndicate.jobs.rules import Rules
from syndicate.model import Event, Newsletter, Tell
from syndicate.store import articles, dates, publication
from syndicate.store.database import Store


def release(
    store: Store, newsletters: Sequence[Newsletter], rules: Rules, now: datetime, tell: Tell
) -> tuple[str, ...]:
    """Let the articles out whose time has come; returns their slugs.

    They are news, unless they were read as backlog.
    """
    with store.write() as tx:
        due = dates.due(tx, now)
        for one in due:
            articles.change(tx, one, {"state": articles.PUBLISHED})
        if due:
            relink(tx, rules.series)
            old = articles.backlog(tx, due)
            announce(tx, [one for one in due if one not in old], newsletters, now)
            publication.touch(tx)
        slugs = tuple(articles.get(tx, one).slug for one in due)
    for slug in slugs:
        tell(Event("article.released", {"article": slug}))
    return slugs
