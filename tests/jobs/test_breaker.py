import pytest
from sqlalchemy import text

from syndicate.jobs import control
from syndicate.model import Deferred, Event, Outcome, Refused, silent
from syndicate.outbox.breaker import ENOUGH
from syndicate.store import editions
from syndicate.store.database import Store
from tests.world import World

UNKNOWN_USER = Refused("550 5.1.1 no such user", 550, "address")
SPAM = Refused("554 5.7.1 looks like spam", 554, "message")
LATER = Deferred("452 4.2.2 mailbox full", 452)


def opened(store: Store, answers: dict[int, Outcome]) -> World:
    world = World(store)
    world.publish("A")
    world.join(*(f"r{n}@example.com" for n in range(ENOUGH + 200)))
    world.cut()
    for number, answer in answers.items():
        world.mouth.answers[f"r{number}@example.com"] = [answer]
    return world


def state(world: World) -> tuple[str, str | None]:
    with world.store.read() as tx:
        row = tx.execute(text("SELECT state, held FROM edition")).one()
        return row.state, row.held


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (dict.fromkeys(range(0, 600, 18), UNKNOWN_USER), "addresses were refused"),
        (dict.fromkeys(range(0, 600, 90), SPAM), "letters were refused"),
    ],
    ids=["addresses", "letters"],
)
def test_an_edition_of_which_too_much_is_refused_stops_by_itself(
    store: Store, answers: dict[int, Outcome], said: str
) -> None:
    world = opened(store, answers)
    told: list[Event] = []
    world.tell = told.append
    report = world.send()
    assert report.sent < ENOUGH + 100
    now, held = state(world)
    assert now == "paused"
    assert held
    assert said in held
    assert [one.values["reason"] for one in told if one.name == "breaker.tripped"] == [held]
    assert world.send().sent == 0


def test_a_stopped_edition_that_is_let_go_on_is_weighed_anew(store: Store) -> None:
    world = opened(store, dict.fromkeys(range(0, 700, 18), UNKNOWN_USER))
    world.send()
    assert state(world)[0] == "paused"
    with world.store.read() as tx:
        (edition,) = editions.listed(tx)
    assert control.resume(world.store, edition, silent).changed
    report = world.send()
    assert report.failed > 1
    assert report.waiting == 0
    assert state(world) == ("sending", None)


def test_what_is_only_put_off_stops_nothing(store: Store) -> None:
    world = opened(store, dict.fromkeys(range(0, 700, 2), LATER))
    report = world.send()
    assert (report.sent, report.deferred) == ((ENOUGH + 200) / 2, (ENOUGH + 200) / 2)
    assert state(world) == ("sending", None)


def test_letters_of_the_round_in_which_the_first_refusal_lands_are_weighed_once(
    store: Store,
) -> None:
    few = range(ENOUGH + 4, ENOUGH + 26)  # 4.2 of a hundred, all in one round
    world = opened(store, dict.fromkeys(few, UNKNOWN_USER))
    world.send()
    assert state(world) == ("sending", None)
