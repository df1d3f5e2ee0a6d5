"""Answer the requests of readers with letters, and purge what was not confirmed (MAIL.md, "Consent").

All that depends on an address is decided here: a page does not know whether it is known.
"""

import secrets
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.model import Event, Signup, SignupKind, SubscriptionState, Tell
from syndicate.outbox.domains import domain_group
from syndicate.outbox.letters import may_have_one_more
from syndicate.outbox.turns import ALL, take
from syndicate.store import joining, signups, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.tokens import Keys

BATCH = 200  # requests a transaction: nobody waits for long
_ASKED_FOR = "c:"  # keys of letters that a stranger can cause; they are counted by address
_ACCOUNT = "a:"
_GREETING = "w:"
_PROOF = "p:"  # our own editors, as the settings name them
_PREFIXES = {
    SignupKind.ACCOUNT: _ACCOUNT,
    SignupKind.WELCOME: _GREETING,
    SignupKind.PROOF: _PROOF,
}
_EVERYBODY = "all"  # the bucket of all letters that strangers can cause
_Became = Literal["letters", "dropped", "postponed"]


class Answered(Struct, frozen=True):
    """How many requests were answered by a letter, and how many by none."""

    letters: int = 0
    dropped: int = 0


def answer(
    store: Store, keys: Keys, newsletters: Collection[str], now: datetime, tell: Tell
) -> Answered:
    """Answer every request whose turn has come; one of an unknown newsletter by nothing.

    What is too old is purged first.
    """
    purge(store, now, tell)
    counts: Counter[str] = Counter()
    while True:
        with store.write() as tx:
            found = signups.due(tx, now, BATCH)
            counts.update(_answer(tx, keys, one, newsletters, now) for one in found)
        if len(found) < BATCH:
            break
    if counts:
        tell(Event("signups.answered", {**counts}))
    return Answered(counts["letters"], counts["dropped"])


def purge(store: Store, now: datetime, tell: Tell) -> int:
    """Delete the requests that are 7 days old, with their addresses; how many."""
    with store.write() as tx:
        gone = signups.purge(tx, now)
    if gone:
        tell(Event("signups.purged", {"requests": gone}))
    return gone


def _answer(
    tx: Transaction, keys: Keys, one: Signup, newsletters: Collection[str], now: datetime
) -> _Became:
    """Put the letter that a request deserves into the ledger, unless it deserves none or has to wait."""
    key = tokens.address_key(keys, mailbox.parse(one.address).canonical)
    prefix = _PREFIXES.get(one.kind, _ASKED_FOR)
    kind, subscription = _meant(tx, one, key)
    if kind is None or not _may_be_sent(tx, one, key, prefix, newsletters, now):
        signups.drop(tx, one.id)
        return "dropped"
    by_stranger = one.source == "web" and prefix in {_ASKED_FOR, _ACCOUNT}
    if by_stranger and (turn := _turn(tx, now)) > now:
        signups.postpone(tx, one.id, turn)
        return "postponed"
    lane = domain_group(keys, one.address)
    name = f"{prefix}{secrets.token_hex(16)}"
    signups.answer(tx, one, kind, name, key, lane, now, subscription)
    return "letters"


def _may_be_sent(
    tx: Transaction,
    one: Signup,
    key: bytes,
    prefix: str,
    newsletters: Collection[str],
    now: datetime,
) -> bool:
    if one.newsletter is not None and one.newsletter not in newsletters:
        return False
    if suppressions.find(tx, key):
        return False
    earlier = signups.letters_to(tx, key, prefix)
    return prefix in {_GREETING, _PROOF} or may_have_one_more(earlier, now)


def _meant(tx: Transaction, one: Signup, key: bytes) -> tuple[SignupKind | None, int | None]:
    """Return what kind of letter answers a request; none where an operator's list names a reader.

    Nor does a list ask who has left: that reader alone can come back.
    """
    if one.kind is not SignupKind.JOIN or one.newsletter is None:
        return one.kind, one.subscription_id
    its = joining.standings(tx, one.newsletter, [key]).get(key)
    if its is None or its.state is None:
        return one.kind, None
    if its.state is not SubscriptionState.ACTIVE:
        return (None if one.source.startswith("import ") else one.kind), None
    return (SignupKind.KNOWN if one.source == "web" else None), its.subscription_id


def _turn(tx: Transaction, now: datetime) -> datetime:
    """Take a turn in the bucket of everybody, if there is one now; return when there is."""
    turn, until = take(signups.taken(tx, _EVERYBODY), ALL, now)
    if turn <= now:
        signups.take_until(tx, _EVERYBODY, until)
    return turn
