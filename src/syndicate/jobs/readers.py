"""One reader, looked at and taken out by an operator."""

from datetime import datetime

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.errors import SyndicateError
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.subscribe import Consent
from syndicate.model import Event, SubscriptionState, Tell
from syndicate.store import asked, news, readers, subscribers, suppressions
from syndicate.store.asked import Asked
from syndicate.store.database import Store
from syndicate.store.readers import ConsentRow, SubscriptionRow
from syndicate.store.suppressions import Happened, Suppression
from syndicate.tokens import Keys


class ReaderUnknownError(SyndicateError):
    """There is no such subscriber, or none of that newsletter."""


class Membership(Struct, frozen=True):
    """A subscription and the record of its consent."""

    subscription: SubscriptionRow
    consent: tuple[ConsentRow, ...]


class Reader(Struct, frozen=True):
    """A reader as kept. `suppression` is None when mail may go to the address.

    `history` are the steps of suppressions, `requests` what was asked for and is not confirmed.
    """

    address: str
    name: str
    language: str
    suppression: Suppression | None
    memberships: tuple[Membership, ...]
    history: tuple[Happened, ...]
    requests: tuple[Asked, ...]


class Removed(Struct, frozen=True):
    """The newsletters that a reader was taken out of, and those that had been left before."""

    ended: tuple[str, ...]
    ended_before: tuple[str, ...]


def describe(store: Store, keys: Keys, address: str) -> Reader:
    """Return all that is kept of a reader. Raises AddressRefused or ReaderUnknownError."""
    box = mailbox.parse(address)
    key = tokens.address_key(keys, box.canonical)
    with store.read() as tx:
        known, suppression = subscribers.find(tx, key), suppressions.find(tx, key)
        history, requests = (
            tuple(suppressions.history(tx, key)),
            tuple(asked.unconfirmed(tx, address=box.address)),
        )
        if not (known or suppression or history or requests):
            raise _unknown(address)
        found = readers.subscriptions(tx, known.id) if known else []
        memberships = tuple(Membership(one, tuple(readers.consents(tx, one.id))) for one in found)
    name, language = (known.name, known.language) if known else ("", "")
    return Reader(box.address, name, language, suppression, memberships, history, requests)


def remove(
    store: Store,
    keys: Keys,
    address: str,
    newsletter: str | None,
    consent: Consent,
    now: datetime,
    tell: Tell,
) -> Removed:
    """End a reader's subscriptions, or the one to a newsletter, as if the reader had left.

    Letters that wait are not sent. Raises AddressRefused or ReaderUnknownError.
    """
    found = [one.subscription for one in describe(store, keys, address).memberships]
    chosen = [one for one in found if newsletter in {None, one.newsletter}]
    if not chosen:
        raise _unknown(address, newsletter)
    ended = {
        one.newsletter
        for one in chosen
        if unsubscribe(store, one.id, consent.source, now, tell, consent.evidence)
    }
    names = [one.newsletter for one in chosen]
    return Removed(
        tuple(name for name in names if name in ended),
        tuple(name for name in names if name not in ended),
    )


def free(
    store: Store, keys: Keys, address: str, newsletter: str | None, tell: Tell, *, skip: bool
) -> tuple[str, ...]:
    """Let a reader's held subscriptions get letters again; return the newsletters' names.

    `skip` passes over what was not delivered meanwhile; else the next edition brings it. Raises
    AddressRefused or ReaderUnknownError.
    """
    found = [one.subscription for one in describe(store, keys, address).memberships]
    chosen = [one for one in found if newsletter in {None, one.newsletter}]
    if not chosen:
        raise _unknown(address, newsletter)
    held = [one for one in chosen if one.state is SubscriptionState.HELD]
    with store.write() as tx:
        for one in held:
            upto = news.last_seq(tx, one.newsletter) if skip else None
            readers.free(tx, one.id, skip_to=upto)
    for one in held:
        tell(Event("subscription.freed", {"subscription": one.id, "skip": skip}))
    return tuple(one.newsletter for one in held)


def _unknown(address: str, newsletter: str | None = None) -> ReaderUnknownError:
    what = f"subscriber of {newsletter}" if newsletter else "subscriber"
    return ReaderUnknownError(
        f"There is no {what} with the address {address}. See: syndicate subscribers list"
    )
