"""Letters that may have arrived, settled by a log, a list or the operator, on both databases."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from syndicate.jobs import control, evidence, readers, subscribe, withdraw
from syndicate.jobs.answer import answer
from syndicate.jobs.audit import audit
from syndicate.jobs.editions import cut
from syndicate.jobs.evidence import NoEvidence, Reconciled, ResendRefused, Resent
from syndicate.jobs.leave import unsubscribe
from syndicate.jobs.signup import Wish, sign_up
from syndicate.jobs.slots import slot_by_hand
from syndicate.model import Delivery, DeliveryState, Edition, Event, Letter, Refused, silent
from syndicate.store import doubt, suppressions
from syndicate.store.evidence import count_unsettled
from syndicate.store.schema.people import subscription
from tests.ledger.editions import (
    ANN,
    BEN,
    BUSY,
    CAT,
    LOST,
    Sent,
    again,
    execute,
    mailed,
    message_id,
    name_of,
    postfix,
    state_of,
    states,
)
from tests.world import DIGEST, KEYS, World, letter_of

PENDING, SENT, UNKNOWN = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.UNKNOWN


@pytest.fixture
def sent(world: World) -> Sent:
    """Ann's and Ben's letters may have arrived; Cat's did."""
    return mailed(world, ann=LOST, ben=LOST)


def reconcile(world: World, log: str) -> Reconciled:
    return evidence.reconcile(world.store, log.splitlines(keepends=True), "log", world.now, silent)


def resend(world: World, edition: Edition, *, yes: bool = True) -> Resent:
    return evidence.resend(world.store, edition, name_of, world.now, silent, yes=yes)


def details(world: World, key: str) -> list[tuple[str, str]]:
    query = (
        "SELECT v.kind, v.detail FROM delivery_event v JOIN delivery d ON d.id = v.delivery "
        "WHERE d.key = :key ORDER BY v.id"
    )
    with world.store.read() as tx:
        return [(row[0], row[1]) for row in tx.execute(text(query), {"key": key})]


def test_uncertain_letters_are_listed_with_what_was_heard_last(world: World, sent: Sent) -> None:
    first, second = evidence.uncertain(world.store, None, name_of, world.now)
    assert (first.key, first.edition, first.address) == ("e:1:1", "digest/1", ANN)
    assert (first.message_id, first.reply, first.at) == (name_of("e:1:1", 0), LOST.reply, world.now)
    assert (second.key, second.obstacle) == ("e:1:2", None)
    assert ANN not in repr(first)
    assert evidence.uncertain(world.store, sent.edition, name_of, world.now) == [first, second]


