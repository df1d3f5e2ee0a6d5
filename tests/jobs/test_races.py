"""Two processes at once on PostgreSQL: one is held exactly between its look and its write."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.errors import TokenRefused
from syndicate.jobs import account, approval
from syndicate.jobs.answer import answer
from syndicate.jobs.approval import ApprovalRefused, Choice, ask, decide
from syndicate.jobs.confirm import confirm
from syndicate.jobs.control import cancel, pause, pause_all
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.privacy import erase
from syndicate.jobs.recover import LEASE
from syndicate.jobs.signup import Wish, sign_up
from syndicate.jobs.suppress import import_file
from syndicate.jobs.suppress import suppress as suppress_address
from syndicate.jobs.withdraw import Letters, withdraw
from syndicate.model import Delivery, DeliveryState, Done, Refused, SignupKind, silent
from syndicate.store import (
    editions,
    freeze,
    hot,
    joining,
    ledger,
    readers,
    senders,
    signups,
    suppressions,
)
from syndicate.store.database import Transaction, open_store
from syndicate.store.hot import Sender
from syndicate.store.migrate import upgrade
from tests.world import DIGEST, KEYS, World


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    store = open_store(postgresql_url)
    upgrade(store)
    made = World(store)
    made.join("a@example.com")
    made.publish("one")
    made.cut()
    yield made
    store.close()


def claim(world: World) -> list[int]:
    with world.store.write() as tx:
        return hot.claim(tx, 16, world.now)


def intended(tx: Transaction, world: World, claimed: list[int], fence: int) -> list[Delivery]:
    return hot.intend(tx, Sender(world.seat().sender_id, fence, LEASE), claimed, world.now)


def take_over(world: World) -> list[Delivery]:
    """Settle rows whose lease has run out, and claim them for a sender of our own."""
    with world.store.write() as tx:
        tx.execute(text("UPDATE delivery SET lease_until = 0 WHERE lease_until IS NOT NULL"))
    with world.store.write() as tx:
        ledger.settle_dead(
            tx, senders.dead_or_expired([], ledger.lease_clock(tx, world.now)), world.now
        )
    claimed = claim(world)
    with world.store.write() as tx:
        return intended(tx, world, claimed, 99)


class Aside:
    """Does something in a thread, and waits a second for it: then something of ours holds it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1)
        self.outcome: Future[Any] = Future()

    def start(self, act: Callable[[], object]) -> None:
        self.outcome = self._threads.submit(act)
        with suppress(TimeoutError):
            self.outcome.result(1)


class Meanwhile:
    """Starts something in a thread when the intent has looked at its rows, and before it writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
        self._act, self._commit, self._aside = act, hot._commit_to, Aside()
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(hot, "_commit_to", self._later)

    def _later(self, tx: Transaction, *intents: Any) -> None:
        self._monkeypatch.setattr(hot, "_commit_to", self._commit)
        self._aside.start(self._act)
        self._commit(tx, *intents)

    @property
    def outcome(self) -> Future[Any]:
        return self._aside.outcome


def test_a_row_that_is_taken_over_is_sent_by_one_side_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = claim(world)
    other = Meanwhile(monkeypatch, lambda: take_over(world))
    with world.store.write() as tx:
        ours = intended(tx, world, claimed, 5)
    theirs = other.outcome.result(30)
    assert isinstance(theirs, list)
    assert len(ours) + len(theirs) == 1


@pytest.mark.parametrize("way", ["unsubscribed", "suppressed"])
def test_who_leaves_between_look_and_intent_leaves_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A departure that is committed before the intent is obeyed; so it has to wait for this one."""
    order: list[str] = []

    def leave() -> None:
        if way == "unsubscribed":
            unsubscribe(world.store, 1, "web", world.now, silent)
        else:
            with world.store.write() as tx:
                key = tx.scalar(text("SELECT address_key FROM subscriber"))
                suppressions.suppress(tx, bytes(key or b""), "complaint", "", world.now)
        order.append("left")

    claimed = claim(world)
    other = Meanwhile(monkeypatch, leave)
    with world.store.write() as tx:
        assert len(intended(tx, world, claimed, 5)) == 1
        assert order == []
    other.outcome.result(30)
    assert order == ["left"]


