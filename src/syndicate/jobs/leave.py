"""Leaving, by a reader or an operator, and the way back."""

from datetime import datetime, timedelta

from syndicate.errors import TokenRefused
from syndicate.model import Event, Tell
from syndicate.store import precedence, readers, subscribers
from syndicate.store.database import Store, Transaction

REGRET = timedelta(hours=1)  # how long leaving by a link can be taken back on the page


def unsubscribe(
    store: Store,
    subscription_id: int,
    source: str,
    now: datetime,
    tell: Tell,
    evidence: str = "",
) -> bool:
    """End one subscription at once; no letter follows. Whether it was not ended before."""
    with store.write() as tx:
        left = subscribers.leave(tx, subscription_id)
        if left:
            subscribers.record_consent(tx, subscription_id, "left", source, evidence, now)
    if left:
        tell(Event("subscription.left", {"subscription": subscription_id, "source": source}))
    return left


def may_come_back(store: Store, subscription_id: int, now: datetime) -> bool:
    """Whether a reader left so lately, by the link in a letter, that it may have been a mistake."""
    with store.read() as tx:
        return _may_come_back(tx, subscription_id, now)


def _may_come_back(tx: Transaction, subscription_id: int, now: datetime) -> bool:
    """A letter gets forwarded: for longer, whoever has it could undo what its reader decided."""
    left = readers.left_by_link(tx, subscription_id)
    return left is not None and now - left < REGRET


def come_back(store: Store, subscription_id: int, now: datetime, tell: Tell) -> None:
    """Undo leaving; start and cursor stay as they were. Raises TokenRefused when it is too late."""
    with store.write() as tx:
        precedence.people(tx, [subscription_id])
        if not readers.has_left(tx, subscription_id):
            return
        if not _may_come_back(tx, subscription_id, now):
            raise TokenRefused("It is too late to take it back. Please subscribe anew.")
        readers.return_to(tx, subscription_id)
        subscribers.record_consent(tx, subscription_id, "returned", "web", "", now)
    tell(Event("subscription.returned", {"subscription": subscription_id}))


def reader_of(store: Store, subscription_id: int) -> tuple[str, str] | None:
    """Return a subscription's newsletter and its reader's language, None when there is none."""
    with store.read() as tx:
        return subscribers.newsletter_of(tx, subscription_id)


def has_left(store: Store, subscription_id: int) -> bool:
    """Whether a subscription was ended."""
    with store.read() as tx:
        return readers.has_left(tx, subscription_id)