def test_uncertain_letters_are_counted_of_editions_and_of_none(world: World, sent: Sent) -> None:
    wish = Wish("digest", "dee@example.com", "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    sign_up(world.store, KEYS, wish, world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    world.mouth.answers["dee@example.com"] = [LOST]
    world.send(compose=letter_of)
    listed = evidence.uncertain(world.store, None, name_of, world.now)
    with world.store.read() as tx:
        assert count_unsettled(tx) == len(listed) == 3


def test_uncertain_letters_that_answer_requests_are_listed_and_settled_too(world: World) -> None:
    wish = Wish("digest", ANN, "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    sign_up(world.store, KEYS, wish, world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    world.mouth.answers[ANN] = [LOST]
    world.send(compose=letter_of)
    (one,) = evidence.uncertain(
        world.store, None, evidence.message_ids(world.store, "news.example.com"), world.now
    )
    assert (one.edition, one.address, one.reply) == ("", ANN, LOST.reply)
    assert one.obstacle == "it is of no edition: who waits for it asks again"
    assert one.message_id is not None
    assert one.message_id.endswith("@news.example.com>")
    assert reconcile(world, f"{one.message_id}\n").keys == (one.key,)
    assert evidence.uncertain(world.store, None, name_of, world.now) == []


def test_a_log_settles_what_it_proves(world: World, sent: Sent) -> None:
    log = (
        postfix("AAAAAA", message_id(world, "e:1:1"), ANN)
        + postfix("BBBBBB", message_id(world, "e:1:2"), BEN, "bounced (550 no; status=sent)")
        + postfix("CCCCCC", message_id(world, "e:1:3"), CAT)
        + postfix("AAAAAA", "other@example.net", "x@example.net")  # a queue id comes again
        + "Nov 23 06:00:09 mx postfix/smtp[1]: DDDDDD: to=<x@example.net>, relay=none, status=sent (ok)\n"
    )
    report = reconcile(world, log)
    assert report == Reconciled(1, 1, 1, 1, {}, 1, ("e:1:1",))
    assert (sent.state(ANN), sent.state(BEN)) == (SENT, UNKNOWN)
    kind, proof = details(world, "e:1:1")[-1]
    assert kind == "sent"
    assert "AAAAAA: relay=mx.example[192.0.2.1]:25" in proof
    assert ANN not in proof
    assert reconcile(world, log) == Reconciled(0, 2, 1, 1, {}, 1, ())
    assert audit(world.store, sent.edition).holds


def test_a_proof_holds_no_address_that_a_server_repeats(world: World, sent: Sent) -> None:
    odd = '"ann smith"@example.com'
    execute(world, f"UPDATE subscriber SET address = '{odd}' WHERE id = 1")
    reconcile(world, postfix("AAAAAA", message_id(world, "e:1:1"), ANN, f"sent (250 {odd} ok)"))
    assert details(world, "e:1:1")[-1][1].endswith("status=sent (250 <address> ok)")


def test_a_list_of_message_ids_settles_too(world: World, sent: Sent) -> None:
    report = reconcile(world, f"<{message_id(world, 'e:1:1')}>\n{message_id(world, 'e:1:2')}\n\n")
    assert (report.settled, report.still_unknown, report.not_ours) == (2, 0, 0)
    assert details(world, "e:1:2")[-1] == ("sent", "its Message-ID is listed in log")
    assert evidence.uncertain(world.store, None, name_of, world.now) == []
    assert set(states(world, sent.edition).values()) == {SENT}


def test_what_proves_nothing_is_refused(world: World, sent: Sent) -> None:
    with pytest.raises(NoEvidence, match="log: this is no log of Postfix"):
        reconcile(world, "hello\nworld\n")
    assert sent.state(ANN) is UNKNOWN


def test_evidence_keeps_a_letter_from_being_sent_once_more(world: World, sent: Sent) -> None:
    resend(world, sent.edition)
    assert sent.state(ANN) is PENDING
    assert reconcile(world, message_id(world, "e:1:1")).settled == 1
    world.send()
    assert [one.recipient for one in world.mouth.taken] == [CAT, BEN]


def test_letters_in_another_state_are_counted_and_left_alone(world: World) -> None:
    failing = mailed(world, ann=Refused("550 5.7.1 no", 550, "message"))
    report = reconcile(world, message_id(world, "e:1:1"))
    assert (report.settled, report.elsewhere) == (0, {"failed": 1})
    assert failing.state(ANN) is DeliveryState.FAILED


def test_a_log_is_read_line_by_line(world: World, sent: Sent) -> None:
    """No line is asked for before the one before it is done with: none has to be kept."""
    alive = 0

    class Line(str):
        __slots__ = ()

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def lines() -> Iterator[str]:
        nonlocal alive
        for number in range(5000):
            alive += 1
            assert alive <= 3
            yield Line(f"<{number}@example.net>\n")
        yield message_id(world, "e:1:1")

    report = evidence.reconcile(world.store, lines(), "log", world.now, silent)
    assert (report.settled, report.not_ours) == (1, 5000)


def test_without_yes_nothing_is_returned(world: World, sent: Sent) -> None:
    report = resend(world, sent.edition, yes=False)
    assert ([one.address for one in report.letters], report.done) == ([ANN, BEN], False)
    assert (sent.state(ANN), sent.state(BEN)) == (UNKNOWN, UNKNOWN)


def test_a_letter_is_sent_once_more_as_itself(world: World, sent: Sent) -> None:
    seen: list[tuple[str, int | None, datetime, int | None, bool]] = []

    def compose(row: Delivery) -> Letter:
        seen.append((row.key, row.variant_id, row.dated, row.upto_seq, row.was_unknown))
        return letter_of(row)

    world.finish()
    assert state_of(world, sent.edition) == "done"
    first = world.now
    world.pass_time(days=3)
    events: list[Event] = []
    report = evidence.resend(world.store, sent.edition, name_of, world.now, events.append, yes=True)
    assert ([one.key for one in report.letters], report.refused) == (["e:1:1", "e:1:2"], ())
    assert [one.values["letters"] for one in events] == [2]
    assert state_of(world, sent.edition) == "sending"
    world.mouth.answers[ANN] = [BUSY]
    world.send(compose=compose)
    assert (sent.state(ANN), sent.state(BEN)) == (PENDING, SENT)  # patience begins anew
    world.mouth.answers[ANN] = [Refused("550 5.1.1 no", 550, "address")]
    world.pass_time(hours=1)
    world.send(compose=compose)
    assert sent.state(ANN) is UNKNOWN
    assert {one[0]: one[2:] for one in seen} == {
        "e:1:1": (first, 1, True),
        "e:1:2": (first, 1, True),
    }
    assert world.finish() == ("digest/1",)
    assert audit(world.store, sent.edition).holds


def leave(world: World) -> None:
    unsubscribe(world.store, 1, "test", world.now, silent)


def suppress(world: World) -> None:
    with world.store.write() as tx:
        key = tx.scalar(text("SELECT address_key FROM subscriber WHERE id = 1"))
        assert key is not None
        suppressions.suppress(tx, key, "complaint", "spam", world.now)


def erase(world: World) -> None:
    execute(world, "UPDATE subscriber SET address = NULL, address_key = NULL WHERE id = 1")


def move(world: World) -> None:
    statement = text("UPDATE subscriber SET address_key = :key WHERE id = 1")
    with world.store.write() as tx:
        tx.execute(statement, {"key": b"another"})


def open_another(world: World) -> None:
    world.publish("two")
    assert world.cut().edition


def rest(world: World) -> None:
    until = world.now + timedelta(days=3)
    with world.store.write() as tx:
        tx.execute(subscription.update().values(paused_until=until))


def take_down(world: World) -> None:
    withdraw.withdraw(world.store, "one", "a mistake", world.now, silent)


@pytest.mark.parametrize(
    ("change", "obstacle"),
    [
        (rest, "the reader has paused their letters"),
        (take_down, "an article in it was taken down"),
        (leave, "the reader has left"),
        (suppress, "the address is suppressed"),
        (erase, "the reader was erased"),
        (move, "the reader has another address now"),
        (open_another, "another letter of the same reader is open"),
    ],
)
def test_a_letter_that_may_not_be_sent_again_stays_unknown(
    world: World, sent: Sent, change: Callable[[World], None], obstacle: str
) -> None:
    change(world)
    for yes in (False, True):
        report = resend(world, sent.edition, yes=yes)
        reasons = {one.key: one.obstacle or "" for one in report.refused}
        assert reasons["e:1:1"].startswith(obstacle)
        assert "e:1:1" not in [one.key for one in report.letters]
    with world.store.read() as tx:
        state = tx.scalar(text("SELECT state FROM delivery WHERE key = 'e:1:1'"))
    assert state == UNKNOWN


def test_who_leaves_after_a_resend_is_not_mailed(world: World, sent: Sent) -> None:
    resend(world, sent.edition)
    readers.remove(world.store, KEYS, ANN, None, subscribe.Consent("operator"), world.now, silent)
    world.send()
    assert (sent.state(ANN), sent.state(BEN)) == (UNKNOWN, SENT)


def test_nothing_of_a_cancelled_edition_is_sent_again(world: World) -> None:
    sent = mailed(world, ann=LOST, ben=BUSY)
    control.cancel(world.store, sent.edition, world.now, silent, yes=True)
    for yes in (False, True):
        with pytest.raises(
            ResendRefused, match=r"digest/1 is cancelled.* may have arrived count as had"
        ):
            resend(world, sent.edition, yes=yes)
    assert sent.state(ANN) is UNKNOWN
    (letter,) = evidence.uncertain(world.store, None, name_of, world.now)
    assert letter.obstacle == "its edition is cancelled"


def test_a_letter_to_be_sent_once_more_holds_back_the_next_one_and_is_not_replaced(
    world: World, sent: Sent
) -> None:
    resend(world, sent.edition)
    world.publish("two")
    report = world.cut()
    assert (report.letters, report.blocked) == (1, 2)
    world.send()
    assert (sent.state(ANN), sent.state(BEN)) == (SENT, SENT)
    world.finish()
    world.render()
    world.send()
    assert report.edition
    assert set(states(world, report.edition).values()) == {SENT}


def test_only_one_of_two_unknown_letters_of_a_reader_is_open_at_a_time(world: World) -> None:
    first = mailed(world, ann=LOST)
    world.publish("two")
    second = again(world, ann=LOST)
    assert len(resend(world, first.edition).letters) == 1
    (refused,) = resend(world, second).refused
    assert refused.obstacle == "another letter of the same reader is open"


def test_a_letter_that_was_never_rendered_is_listed_without_a_message_id(world: World) -> None:
    world.publish("one")
    world.join(ANN)
    cut(world.store, DIGEST, slot_by_hand(DIGEST, world.now), "v1", world.now, silent)
    world.seat()
    with world.store.write() as tx:
        assert doubt.skip_letters(tx, world.now) == 1
    names = evidence.message_ids(world.store, "example.com")
    (one,) = evidence.uncertain(world.store, None, names, world.now)
    assert (one.key, one.message_id) == ("e:1:1", None)
