from datetime import timedelta

from sqlalchemy import select, update

from syndicate.model import Accepted, Deferred, DeliveryState
from syndicate.outbox.lanes import Limit, Way
from syndicate.store import activity, lanes
from syndicate.store.database import Store, Transaction
from syndicate.store.ledger import Note, note_all
from syndicate.store.schema.letters import delivery
from syndicate.store.schema.people import subscriber
from syndicate.store.schema.sending import lane
from tests.conftest import NOW
from tests.world import World

FREE = Way("relay.example:25")
LIMITED = Way("relay.example:25", {"docomo": Limit(5, 2)})
THROTTLED = Deferred("421 4.7.0 slower", 421)


def frozen(store: Store, *addresses: str) -> World:
    world = World(store)
    world.publish("A")
    world.join(*addresses)
    world.cut()
    return world


def test_readers_and_their_letters_know_their_domain_group(store: Store) -> None:
    frozen(store, "a@docomo.ne.jp", "b@gmail.com", "c@small.example")
    with store.read() as tx:
        readers = list(tx.scalars(select(subscriber.c.lane).order_by(subscriber.c.id)))
        letters = list(tx.scalars(select(delivery.c.lane).order_by(delivery.c.id)))
    assert readers == letters
    assert letters[:2] == ["docomo", "gmail"]
    assert letters[2].startswith("d-")


def test_nothing_is_limited_until_configured_or_slowed(store: Store) -> None:
    with store.write() as tx:
        assert lanes.load(tx, FREE, NOW) == {}
        assert lanes.learn(tx, FREE, {}, [("gmail", Accepted("250 ok"))], NOW) == {}
        assert tx.execute(select(lane)).fetchall() == []


def test_a_claim_passes_over_a_lane_without_tokens_and_comes_back_to_it_in_its_turn(
    store: Store,
) -> None:
    world = frozen(store, *(f"r{n}@docomo.ne.jp" for n in range(300)), "last@gmail.com")
    with store.write() as tx:
        pace = lanes.load(tx, LIMITED, world.now)
        chosen, after = lanes.pick(tx, LIMITED, pace, look(tx, world), 16, world.now)
        tx.execute(update(delivery).where(delivery.c.id.in_(chosen)).values(state="sending"))
    assert len(chosen) == 3
    with store.read() as tx:
        mine = list(tx.scalars(select(delivery.c.lane).where(delivery.c.id.in_(chosen))))
        turns = list(tx.scalars(select(delivery.c.not_before).where(delivery.c.state == "pending")))
    assert sorted(mine) == ["docomo", "docomo", "gmail"]
    assert len(turns) == 298
    assert min(turns) - world.now == timedelta(seconds=0.2)
    assert after["docomo"].tokens == 0
    world.pass_time(seconds=0.4)
    with store.write() as tx:
        pace = lanes.load(tx, LIMITED, world.now)
        chosen, _ = lanes.pick(tx, LIMITED, pace, look(tx, world), 16, world.now)
    assert len(chosen) == 2


def look(tx: Transaction, world: World) -> lanes.Look:
    due = select(delivery.c.id, delivery.c.lane).where(
        delivery.c.state == DeliveryState.PENDING, delivery.c.not_before <= world.now
    )
    in_line = due.order_by(delivery.c.not_before, delivery.c.id)
    return lambda limit: [(row.id, row.lane) for row in tx.execute(in_line.limit(limit))]


def test_a_slowed_lane_is_kept_for_its_relay_alone_and_forgotten_when_free(store: Store) -> None:
    frozen(store, "a@gmail.com")
    with store.write() as tx:
        slow = lanes.learn(tx, FREE, {}, [("gmail", THROTTLED)], NOW)
    assert slow["gmail"].rate == 10
    with store.write() as tx:
        assert lanes.load(tx, FREE, NOW) == slow
        assert lanes.load(tx, Way("elsewhere:25"), NOW) == {}
        assert activity.limited(tx) == {"gmail": 10}
        taken = [("gmail", Accepted("250 ok"))] * 700
        assert lanes.learn(tx, FREE, slow, taken, NOW) == {}
    with store.read() as tx:
        assert activity.limited(tx) == {}


def test_a_slowing_starts_from_the_speed_of_the_last_minute(store: Store) -> None:
    frozen(store, *(f"r{n}@gmail.com" for n in range(120)), "x@yahoo.com")
    with store.write() as tx:
        numbers = list(tx.scalars(select(delivery.c.id).where(delivery.c.lane == "gmail")))
        notes = [Note(number, 1, DeliveryState.SENT, "250 ok") for number in numbers]
        note_all(tx, notes[:60], NOW - timedelta(minutes=5))
        note_all(tx, notes[60:], NOW)
        assert activity.lately(tx, NOW).by_lane == {"gmail": 1.0}
        note_all(tx, notes * 10, NOW)
        pace = lanes.learn(tx, FREE, {}, [("gmail", THROTTLED)], NOW + timedelta(seconds=10))
    assert pace["gmail"].rate == 50