@pytest.mark.parametrize("way", ["unsubscribed", "suppressed"])
def test_who_leaves_between_look_and_intent_of_an_answer_leaves_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """An address that asked has no subscriber yet; a letter of welcome names no subscription."""
    address, order = "new@example.com", list[str]()
    wish = Wish("digest", address, "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    with world.store.write() as tx:
        intended(tx, world, claim(world), 4)  # the letter of the edition: it stays where it is

    def leave() -> None:
        if way == "unsubscribed":
            unsubscribe(world.store, 2, "web", world.now, silent)
        else:
            suppress_address(world.store, KEYS, address, "", world.now, silent)
        order.append("left")

    sign_up(world.store, KEYS, wish, world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    if way == "unsubscribed":
        with world.store.write() as tx:
            intended(tx, world, claim(world), 5)
            number = tx.scalar(text("SELECT id FROM signup")) or 0
        confirm(world.store, KEYS, number, "192.0.2.1", world.now, silent)
        answer(world.store, KEYS, ["digest"], world.now, silent)
    claimed = claim(world)
    other = Meanwhile(monkeypatch, leave)
    with world.store.write() as tx:
        assert len(intended(tx, world, claimed, 6)) == 1
        assert order == []
    other.outcome.result(30)
    assert order == ["left"]


@pytest.mark.parametrize("what", ["one", "all"])
def test_a_pause_between_look_and_intent_says_that_the_letter_is_under_way(
    world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with world.store.read() as tx:
        (edition,) = editions.listed(tx)

    def stop() -> int:
        if what == "all":
            pause_all(world.store, world.now, silent)
        else:
            pause(world.store, edition, world.now, silent)
        with world.store.read() as tx:
            return editions.tally(tx, edition.id)[DeliveryState.PENDING]

    other = Meanwhile(monkeypatch, stop)
    assert world.send().sent == 1
    assert other.outcome.result(30) == 0


def test_what_is_withdrawn_between_look_and_intent_waits_for_the_letters_under_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Meanwhile(monkeypatch, lambda: withdraw(world.store, "1", "wrong", world.now, silent))
    assert world.send().sent == 1
    assert other.outcome.result(30).letters == Letters()


def test_of_two_editors_at_once_one_decides(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = replace(DIGEST, approval="required", editors=("a@example.net", "b@example.net"))
    world.publish("two")
    world.pass_time(days=1)
    world.cut(newsletter=asking)
    ask(world.store, [asking], "v1", world.now, silent)
    with world.store.read() as tx:
        ours, theirs = tx.scalars(text("SELECT id FROM signup WHERE kind = 'proof'")).all()

    def chosen(request: int, choice: Choice) -> None:
        decide(world.store, [asking], request, choice, "v1", world.now, silent)

    start, thread = approval._decide, ThreadPoolExecutor(1)
    held = Future[object]()

    def later(*arguments: object) -> object:
        nonlocal held
        monkeypatch.setattr(approval, "_decide", start)
        held = thread.submit(chosen, theirs, "hold")
        with suppress(TimeoutError):  # it waits for us, unless nothing holds it
            held.result(1)
        return start(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(approval, "_decide", later)
    chosen(ours, "approve")
    with pytest.raises(ApprovalRefused, match=r"decided on before: approved by a@example\.net"):
        held.result(30)


def on_its_way_with_news_to_come(world: World) -> Delivery:
    """Commit to sending the letter of the first edition; a day later there is an article for the next."""
    claimed = claim(world)
    with world.store.write() as tx:
        (letter,) = intended(tx, world, claimed, 5)
    world.publish("two")
    world.pass_time(days=1)
    return letter


def test_who_is_passed_over_while_his_cursor_moves_is_frozen_before_the_edition_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = on_its_way_with_news_to_come(world)
    write_groups = freeze._write_groups

    def later(tx: Transaction, edition: int, chosen: object) -> None:
        with world.store.write() as other:
            hot.finish(other, [(letter, Done(DeliveryState.SENT, "250"))], world.now)
        write_groups(tx, edition, chosen)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(freeze, "_write_groups", later)
        report = world.cut()
    assert (report.letters, report.blocked) == (0, 1)
    assert world.finish() == ("digest/1",)
    world.render()
    world.send()
    assert world.held() == {"a@example.com": [("two",)]}
    assert world.finish() == ("digest/2",)


def test_a_letter_that_lands_while_the_next_edition_is_frozen_is_not_sent_again(
    world: World,
) -> None:
    """The freeze sees the cursor before the letter landed, so that it must see the letter, too."""
    letter = on_its_way_with_news_to_come(world)
    with ThreadPoolExecutor(1) as threads:
        with world.store.write() as tx:
            hot.finish(tx, [(letter, Done(DeliveryState.SENT, "250 ok"))], world.now)
            made = threads.submit(world.cut)
            with suppress(TimeoutError):  # it may wait for the row that we hold
                made.result(1)
        assert made.result(30).letters == 0
    world.finish()
    with world.store.read() as tx:
        ranges = tx.execute(text("SELECT after_seq, upto_seq FROM delivery ORDER BY id")).fetchall()
    assert [tuple(one) for one in ranges] == [(0, 1), (1, 2)]


def test_who_leaves_while_another_letter_is_refused_waits_for_nobody_who_waits_for_him(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal counts as a departure, and so does leaving: the round that records it sends to others."""
    world.join(*(f"r{n}@example.com" for n in range(20)))
    world.publish("two")
    world.cut()
    world.mouth.answers["a@example.com"] = [Refused("550 5.1.1 no such user", 550, "address")]
    count, aside = senders.count_departures, Aside()

    def later(tx: Transaction, more: int) -> None:
        count(tx, more)
        monkeypatch.undo()
        aside.start(lambda: unsubscribe(world.store, 17, "web", world.now, silent))

    monkeypatch.setattr(suppressions, "count_departures", later)
    assert world.send().failed == 1
    assert aside.outcome.result(30)


def test_a_list_of_opt_outs_and_a_group_of_letters_wait_for_each_other_in_one_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.join("b@example.com")
    world.publish("two")
    world.cut()
    file = world.folder / "gone.csv"
    file.write_text("email\nb@example.com\na@example.com\n", encoding="utf-8")
    claimed, note, aside = claim(world), suppressions._note, Aside()

    def intend() -> list[Delivery]:
        with world.store.write() as tx:
            return intended(tx, world, claimed, 5)

    def later(tx: Transaction, *arguments: Any) -> None:
        note(tx, *arguments)
        monkeypatch.undo()
        aside.start(intend)

    monkeypatch.setattr(suppressions, "_note", later)
    assert import_file(world.store, KEYS, file, "", world.now, silent).added == 2
    assert aside.outcome.result(30) == []


def test_what_is_withdrawn_while_an_edition_is_frozen_is_not_mailed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send()
    world.publish("two")
    write_groups, aside = freeze._write_groups, Aside()

    def later(tx: Transaction, *arguments: Any) -> None:
        monkeypatch.undo()
        aside.start(lambda: withdraw(world.store, "2", "wrong", world.now, silent))
        write_groups(tx, *arguments)

    monkeypatch.setattr(freeze, "_write_groups", later)
    assert world.cut().letters == 1
    assert aside.outcome.result(30).letters.cancelled == 1
    assert world.send().sent == 0


def test_an_edition_that_is_cancelled_while_who_waited_is_frozen_makes_no_letter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = claim(world)
    with world.store.write() as tx:
        (letter,) = intended(tx, world, claimed, 5)
    world.publish("two")
    edition = world.cut().edition
    assert edition
    with world.store.write() as tx:
        hot.finish(tx, [(letter, Done(DeliveryState.SENT, "250"))], world.now)
    can_end, aside = editions.can_end, Aside()

    def later(tx: Transaction, number: int) -> bool:
        monkeypatch.undo()
        aside.start(lambda: cancel(world.store, edition, world.now, silent, yes=True))
        return can_end(tx, number)

    monkeypatch.setattr(editions, "can_end", later)
    world.finish()
    aside.outcome.result(30)
    with world.store.read() as tx:
        assert editions.tally(tx, edition.id)["pending"] == 0


def test_of_two_who_move_to_one_address_at_once_one_is_told_that_another_has_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.join("b@example.com")
    with world.store.write() as tx:
        ours, theirs = (
            signups.add(
                tx, SignupKind.MOVE, "new@example.com", "en", world.now, subscription_id=number
            )
            for number in (1, 2)
        )

    def confirmed(request: int) -> None:
        account.move(world.store, KEYS, request, "192.0.2.1", world.now, silent)

    move, aside = readers.move, Aside()

    def later(*arguments: Any) -> bool:
        monkeypatch.undo()
        aside.start(lambda: confirmed(theirs))
        return move(*arguments)

    monkeypatch.setattr(readers, "move", later)
    with pytest.raises(TokenRefused, match="Another reader has this address"):
        confirmed(ours)
    aside.outcome.result(30)


def test_who_is_erased_while_the_address_is_confirmed_leaves_no_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "new@example.com"
    with world.store.write() as tx:
        request = signups.add(tx, SignupKind.JOIN, address, "en", world.now, newsletter=DIGEST.name)
    add, aside = joining.add, Aside()

    def later(*arguments: Any) -> dict[bytes, int]:
        monkeypatch.undo()
        aside.start(lambda: erase(world.store, KEYS, address, "asked", world.now, silent))
        return add(*arguments)

    monkeypatch.setattr(joining, "add", later)
    confirm(world.store, KEYS, request, "192.0.2.1", world.now, silent)
    assert aside.outcome.result(30).subscriptions == 1
    with world.store.read() as tx:
        for table in ("subscriber", "signup"):
            held = text(f"SELECT COUNT(*) FROM {table} WHERE address = :address")
            assert tx.scalar(held, {"address": address}) == 0
