"""Confirm what a letter asked about: only who reads the address's mail can do it."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syndicate import mailbox, tokens
from syndicate.errors import TokenRefused
from syndicate.model import (
    Event,
    Filters,
    Preferences,
    Signup,
    SignupKind,
    SignupState,
    SubscriptionState,
    Tell,
    Terms,
)
from syndicate.outbox.domains import domain_group
from syndicate.store import joining, news, preferences, signups, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.store.joining import Newcomer
from syndicate.tokens import Keys


class Confirmed(Struct, frozen=True):
    """What was confirmed: the newsletter and the subscription that it is now."""

    newsletter: str
    subscription_id: int
    language: str


def find(store: Store, signup_id: int) -> Signup:
    """Return the request that a letter asks about. Raises TokenRefused for one that was purged."""
    with store.read() as tx:
        return _found(tx, signup_id)


def _found(tx: Transaction, signup_id: int) -> Signup:
    one = signups.get(tx, signup_id)
    if one is None or one.kind not in {SignupKind.JOIN, SignupKind.MOVE}:
        raise TokenRefused("This link has expired. Please ask for a new one.")
    return one


def confirm(
    store: Store, keys: Keys, signup_id: int, network: str, now: datetime, tell: Tell
) -> Confirmed:
    """Let a subscription begin, and greet its reader; done twice, it changes nothing.

    Raises TokenRefused for a request that was purged, or whose address was suppressed meanwhile.
    """
    with store.write() as tx:
        signups.lock(tx, signup_id)
        one = _found(tx, signup_id)
        assert one.newsletter is not None
        if one.state is SignupState.DONE and one.subscription_id is not None:
            return Confirmed(one.newsletter, one.subscription_id, one.language)
        subscription = _join(tx, keys, one, tokens.network_key(keys, network), now)
        signups.complete(tx, one.id, subscription)
        signups.add(
            tx,
            SignupKind.WELCOME,
            one.address,
            one.language,
            now,
            newsletter=one.newsletter,
            subscription_id=subscription,
        )
    tell(Event("subscription.confirmed", {"subscription": subscription}))
    return Confirmed(one.newsletter, subscription, one.language)


def _join(tx: Transaction, keys: Keys, one: Signup, network: bytes, now: datetime) -> int:
    """Write the reader, the subscription and the record of consent; return the subscription."""
    assert one.newsletter is not None
    key = tokens.address_key(keys, mailbox.parse(one.address).canonical)
    if suppressions.find(tx, key):
        raise TokenRefused("This link has expired. Please ask for a new one.")
    news.enrol(tx, one.newsletter, now)
    known = joining.standings(tx, one.newsletter, [key]).get(key)
    if known is None:
        lane = domain_group(keys, one.address)
        newcomer = Newcomer(one.address, key, lane, one.name, one.language)
        reader = joining.add(tx, [newcomer], now)[key]
    else:
        reader = known.subscriber_id
    if known is None or known.subscription_id is None:
        only = Filters(series=(one.series,)) if one.series else Filters()
        wanted = Preferences(one.language, filters=only)
        joining.subscribe(tx, one.newsletter, {reader: wanted}, now)
        known = joining.standings(tx, one.newsletter, [key])[key]
    elif known.state is not SubscriptionState.ACTIVE:
        subscribers.come_back(tx, known.subscription_id, one.newsletter)
        _want_anew(tx, known.subscription_id, one.series)
    assert known.subscription_id is not None
    asked = one.terms or Terms("", "", one.language, "")
    subscribers.record_consent(
        tx, known.subscription_id, "asked", one.source, one.evidence, one.at, asked
    )
    confirmed = Terms(asked.form, asked.version, asked.language, asked.text, network)
    subscribers.record_consent(
        tx, known.subscription_id, "confirmed", one.source, one.evidence, now, confirmed
    )
    return known.subscription_id


def _want_anew(tx: Transaction, subscription: int, series: str | None) -> None:
    """Let who comes back get what was asked for now: one series alone, or all; and letters at once.

    Other settings of before stay.
    """
    before = preferences.get(tx, subscription)
    assert before is not None
    only = Filters(series=(series,)) if series else replace(before.filters, series=())
    preferences.put(tx, subscription, replace(before, filters=only, paused_until=None))
