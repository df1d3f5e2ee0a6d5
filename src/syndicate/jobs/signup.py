"""Write down what a reader asks for on a page. What depends on the address is done by `answer`, later."""

from datetime import datetime
from ipaddress import ip_address, ip_network

from msgspec import Struct

from syndicate import mailbox, tokens
from syndicate.model import Event, SignupKind, Tell, Terms
from syndicate.outbox.turns import LONGEST, NETWORK, take
from syndicate.store import signups
from syndicate.store.database import Store, Transaction
from syndicate.tokens import Keys


class Wish(Struct, frozen=True):
    """Somebody wants a newsletter, or one series of it alone. `network` is the address it came from."""

    newsletter: str
    address: str
    language: str
    network: str
    form: str
    version: str
    text: str
    series: str | None = None


def sign_up(
    store: Store, keys: Keys, wish: Wish, now: datetime, tell: Tell, *, smtputf8: bool = False
) -> None:
    """Write a wish down. Raises AddressRefused for what cannot be an address, or not be reached.

    It is the same whether the address is known or not. Who asks too often waits; a wish whose turn
    would come after a day is let go, with the same answer.
    """
    box = mailbox.parse_new(wish.address, smtputf8=smtputf8)
    terms = Terms(
        wish.form,
        wish.version,
        wish.language,
        wish.text,
        tokens.network_key(keys, wish.network),
    )
    with store.write() as tx:
        due = take_turn(tx, keys, wish.network, now)
        if due is not None:
            signups.add(
                tx,
                SignupKind.JOIN,
                box.address,
                wish.language,
                now,
                newsletter=wish.newsletter,
                series=wish.series,
                terms=terms,
                due=due,
            )
    tell(Event("signup.asked" if due else "signup.let_go", {"newsletter": wish.newsletter}))


def take_turn(tx: Transaction, keys: Keys, network: str, now: datetime) -> datetime | None:
    """Take a turn in the bucket of a network; None if it would come too late.

    That of everybody is looked at when the turn comes (`answer`): who waits takes nothing from others.
    """
    name = tokens.network_key(keys, network_of(network)).hex()
    due, until = take(signups.taken(tx, name), NETWORK, now)
    if due - now > LONGEST:
        return None
    signups.take_until(tx, name, until)
    return due


def network_of(address: str) -> str:
    """Return the network that an address counts for: /24, or /64 in IPv6; what is none stays as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
