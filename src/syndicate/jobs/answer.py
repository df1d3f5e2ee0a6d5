"""Answer the requests of readers with letters, and purge what was not confirmed (MAIL.md, "Consent").

All that depends on an address is decided here: a page does not know whether it is known.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from syndicate import mailbox, tokens
from syndicate.model import Event, Signup, SignupKind, SubscriptionState, Tell
from syndicate.outbox.domains import domain_group
from syndicate.outbox.letters import may_have_one_more
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


@dataclass(frozen=True, slots=True)
class Answered:
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
    letters = dropped = 0
    while True:
        with store.write() as tx:
            found = signups.due(tx, now, BATCH)
            answered = sum(_answer(tx, keys, one, newsletters, now) for one in found)
        letters, dropped = letters + answered, dropped + len(found) - answered
        if len(found) < BATCH:
            break
    if letters or dropped:
        tell(Event("signups.answered", {"letters": letters, "dropped": dropped}))
    return Answered(letters, dropped)


def purge(store: Store, now: datetime, tell: Tell) -> int:
    """Delete the requests that are 7 days old, with their addresses; how many."""
    with store.write() as tx:
        gone = signups.purge(tx, now)
    if gone:
        tell(Event("signups.purged", {"requests": gone}))
    return gone


def _answer(
    tx: Transaction, keys: Keys, one: Signup, newsletters: Collection[str], now: datetime
) -> bool:
    """Put the letter that a request deserves into the ledger; whether there is one."""
    key = tokens.address_key(keys, mailbox.parse(one.address).canonical)
    prefix = _PREFIXES.get(one.kind, _ASKED_FOR)
    known = one.newsletter is None or one.newsletter in newsletters
    if (
        not known
        or suppressions.find(tx, key)
        or not (
            prefix in {_GREETING, _PROOF}
            or may_have_one_more(signups.letters_to(tx, key, prefix), now)
        )
    ):
        signups.drop(tx, one.id)
        return False
    kind, subscription = one.kind, one.subscription_id
    if kind is SignupKind.JOIN and one.newsletter:
        its = joining.standings(tx, one.newsletter, [key]).get(key)
        if its and its.state is SubscriptionState.ACTIVE:
            if one.source != "web":  # an operator's list: the reader has asked for nothing
                signups.drop(tx, one.id)
                return False
            kind, subscription = SignupKind.KNOWN, its.subscription_id
    lane = domain_group(keys, one.address)
    name = f"{prefix}{secrets.token_hex(16)}"
    signups.answer(tx, one, kind, name, key, lane, now, subscription)
    return True
