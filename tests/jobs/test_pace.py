from datetime import timedelta

from syndicate.model import Deferred, Event
from syndicate.outbox.lanes import Limit, Way
from syndicate.store import activity
from syndicate.store.database import Store
from tests.world import World

THROTTLED = Deferred("421 4.7.28 slower", 421)


def opened(store: Store, *addresses: str) -> World:
    world = World(store)
    world.publish("A")
    world.join(*addresses)
    world.cut()
    return world


def test_a_configured_lane_keeps_its_pace_while_others_go_on(store: Store) -> None:
    docomo = [f"r{n}@docomo.ne.jp" for n in range(30)]
    world = opened(store, *docomo, *(f"r{n}@gmail.com" for n in range(30)))
    world.way = Way("relay", {"docomo": Limit(5, 5)})
    report = world.send()
    assert (report.sent, report.waiting) == (35, 25)
    assert report.next_due is not None
    assert report.next_due - world.now == timedelta(seconds=0.2)
    seconds = 0
    while world.send().waiting:
        world.pass_time(seconds=1)
        seconds += 1
    assert seconds == 5
    assert len({letter.recipient for letter in world.mouth.taken}) == 60
    assert len(world.mouth.taken) == 60


def test_a_server_that_asks_to_slow_slows_its_lane_alone(store: Store) -> None:
    world = opened(
        store, *(f"r{n}@gmail.com" for n in range(200)), *(f"r{n}@me.com" for n in range(20))
    )
    world.mouth.answers["r3@gmail.com"] = [THROTTLED]
    report = world.send()
    assert report.deferred == 1
    assert 20 <= report.sent < 100
    assert sum(one.recipient.endswith("@me.com") for one in world.mouth.taken) == 20
    with store.read() as tx:
        limited = activity.limited(tx)
    assert list(limited) == ["gmail"]
    assert 10 <= limited["gmail"] < 20
    rounds = 0
    while world.send().waiting:
        world.pass_time(seconds=30)
        rounds += 1
        assert rounds < 200
    assert len(world.mouth.taken) == len({one.recipient for one in world.mouth.taken}) == 220


def test_every_letter_is_told_with_its_lane_and_reader_and_no_address(store: Store) -> None:
    world = opened(store, "a@gmail.com")
    told: list[Event] = []
    world.tell = told.append
    world.send()
    (event,) = [one for one in told if one.name == "delivery.sent"]
    assert event.values["lane"] == "gmail"
    assert isinstance(event.values["reader"], bytes)
    assert "@" not in repr(event)
