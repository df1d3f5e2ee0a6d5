"""What a reader may do by a fresh letter to the address itself: a copy, another address, erasure.

Letters of editions get forwarded, so that their links are anyone's; these links are not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from syndicate import mailbox, tokens
from syndicate.errors import TokenRefused
from syndicate.jobs import privacy
from syndicate.jobs.signup import take_turn
from syndicate.model import Event, Signup, SignupKind, Tell, Terms
from syndicate.outbox.domains import domain_group
from syndicate.store import precedence, readers, signups, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from syndicate.store.readers import Person
from syndicate.tokens import Keys

_TAKEN = "Another reader has this address. Please unsubscribe there, or here."
_EXPIRED = "This link has expired. Please ask for a new one."


def ask_for_link(
    store: Store, keys: Keys, subscription_id: int, language: str, network: str, now: datetime
) -> None:
    """Write down that a reader's own link is asked for; it goes to the address that is kept."""
    with store.write() as tx:
        person = readers.person(tx, subscription_id)
        due = take_turn(tx, keys, network, now)
        if person and due is not None:
            signups.add(
                tx,
                SignupKind.ACCOUNT,
                person.address,
                language,
                now,
                due=due,
                subscription_id=subscription_id,
            )


def owner(store: Store, signup_id: int) -> Person:
    """Return whose link it is. Raises TokenRefused when that person was erased meanwhile."""
    with store.read() as tx:
        return _owner(tx, signup_id)[1]


def _owner(tx: Transaction, signup_id: int) -> tuple[Signup, Person]:
    """A link is its address's: who has moved on since needs a fresh one."""
    one = signups.get(tx, signup_id)
    if one is None or one.kind is not SignupKind.ACCOUNT or one.subscription_id is None:
        raise TokenRefused(_EXPIRED)
    person = readers.person(tx, one.subscription_id)
    if person is None or person.address != one.address:
        raise TokenRefused(_EXPIRED)
    return one, person


def copy(store: Store, keys: Keys, signup_id: int) -> Mapping[str, Any]:
    """Return all that is held of the owner of a link."""
    return privacy.export(store, keys, owner(store, signup_id).address)


def erase(store: Store, keys: Keys, signup_id: int, now: datetime, tell: Tell) -> None:
    """Erase the owner of a link."""
    privacy.erase(store, keys, owner(store, signup_id).address, "by the reader", now, tell)


def ask_to_move(
    store: Store,
    keys: Keys,
    signup_id: int,
    address: str,
    network: str,
    now: datetime,
    *,
    smtputf8: bool = False,
) -> None:
    """Write down that letters are to go to another address; a letter asks there first.

    Raises AddressRefused or TokenRefused.
    """
    box = mailbox.parse_new(address, smtputf8=smtputf8)
    with store.write() as tx:
        one, _ = _owner(tx, signup_id)
        due = take_turn(tx, keys, network, now)
        if due is not None:
            signups.add(
                tx,
                SignupKind.MOVE,
                box.address,
                one.language,
                now,
                terms=Terms("account", "", one.language, "", tokens.network_key(keys, network)),
                due=due,
                subscription_id=one.subscription_id,
            )


def move(store: Store, keys: Keys, signup_id: int, network: str, now: datetime, tell: Tell) -> None:
    """Send letters to the address whose reader confirmed it; done twice, it changes nothing.

    Raises TokenRefused when the request is gone, or the address is another reader's or suppressed.
    """
    with store.write() as tx:
        signups.lock(tx, signup_id)
        one = signups.get(tx, signup_id)
        if one is None or one.kind is not SignupKind.MOVE or one.subscription_id is None:
            raise TokenRefused(_EXPIRED)
        if not one.address:
            return
        person = readers.person(tx, one.subscription_id)
        key = tokens.address_key(keys, mailbox.parse(one.address).canonical)
        holder = subscribers.find(tx, key)
        if person is None or suppressions.find(tx, key):
            raise TokenRefused(_EXPIRED)
        if holder is not None and holder.id != person.id:
            raise TokenRefused(_TAKEN)
        numbers = [its.id for its in readers.subscriptions(tx, person.id)]
        precedence.people(tx, numbers)
        if not readers.move(tx, person.id, one.address, key, domain_group(keys, one.address)):
            raise TokenRefused(_TAKEN)
        agreed = Terms("account", "", one.language, "", tokens.network_key(keys, network))
        for number in numbers:
            subscribers.record_consent(tx, number, "moved", "web", "", now, agreed)
        signups.complete(tx, one.id, one.subscription_id)
    tell(Event("reader.moved", {"reader": key}))
