import pytest
from sqlalchemy import text

from syndicate.cli.status import show, summary
from syndicate.jobs.control import pause, pause_all, resume, resume_all
from syndicate.jobs.watch import Status, watch
from syndicate.model import Deferred, Depth, silent
from syndicate.store import trials, variants
from syndicate.store.database import Store
from tests.world import World


def test_nothing_is_sent(store: Store) -> None:
    world = World(store)
    assert watch(store, world.now) == Status((), 0.0, 0, None, None, {}, 0, alive=False)


def test_an_edition_that_is_being_sent_adds_up(store: Store) -> None:
    world = World(store)
    world.publish("A")
    world.join("a@gmail.com", "b@gmail.com", "c@one.example", "d@two.example")
    world.cut()
    before = watch(store, world.now)
    assert (before.waiting, before.rate, before.left_seconds) == (4, 0.0, None)
    world.mouth.answers["b@gmail.com"] = [Deferred("450 4.2.0 later", 450)]
    world.send()
    found = watch(store, world.now)
    (one,) = found.editions
    assert (one.edition, one.state, one.frozen) == ("digest/1", "sending", 4)
    assert (one.sent, one.deferred, one.pending, one.under_way) == (3, 1, 0, 0)
    assert list(one.groups) == ["gmail", "other"]
    assert (one.groups["gmail"]["sent"], one.groups["gmail"]["deferred"]) == (1, 1)
    assert one.groups["other"]["sent"] == 2
    assert found.rate == 3 / 60
    assert found.waiting == 1
    assert found.left_seconds == 20
    assert found.next_due is not None
    assert found.next_due > world.now
    for group in one.groups.values():
        assert all(number >= 0 for number in group.values())
    parts = ("sent", "failed", "unknown", "cancelled", "deferred", "pending", "under_way")
    assert sum(getattr(one, part) for part in parts) == one.frozen


def test_what_a_pause_holds_back_does_not_wait_to_leave(store: Store) -> None:
    world = World(store)
    world.publish("A")
    world.join("a@example.com", "b@example.com")
    edition = world.cut().edition
    assert edition is not None
    pause_all(store, world.now, silent)
    assert (watch(store, world.now).waiting, watch(store, world.now).held) == (0, 2)
    resume_all(store, silent)
    pause(store, edition, world.now, silent)
    assert (watch(store, world.now).waiting, watch(store, world.now).held) == (0, 2)
    resume(store, edition, silent)
    assert (watch(store, world.now).waiting, watch(store, world.now).held) == (2, 0)


def test_where_no_sender_is_alive_there_is_no_speed(store: Store) -> None:
    world = World(store)
    world.publish("A")
    world.join("a@example.com", "b@example.com")
    world.mouth.answers["b@example.com"] = [Deferred("450 4.2.0 later", 450)]
    world.cut()
    world.send()
    assert watch(store, world.now).rate == 1 / 60
    with store.write() as tx:
        tx.execute(text("UPDATE sender SET began = 'long ago'"))  # its number is another's now
    found = watch(store, world.now)
    assert (found.alive, found.rate, found.left_seconds, found.waiting) == (False, 0.0, None, 1)
    assert found.next_due is not None
    said = summary(found, world.now)
    assert said.startswith("nobody sends just now · 1 waits · next due 2026-")
    assert summary(found, found.next_due) == "nobody sends just now · 1 waits · due now"


def test_where_no_server_hears_letters_the_last_attempt_is_named_and_no_time_is_left(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(store)
    world.publish("A")
    world.join("a@example.com", "b@example.com", "c@example.com")
    world.cut()
    for reader in "bc":
        down = Deferred("connection refused", unheard=True)
        world.mouth.answers[f"{reader}@example.com"] = [down]
    assert world.send().deferred == 2
    found = watch(store, world.now)
    (one,) = found.editions
    assert (one.deferred, one.pending, found.waiting) == (2, 0, 2)
    assert (found.rate, found.left_seconds) == (1 / 60, None)
    show(found, world.now)
    said = capsys.readouterr().out
    assert " UTC: deferred: connection refused\n" in said
    assert " left" not in said
    world.pass_time(minutes=5)
    world.send()
    assert watch(store, world.now).last is None


def test_a_letter_of_no_edition_that_waits_is_told(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(store)
    with store.write() as tx:
        variant = variants.add(tx, None, "t:1", "en", Depth.SUMMARIES, ())
        trials.put_test(tx, "digest", variant, "t:1", "a@b.example", b"a", "other", "en", world.now)
    world.render()
    world.mouth.answers["a@b.example"] = [Deferred("connection refused", unheard=True)]
    world.send()
    show(watch(store, world.now), world.now)
    said = capsys.readouterr().out
    assert "No edition is being sent.\n1 letter of no edition waits" in said
    assert "deferred: connection refused" in said
