"""A copy that does not know what happened since is held, and sends again only as it is told."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.content import Folder
from syndicate.errors import SyndicateError
from syndicate.jobs import evidence
from syndicate.jobs.answer import answer
from syndicate.jobs.collect import collect
from syndicate.jobs.confirm import confirm
from syndicate.jobs.doubt import Doubt, look
from syndicate.jobs.due import due_slot
from syndicate.jobs.release import Released, release
from syndicate.jobs.resume import UNSEEN, Choice, Resumed, resume
from syndicate.jobs.rules import USUAL
from syndicate.jobs.signup import Wish, sign_up
from syndicate.model import DeliveryState, Publication, Refused, Unknown, silent
from syndicate.store import editions, marks, senders, witness
from syndicate.store.database import Store
from syndicate.store.hot import Sender, claim, intend
from syndicate.store.lock import LockedError, only_sender
from syndicate.store.types import to_micros
from syndicate.store.witness import SendingHeldError, attest, examine
from tests.jobs.test_editions import cursors
from tests.ledger.editions import message_id, postfix
from tests.world import DIGEST, KEYS, World

ABOUT = Publication("Proof", "https://news.example.com")
READERS = [f"reader{n}@example.com" for n in range(5)]


@pytest.fixture
def world(store: Store) -> World:
    made = World(store)
    made.join(*READERS)
    made.publish("one")
    return made


def age(world: World, *, editions: int = 1, fences: int = 64, departures: int = 0) -> None:
    """Let the witness know of things that happened since: the database is an old copy of itself."""
    attest(world.store, world.folder)
    seen = witness.read(world.folder)
    assert seen is not None
    later = replace(
        seen,
        edition=seen.edition + editions,
        fence=seen.fence + fences,
        departures=seen.departures + departures,
    )
    witness.write(world.folder, later)


def doubt(world: World, *folders: Folder) -> Doubt | None:
    return look(world.store, world.folder, folders, ABOUT, [DIGEST], world.now, silent)


def told(world: World, choice: Choice, *folders: Folder) -> Resumed:
    """Resume, and sit down anew."""
    done = resume(world.store, world.folder, folders, ABOUT, [DIGEST], choice, world.now, silent)
    assert done is not None
    world._seat = None
    return done


def states(world: World) -> list[str]:
    with world.store.read() as tx:
        return list(tx.scalars(text("SELECT state FROM delivery ORDER BY id")))


def reason(world: World) -> str:
    with pytest.raises(SendingHeldError) as held:
        examine(world.store, world.folder)
    return str(held.value)


@pytest.mark.parametrize(
    ("accident", "says"),
    [
        ("behind", "the database is older than witness.json"),
        ("another", "witness.json belongs to another database"),
        ("missing", "witness.json is missing, and editions were sent"),
        ("damaged", "is damaged"),
        ("nothing sent", "the database has sent nothing, and yet"),
        ("marked", "the database is a copy, made on 2026-11-23 at 06:00 UTC"),
    ],
)
@pytest.mark.parametrize("choice", ["skip", "send"])
def test_whatever_speaks_against_a_database_holds_it_until_resume(
    world: World, accident: str, says: str, choice: Choice
) -> None:
    file = world.folder / witness.FILE
    if accident != "nothing sent":
        attest(world.store, world.folder)
        world.cut()
        attest(world.store, world.folder)
    match accident:
        case "behind":
            age(world)
        case "another":
            file.write_text(json.dumps({**json.loads(file.read_text()), "identity": "0" * 32}))
        case "missing":
            file.unlink()
        case "damaged":
            file.write_text('{"identity": ')
        case "nothing sent":
            witness.write(world.folder, witness.Witness("0" * 32, 48, 2, 1))
        case "marked":
            with world.store.write() as tx:
                marks.raise_to(tx, marks.COPIED, to_micros(world.now.replace(minute=0, second=0)))
    assert says in reason(world)
    assert "syndicate resume" in reason(world)
    found = doubt(world)
    assert found is not None
    assert found.reason == reason(world)
    told(world, choice)
    assert examine(world.store, world.folder) is not None
    assert doubt(world) is None


def test_a_database_that_was_never_held_is_left_as_it_is(world: World) -> None:
    world.cut()
    attest(world.store, world.folder)
    before = witness.read(world.folder)
    assert doubt(world) is None
    assert resume(world.store, world.folder, [], ABOUT, [DIGEST], "skip", world.now, silent) is None
    assert witness.read(world.folder) == before
    assert states(world) == ["pending"] * 5


def test_by_skip_nobody_is_mailed_what_is_in_doubt_and_all_get_what_comes_next_once(
    world: World,
) -> None:
    world.cut()
    world.publish("two")
    age(world)
    done = told(world, "skip")
    assert (done.unknown, done.waiting, done.readers) == (5, 0, 5)
    assert states(world) == ["unknown"] * 5
    assert cursors(world) == [2] * 5
    assert world.cut().edition is None
    assert world.send().sent == 0
    world.publish("three")
    world.cut()
    assert world.send().sent == 5
    assert world.held() == {reader: [("three",)] for reader in READERS}


def test_by_skip_no_request_is_answered_twice_and_a_link_of_the_lost_time_works(
    world: World,
) -> None:
    for name in ("ann", "ben"):
        wish = Wish("digest", f"{name}@example.com", "en", "192.0.2.1", "subscribe", "v1", "")
        sign_up(world.store, KEYS, wish, world.now, silent)
        if name == "ann":  # her letter waits in the copy; Ben has none yet
            answer(world.store, KEYS, ["digest"], world.now, silent)
    age(world)
    assert told(world, "skip").unknown == 1
    assert answer(world.store, KEYS, ["digest"], world.now, silent).letters == 0
    assert world.send().sent == 0
    with world.store.read() as tx:
        requests = tx.scalars(text("SELECT id FROM signup")).all()
    for number in requests:
        assert confirm(world.store, KEYS, number, "", world.now, silent).newsletter == "digest"


def test_by_send_what_the_copy_says_is_due_goes_out_once(world: World) -> None:
    world.cut()
    age(world)
    assert told(world, "send").waiting == 5
    assert world.send().sent == 5
    assert world.send().sent == 0
    assert world.cut().edition is None
    assert world.held() == {reader: [("one",)] for reader in READERS}


@pytest.mark.parametrize("choice", ["skip", "send"])
def test_what_was_just_leaving_is_unknown_whatever_is_chosen(world: World, choice: Choice) -> None:
    world.cut()
    seat = world.seat()
    with world.store.write() as tx:
        sender = Sender(seat.sender_id, seat.fence, world.now - world.now)
        intend(tx, sender, claim(tx, 2, world.now), world.now)
    age(world)
    world.pass_time(minutes=5)
    found = doubt(world)
    assert found is not None
    (open_letters,) = found.editions
    assert (open_letters.waiting, open_letters.under_way) == (3, 2)
    told(world, choice)
    assert states(world)[:2] == ["unknown"] * 2
    assert world.send().sent == (3 if choice == "send" else 0)


@pytest.mark.parametrize("choice", ["skip", "send"])
def test_ids_numbers_and_fences_of_the_lost_time_are_never_given_again(
    world: World, choice: Choice
) -> None:
    first = world.cut().edition
    world.send()
    age(world, editions=2, departures=3)
    seen = witness.read(world.folder)
    assert first is not None
    assert seen is not None
    told(world, choice)
    told_twice = witness.read(world.folder)
    assert told_twice is not None
    assert (told_twice.identity != seen.identity, told_twice.fence > seen.fence) == (True, True)
    assert (told_twice.edition, told_twice.departures) == (first.id + 2, 3)
    age(world, editions=0)
    told(world, choice)
    world.join("late@example.com")
    world.publish("two")
    later = world.cut().edition
    assert later is not None
    assert later.id > first.id + 2
    assert later.number == 4
    with world.store.read() as tx:
        ids = list(tx.scalars(text("SELECT id FROM subscription ORDER BY id")))
        keys = set(tx.scalars(text("SELECT key FROM delivery WHERE edition > 1")))
    assert ids[-1] > 1_000_000
    assert keys == {f"e:{later.id}:{one}" for one in ids}
    world.send()
    world.publish("three")
    last = world.cut().edition
    assert last is not None
    assert (last.id, last.number) == (later.id + 1, 5)


def test_without_a_witness_skip_leaves_a_wide_gap(world: World) -> None:
    attest(world.store, world.folder)
    first = world.cut().edition
    assert first is not None
    (world.folder / witness.FILE).unlink()
    told(world, "skip")
    world.publish("two")
    later = world.cut().edition
    assert later is not None
    assert later.id > first.id + UNSEEN
    assert later.number == 1 + UNSEEN + 1


def test_who_is_added_again_after_skip_gets_only_what_comes_next(world: World) -> None:
    age(world)
    told(world, "skip")
    world.join("lost@example.com")
    assert world.cut().edition is None
    world.publish("two")
    cut = world.cut()
    assert cut.edition is not None
    world.send()
    assert world.held()["lost@example.com"] == [("two",)]
    with world.store.read() as tx:
        assert editions.last_cut_sent(tx, "digest") == 2


@pytest.mark.parametrize(
    ("started", "choice", "kept"), [(1, "send", 0), (0, "send", 1), (0, "skip", 0)]
)
def test_a_draft_that_may_have_been_started_is_not_started_from_here(
    world: World, started: int, choice: Choice, kept: int
) -> None:
    world.seat()
    needs = replace(DIGEST, approval="required")
    world.cut(newsletter=needs)
    age(world, editions=started)
    told(world, choice)
    with world.store.read() as tx:
        assert (editions.find(tx, "digest", "draft") is not None) == kept


def test_a_slot_that_passed_counts_as_run_by_skip_and_is_cut_by_send(world: World) -> None:
    world.pass_time(days=3)
    age(world)
    found = doubt(world)
    assert found is not None
    (one,) = found.newsletters
    assert (one.slots, one.latest, one.late) == (3, "2026-11-25T07:00", True)
    assert (one.articles, one.readers) == (1, 5)
    told(world, "send")
    with world.store.read() as tx:
        assert due_slot(tx, DIGEST, world.now) is not None
    age(world)
    assert told(world, "skip").slots == ("digest 2026-11-25T07:00",)
    with world.store.read() as tx:
        assert due_slot(tx, DIGEST, world.now) is None


def test_pages_that_came_since_count_as_mailed_by_skip(world: World, tmp_path: Path) -> None:
    content = Folder(tmp_path / "content", "content")
    age(world)
    with pytest.raises(SyndicateError, match="content directory"):
        told(world, "skip", content)
    assert reason(world)
    content.path.mkdir()
    (content.path / "two.txt").write_text(
        "A page of the lost time\nIt was mailed.\n", encoding="utf-8"
    )
    found = doubt(world, content)
    assert found is not None
    assert (found.pages, found.refused) == (1, 0)
    told(world, "skip", content)
    assert world.cut().edition is None


def test_a_page_whose_date_came_in_the_lost_time_counts_as_mailed_by_skip(
    world: World, tmp_path: Path
) -> None:
    content = Folder(tmp_path / "content", "content")
    content.path.mkdir()
    nine = world.now + timedelta(hours=3)
    page = f"---\ntitle: Out at nine\ndate: {nine:%Y-%m-%dT%H:%MZ}\n---\n\nIt was.\n"
    (content.path / "nine.md").write_text(page, encoding="utf-8")
    collect(world.store, [content], ABOUT, [DIGEST], world.now, silent)
    age(world)
    world.pass_time(days=1)
    told(world, "skip", content)
    assert release(world.store, [DIGEST], USUAL, world.now, silent) == Released()
    assert world.cut().edition is None


def test_after_skip_the_log_of_the_lost_time_settles_letters_that_only_waited(world: World) -> None:
    world.cut()
    age(world)
    told(world, "skip")
    log = postfix("AAAAAA", message_id(world, "e:1:1"), "a@example.com").splitlines(keepends=True)
    assert evidence.reconcile(world.store, log, "log", world.now, silent).settled == 1
    assert states(world)[0] == "sent"


def test_a_letter_that_waits_for_another_try_is_not_tried_again_by_skip(world: World) -> None:
    world.mouth.answers = {
        READERS[0]: [Unknown("gone")],
        READERS[1]: [Refused("550 5.1.1 no", 550, "address")],
    }
    world.cut()
    world.send()
    age(world)
    before = states(world)
    told(world, "skip")
    assert states(world) == before
    assert sorted(before) == sorted(["unknown", "failed", "sent", "sent", "sent"])


def test_every_skipped_letter_says_why_in_its_record(world: World) -> None:
    world.cut()
    age(world)
    told(world, "skip")
    with world.store.read() as tx:
        notes = tx.execute(text("SELECT kind, detail FROM delivery_event")).fetchall()
        reasons = set(tx.scalars(text("SELECT reason FROM delivery")))
        (edition,) = editions.listed(tx)
        tally = editions.tally(tx, edition.id)
    assert [row.kind for row in notes] == [DeliveryState.UNKNOWN.value] * 5
    assert all("restored" in row.detail for row in notes)
    assert reasons == {"restored"}
    assert (edition.state, tally["unknown"]) == ("done", 5)


def test_killed_before_its_last_step_it_is_still_held_and_may_be_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.cut()
    age(world)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(witness, "renew", killed)
        with pytest.raises(KeyboardInterrupt):
            told(world, "send")
    assert "another database" in reason(world)
    assert told(world, "send").waiting == 5
    assert world.send().sent == 5


def test_nobody_resumes_beside_somebody_who_sends(world: World) -> None:
    world.cut()
    if world.store.embedded:
        age(world)
        assert world.store.url.database
        with (
            only_sender(Path(world.store.url.database)),
            pytest.raises(LockedError, match="sending"),
        ):
            told(world, "skip")
    else:
        seat = world.seat()
        with world.store.write() as tx:
            sender = Sender(seat.sender_id, seat.fence, 60 * (world.now.resolution * 10**6))
            intend(tx, sender, claim(tx, 3, world.now), world.now)
            known = senders.identity(tx)
        age(world)
        assert known is not None
        with pytest.raises(LockedError, match="within the last minute"):
            told(world, "skip")
    assert states(world).count("unknown") == 0
