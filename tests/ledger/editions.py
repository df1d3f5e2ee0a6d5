"""What the tests of the ledger's commands share."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import text

from syndicate.jobs import account
from syndicate.model import (
    Deferred,
    DeliveryState,
    Edition,
    Outcome,
    Refused,
    SignupKind,
    Unknown,
    silent,
)
from syndicate.store import editions, letters, senders, signups
from tests.world import KEYS, World

ANN, BEN, CAT = "ann@example.com", "ben@example.com", "cat@example.com"
REFUSED = Refused("550 5.1.1 no such user", 550, "address")
LOST = Unknown("connection lost after the body")
BUSY = Deferred("451 4.7.1 come back later", 451)


@dataclass
class Sent:
    """An edition of one article, sent once to Ann, Ben and Cat with the answers that a test chose."""

    world: World
    edition: Edition

    def state(self, address: str) -> DeliveryState:
        return states(self.world, self.edition)[address]


def mailed(world: World, **answers: Outcome) -> Sent:
    """Cut and send an edition to three readers; `ann=LOST` is what Ann's server answers."""
    world.publish("one")
    world.join(ANN, BEN, CAT)
    return Sent(world, again(world, **answers))


def again(world: World, **answers: Outcome) -> Edition:
    """Cut and send one more edition."""
    edition = world.cut().edition
    assert edition
    for name, answer in answers.items():
        world.mouth.answers.setdefault(f"{name}@example.com", []).append(answer)
    world.send()
    return edition


def states(world: World, edition: Edition) -> dict[str, DeliveryState]:
    """The state of each reader's letter."""
    with world.store.read() as tx:
        rows = letters.of_edition(tx, edition.id)
        return {row.address or "": DeliveryState(row.state) for row in rows}


def state_of(world: World, edition: Edition) -> str:
    """The state of an edition."""
    with world.store.read() as tx:
        return editions.get(tx, edition.id).state.value


def move(world: World, subscription: int, address: str) -> None:
    """Let a reader confirm another address."""
    with world.store.write() as tx:
        number = signups.add(
            tx, SignupKind.MOVE, address, "en", world.now, subscription_id=subscription
        )
    account.move(world.store, KEYS, number, "192.0.2.1", world.now, silent)


def execute(world: World, statement: str) -> None:
    """Change the ledger by hand."""
    with world.store.write() as tx:
        tx.execute(text(statement))


def name_of(key: str, _variant_id: int | None) -> str:
    """A Message-ID as tests write it: letters in these worlds have no stencil that names a domain."""
    return f"<{key}@example.com>"


def message_id(world: World, key: str) -> str:
    """The Message-ID of a row's letter, as the program makes it."""
    with world.store.read() as tx:
        namespace = senders.namespace(tx)
    return f"{sha256(f'{namespace}/{key}'.encode()).hexdigest()[:32]}@example.com"


def postfix(queue: str, name: str, recipient: str, status: str = "sent (250 2.0.0 OK)") -> str:
    """What Postfix logs of one letter."""
    head = "Nov 23 06:00:01 mx postfix/"
    return (
        f"{head}cleanup[11]: {queue}: message-id=<{name}>\n"
        f"{head}smtp[12]: {queue}: to=<{recipient}>, relay=mx.example[192.0.2.1]:25, delay=0.4, "
        f"delays=0.1/0/0.1/0.2, dsn=2.0.0, status={status}\n{head}qmgr[9]: {queue}: removed\n"
    )
