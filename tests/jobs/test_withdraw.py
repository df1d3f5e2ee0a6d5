"""Letters that wait while an article in them is taken down, on both databases."""

import pytest

from syndicate.jobs import withdraw
from syndicate.jobs.deliver import Delivered
from syndicate.jobs.recover import LEASE
from syndicate.jobs.withdraw import Letters
from syndicate.model import Deferred, Edition, Retry, silent
from syndicate.store import hot, variants
from syndicate.store.database import Store
from syndicate.store.hot import Sender
from tests.ledger.editions import ANN, BEN, BUSY, LOST, states
from tests.world import DIGEST, World


@pytest.fixture
def world(store: Store) -> World:
    made = World(store)
    made.publish("one", "two")
    made.join(ANN, BEN)
    return made


def take_down(world: World, name: str) -> Letters:
    done = withdraw.withdraw(world.store, name, "wrong", world.now, silent)
    world.render()
    return done.letters


def put_back(world: World, name: str) -> None:
    withdraw.restore(world.store, name, world.now, silent)


def send(world: World) -> Delivered:
    world.pass_time(days=1)
    return world.send()


def cut(world: World) -> Edition:
    edition = world.cut().edition
    assert edition
    return edition


def test_letters_that_wait_go_out_without_it(world: World) -> None:
    cut(world)
    assert take_down(world, "one") == Letters(changed=2)
    send(world)
    assert world.held() == {ANN: [("two",)], BEN: [("two",)]}
    assert world.cut().edition is None


def test_what_is_down_already_is_refused_with_the_way_back(world: World) -> None:
    slug = withdraw.withdraw(world.store, "one", "wrong", world.now, silent).articles[0]
    with pytest.raises(withdraw.WithdrawalRefused, match=f"syndicate articles restore {slug}$"):
        withdraw.withdraw(world.store, "one", "wrong", world.now, silent)


def test_a_letter_with_nothing_left_is_cancelled(world: World) -> None:
    edition = cut(world)
    take_down(world, "one")
    assert take_down(world, "two") == Letters(cancelled=2)
    assert send(world).sent == 0
    assert world.finish() == (edition.name,)
    assert world.cut().edition is None


def test_a_letter_that_was_tried_is_cancelled_and_the_rest_comes_with_the_next(
    world: World,
) -> None:
    edition = cut(world)
    world.mouth.answers[ANN] = [BUSY]
    world.send()
    assert take_down(world, "one") == Letters(cancelled=1)
    assert states(world, edition) == {ANN: "cancelled", BEN: "sent"}
    cut(world)
    send(world)
    assert world.held() == {ANN: [("two",)], BEN: [("one", "two")]}


def test_what_may_have_arrived_is_not_sent_again(world: World) -> None:
    edition = cut(world)
    world.mouth.answers[ANN] = [LOST]
    world.send()
    assert take_down(world, "one") == Letters()
    assert states(world, edition) == {ANN: "unknown", BEN: "sent"}


def test_a_letter_that_was_leaving_and_comes_back_does_not_leave_again(world: World) -> None:
    edition = cut(world)
    sender = Sender(world.seat().sender_id, 7, LEASE)
    with world.store.write() as tx:
        (first,) = hot.intend(tx, sender, hot.claim(tx, 1, world.now), world.now)
    assert take_down(world, "one") == Letters(changed=1)
    with world.store.write() as tx:
        hot.finish(tx, [(first, Retry(world.now, "451 later", counts=True))], world.now)
    send(world)
    assert set(states(world, edition).values()) == {"cancelled", "sent"}
    assert ("one", "two") not in [letter for some in world.held().values() for letter in some]


def test_a_restored_article_is_news_if_nobody_had_it(world: World) -> None:
    cut(world)
    take_down(world, "one")
    send(world)
    put_back(world, "one")
    cut(world)
    send(world)
    assert world.held() == {ANN: [("two",), ("one",)], BEN: [("two",), ("one",)]}


def test_a_restored_article_is_mailed_to_nobody_if_any_letter_held_it(world: World) -> None:
    cut(world)
    world.mouth.answers[ANN] = [Deferred("451 later", 451)]
    world.send()
    take_down(world, "one")
    put_back(world, "one")
    world.cut()
    send(world)
    assert world.held()[BEN] == [("one", "two")]
    assert len(world.held()[ANN]) == 1


def test_an_article_that_was_down_at_the_cut_and_back_before_any_is_news_once(
    world: World,
) -> None:
    take_down(world, "one")
    put_back(world, "one")
    cut(world)
    send(world)
    assert world.held() == {ANN: [("one", "two")], BEN: [("one", "two")]}


def test_a_draft_starts_without_it_and_the_backlog_stays_nobodys_news(world: World) -> None:
    world.publish("old", backlog=True)
    take_down(world, "old")
    put_back(world, "old")
    take_down(world, "one")
    edition = cut(world)
    send(world)
    assert world.held() == {ANN: [("two",)], BEN: [("two",)]}
    with world.store.read() as tx:
        held = [variants.items(tx, one.id) for one in variants.of_edition(tx, edition.id)]
    assert DIGEST.name == edition.newsletter
    assert all(len(items) == 1 for items in held)
