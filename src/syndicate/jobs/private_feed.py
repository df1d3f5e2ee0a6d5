"""A feed for one reader, rendered when it is asked for: what its newsletter takes and the reader wants."""

from collections.abc import Sequence
from datetime import datetime

from syndicate import addresses, feeds
from syndicate.errors import TokenRefused
from syndicate.feeds import FeedFormat
from syndicate.model import EVERYTHING, Entry, Event, Feed, Filters, Newsletter, Publication, Tell
from syndicate.store import articles, preferences, private_feeds, publication, series, tags
from syndicate.store.database import Store, Transaction

_GONE = "This feed's address was revoked. Its reader can make a new one."


def offer(store: Store, subscription_id: int, now: datetime, tell: Tell) -> int:
    """Give a subscription a feed unless it has one; return the feed's number."""
    with store.write() as tx:
        number = private_feeds.of(tx, subscription_id) or private_feeds.add(
            tx, subscription_id, now
        )
    tell(Event("private_feed.made", {"subscription": subscription_id}))
    return number


def revoke(store: Store, subscription_id: int, tell: Tell) -> None:
    """Let the address of a subscription's feed answer nothing any more."""
    with store.write() as tx:
        private_feeds.drop(tx, subscription_id)
    tell(Event("private_feed.revoked", {"subscription": subscription_id}))


def number_of(store: Store, subscription_id: int) -> int | None:
    """Return the number of a subscription's feed, None if it has none."""
    with store.read() as tx:
        return private_feeds.of(tx, subscription_id)


def write(
    store: Store,
    number: int,
    form: FeedFormat,
    about: Publication,
    newsletters: Sequence[Newsletter],
    path: str,
) -> bytes:
    """Write a private feed; `path` is where it is asked for, without its ending. Raises TokenRefused."""
    with store.read() as tx:
        found = private_feeds.get(tx, number)
        origin = publication.origin(tx)
        if found is None or origin is None:
            raise TokenRefused(_GONE)
        subscription_id, newsletter = found
        wanted = preferences.get(tx, subscription_id)
        assert wanted is not None
        its = next((one for one in newsletters if one.name == newsletter), None)
        entries = _entries(tx, (wanted.filters, its.filters if its else EVERYTHING))
    feed = Feed(
        uid=addresses.tag_uri(origin.authority, origin.day, f"private/{number}"),
        title=its.title if its else about.title,
        description=about.description,
        language=wanted.language,
        author=about.author,
        base_url=about.base_url,
        page_path="",
        stem=path,
        updated=max((one.updated for one in entries), default=None),
    )
    return form.write(feed, (form.entry(feeds.item(about, one)) for one in entries))


def _entries(tx: Transaction, filters: Sequence[Filters]) -> tuple[Entry, ...]:
    """Return the newest published articles that pass all filters, newest first."""
    all_series, tagged = series.load(tx), tags.published(tx)
    passing = []
    for row in articles.published(tx):
        its = all_series.get(row.series_id) if row.series_id is not None else None
        said = (row.language, tagged.get(row.id, {}), its.slug if its else None)
        if all(one.passes(*said) for one in filters):
            passing.append((row.id, row.revision))
            if len(passing) == feeds.WINDOW:
                break
    return tuple(articles.entries(tx, passing, all_series))
