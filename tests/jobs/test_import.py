"""Lists of readers, of ours and of other services, taken in and taken back."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate import tokens
from syndicate.jobs import leave, people, sheet
from syndicate.jobs.answer import answer
from syndicate.jobs.confirm import confirm
from syndicate.jobs.intake import IntakeMailedError, IntakeUnknownError, Taken, take_in, undo
from syndicate.jobs.readers import describe
from syndicate.jobs.sheet import BATCH, ImportRefused
from syndicate.jobs.signup import Wish, sign_up
from syndicate.jobs.subscribe import Consent
from syndicate.model import silent
from syndicate.store import intakes, subscribers, suppressions
from syndicate.store.database import Store, Transaction
from tests.conftest import NOW
from tests.world import KEYS, World

EXPORTS = Path(__file__).parent / "exports"


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def take(
    world: World,
    data: bytes | Path,
    service: str = "",
    *,
    mapped: dict[str, str] | None = None,
    confirmed: bool = True,
    rehearse: bool = False,
) -> Taken:
    file = data if isinstance(data, Path) else world.folder / "people.csv"
    if isinstance(data, bytes):
        file.write_bytes(data)
    wanted = people.preset(service, mapped or {})
    with sheet.reading(file) as opened, sheet.reading(file) as again:
        return take_in(
            world.store,
            KEYS,
            "digest",
            "en",
            people.read(again, str(file), wanted, lambda _warning: None),
            people.read(opened, str(file), wanted, lambda _warning: None),
            Consent("import people.csv", service),
            world.now,
            silent,
            confirmed=confirmed,
            rehearse=rehearse,
        )


def listed(world: World) -> list[tuple[str | None, str, str]]:
    with world.store.read() as tx:
        return [(one.address, one.name, one.state) for one in subscribers.listed(tx)]


def dump(world: World) -> str:
    from syndicate.store.schema.every import metadata

    with world.store.read() as tx:
        return str(
            {name: tx.execute(one.select()).fetchall() for name, one in metadata.tables.items()}
        )


PLAIN = b"email,name,language\na@example.com,Ann,ja\nb@example.com,Ben,\n"


def test_a_list_is_taken_in_once_and_the_same_list_changes_nothing(world: World) -> None:
    first = take(world, PLAIN)
    assert (first.id, first.added, first.refused) == (1, 2, ())
    before = dump(world)
    again = take(world, PLAIN)
    assert (again.id, again.added, again.changed, again.unchanged) == (None, 0, 0, 2)
    assert dump(world) == before


def test_a_rehearsal_says_the_same_and_keeps_nothing(world: World) -> None:
    take(world, PLAIN)
    before = dump(world)
    data = b"email,name,language\na@example.com,Anna,ja\nc@example.com,Cay,\nnonsense,,\n"
    told = take(world, data, rehearse=True)
    assert dump(world) == before
    done = take(world, data)
    assert (told.added, told.changed, told.refused) == (1, 1, done.refused)
    assert (told.id, done.id) == (None, 2)


def test_one_address_twice_in_a_list_is_refused_by_its_line(world: World) -> None:
    report = take(world, b"email\na@example.com\nA@Example.com\na@example.com\n")
    assert report.added == 1
    assert [line for line, _ in report.refused] == [3, 4]
    assert "earlier line" in report.refused[0][1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_names_come_through_in_every_encoding(world: World, encoding: str) -> None:
    take(world, "email,name\na@example.com,山田 太郎\n".encode(encoding))
    assert listed(world) == [("a@example.com", "山田 太郎", "active")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            "email,name\na@example.com,山\n".encode("utf-16"),
            "line 1 is neither UTF-8 nor Shift_JIS",
        ),
        (b"email\na@example.com\n\xff\xfe\xff\n", "line 3 is neither UTF-8 nor Shift_JIS"),
        (b"name,city\nAnn,Rome\n", "email among them"),
        (b"", "it says: nothing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_before_anything_is_done(
    world: World, data: bytes, expected: str
) -> None:
    with pytest.raises(ImportRefused, match=expected):
        take(world, data)
    assert listed(world) == []


def test_what_stands_before_a_broken_line_is_kept_and_the_line_named(world: World) -> None:
    broken = b'c@example.com,"' + b"x" * 2_000_000 + b'"\n'
    report = take(world, b"email,name\na@example.com,A\nb@example.com,B\n" + broken)
    assert report.added == 2
    assert "line 4 cannot be read" in report.ended


def test_columns_are_mapped_by_hand(world: World) -> None:
    data = "メール,氏名,状態\na@example.com,山田,Unsubscribed\nb@example.com,田中,\n".encode(
        "cp932"
    )
    mapped = {"email": "メール", "name": "氏名", "status": "状態"}
    report = take(world, data, mapped=mapped)
    assert (report.added, report.barred) == (1, 1)
    with pytest.raises(ImportRefused, match="'mail' is no field"):
        take(world, data, mapped={"mail": "メール"})
    with pytest.raises(ImportRefused, match="no preset 'substack'"):
        take(world, data, "substack")


# Each export has the same four readers: one who reads, one who did not confirm, one who left, one who bounced
# (where the service tells), and one with a status that we do not know.
@pytest.mark.parametrize(
    ("service", "barred", "refused"),
    [
        ("mailpoet", {"cay": "unsubscribed", "dan": "bounced"}, 2),
        ("mailchimp", {"cay": "unsubscribed", "dan": "bounced"}, 1),
        ("listmonk", {"cay": "unsubscribed", "dan": "unsubscribed"}, 2),
        ("ghost", {"cay": "unsubscribed"}, 1),
        ("buttondown", {"cay": "unsubscribed", "dan": "bounced", "eve": "complaint"}, 2),
    ],
)
def test_an_export_of_another_service_moves_in(
    world: World, service: str, barred: dict[str, str], refused: int
) -> None:
    file = EXPORTS / f"{service}.csv"
    report = take(world, file, service)
    ann = ("ann@example.com", "Ann Archer" if service != "buttondown" else "", "active")
    reads_on = [("gus@example.com", "", "active")] if service == "buttondown" else []  # unpaid now
    assert listed(world) == [ann, *reads_on]
    assert (report.added, report.barred) == (1 + len(reads_on), len(barred))
    assert len(report.refused) == refused
    with world.store.read() as tx:
        for name, reason in barred.items():
            found = suppressions.find(tx, tokens.address_key(KEYS, f"{name}@example.com"))
            assert found, name
            assert found.reason == reason
        row = tx.execute(text("SELECT * FROM consent ORDER BY id")).first()
    assert row is not None
    reader = describe(world.store, KEYS, "ann@example.com")
    (consent,) = reader.memberships[0].consent
    assert consent.at.replace(microsecond=0).isoformat() == "2024-03-05T09:30:00+00:00"
    assert service in consent.evidence
    has_network = service in {"mailpoet", "mailchimp", "buttondown"}
    assert row.network == (tokens.network_key(KEYS, "192.0.2.7") if has_network else None)
    assert "192.0.2.7" not in dump(world)
    before = dump(world)
    assert take(world, file, service).id is None
    assert dump(world) == before


def test_who_left_elsewhere_is_not_mailed_whatever_the_order_of_lines(world: World) -> None:
    world.publish("one")
    take(world, b"email,type\na@example.com,regular\nb@example.com,unsubscribed\n", "buttondown")
    take(world, b"email,type\nb@example.com,regular\na@example.com,unsubscribed\n", "buttondown")
    assert world.cut().edition is None
    assert world.send().sent == 0


def test_an_opt_out_counts_wherever_its_line_stands(world: World) -> None:
    world.publish("one")
    lines = (
        b"email,type\na@example.com,regular\na@example.com,unsubscribed\nb@example.com,regular\n"
    )
    report = take(world, lines, mapped={"status": "type"})
    assert (report.barred, [line for line, _reason in report.refused]) == (1, [2])
    world.publish("two")
    world.cut()
    world.send()
    assert list(world.held()) == ["b@example.com"]


def test_undoing_an_import_forgets_no_opt_out(world: World) -> None:
    lines = b"email,type\nleft@example.com,unsubscribed\nreads@example.com,regular\n"
    report = take(world, lines, mapped={"status": "type"})
    done = undo(world.store, report.id or 0, world.now, silent, yes=False)
    assert (done.removed, done.suppressed) == (1, 1)
    again = take(world, b"email\nleft@example.com\nreads@example.com\n")
    assert (again.added, again.suppressed) == (1, 1)
    world.publish("one")
    world.cut()
    world.send()
    assert list(world.held()) == ["reads@example.com"]


def test_an_import_is_undone(world: World) -> None:
    take(world, b"email,name\nold@example.com,Olga\n")
    before = listed(world)
    report = take(
        world,
        b"email,name,type\nold@example.com,O.,regular\nnew@example.com,,regular\n"
        b"gone@example.com,,unsubscribed\n",
        mapped={"status": "type"},
    )
    assert (report.added, report.changed, report.barred) == (1, 1, 1)
    done = undo(world.store, report.id or 0, world.now, silent, yes=False)
    assert (done.removed, done.ended, done.restored, done.suppressed) == (1, 0, 1, 1)
    assert listed(world) == before
    with pytest.raises(IntakeUnknownError, match="was undone already"):
        undo(world.store, report.id or 0, world.now, silent, yes=False)
    with pytest.raises(IntakeUnknownError, match="is not known"):
        undo(world.store, 99, world.now, silent, yes=False)
    with world.store.read() as tx:
        assert [one.undone for one in intakes.listed(tx)] == [None, world.now]


def test_undoing_leaves_who_has_agreed_by_themselves_since(world: World) -> None:
    report = take(world, b"email\nann@example.com\n")
    leave.unsubscribe(world.store, 1, "web", world.now, silent)
    wish = Wish("digest", "ann@example.com", "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    sign_up(world.store, KEYS, wish, world.now, silent)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    with world.store.read() as tx:
        request = tx.scalar(text("SELECT id FROM signup")) or 0
    confirm(world.store, KEYS, request, "192.0.2.1", world.now, silent)
    done = undo(world.store, report.id or 0, world.now, silent, yes=False)
    assert (done.removed, done.ended, done.kept) == (0, 0, 1)
    assert listed(world) == [("ann@example.com", "", "active")]


def test_undoing_ends_who_had_letters_and_gives_no_number_twice(world: World) -> None:
    world.publish("one")
    report = take(world, b"email\na@example.com\nb@example.com\n")
    world.cut()
    world.send()
    take(world, b"email\nc@example.com\n")
    assert undo(world.store, 2, world.now, silent, yes=False).removed == 1
    done = undo(world.store, report.id or 0, world.now, silent, yes=True)
    assert (done.removed, done.ended) == (0, 2)
    take(world, b"email\nd@example.com\n")
    with world.store.read() as tx:
        assert (tx.scalar(text("SELECT MAX(id) FROM subscription")) or 0) > 3
    world.publish("two")
    world.cut()
    world.send()
    assert sorted(world.held()) == ["a@example.com", "b@example.com", "d@example.com"]


def test_undoing_ends_nobody_and_changes_nothing_until_it_is_meant(world: World) -> None:
    world.publish("one")
    report = take(world, b"email\nhad@example.com\nleft@example.com\n")
    leave.unsubscribe(world.store, 2, "web", world.now, silent)
    world.cut()
    take(world, b"email\nother@example.com\n")
    before = dump(world)
    would = undo(world.store, report.id or 0, world.now, silent, yes=False)
    assert (would.done, would.ended, would.removed) == (False, 1, 0)
    assert dump(world) == before
    done = undo(world.store, report.id or 0, world.now, silent, yes=True)
    assert done == replace(would, done=True)
    assert undo(world.store, 2, world.now, silent, yes=False).done


def test_who_is_written_to_while_an_import_is_undone_is_not_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish("one")
    report = take(world, b"email\na@example.com\n")

    def later(_tx: Transaction, _evidence: str) -> int:
        monkeypatch.undo()
        world.cut()
        return 0

    monkeypatch.setattr(intakes, "suppressions_of", later)
    with pytest.raises(IntakeMailedError, match="were written to just now"):
        undo(world.store, report.id or 0, world.now, silent, yes=False)
    assert listed(world) == [("a@example.com", "", "active")]
    assert undo(world.store, report.id or 0, world.now, silent, yes=False).ended == 1


def test_without_consent_each_is_asked_by_a_letter_and_readers_are_left_alone(world: World) -> None:
    take(world, b"email\nreads@example.com\n")
    data = b"email,name\nreads@example.com,R\nnew@example.com,N\n"
    report = take(world, data, confirmed=False)
    assert (report.added, report.invited, report.unchanged) == (0, 1, 1)
    assert answer(world.store, KEYS, ["digest"], world.now, silent).letters == 1
    world.pass_time(days=2)
    again = take(world, data, confirmed=False)
    assert (again.id, again.invited, again.unchanged) == (None, 0, 2)
    assert answer(world.store, KEYS, ["digest"], world.now, silent).letters == 0
    assert [one[0] for one in listed(world)] == ["reads@example.com"]


def test_undoing_takes_back_who_was_asked_and_did_not_confirm(world: World) -> None:
    report = take(world, b"email\nnew@example.com\nother@example.com\n", confirmed=False)
    answer(world.store, KEYS, ["digest"], world.now, silent)
    assert undo(world.store, report.id or 0, world.now, silent, yes=False).requests == 2
    assert world.send().sent == 0  # what had been made ready is let go


def test_who_has_left_here_is_not_asked_by_a_list(world: World) -> None:
    take(world, b"email\nleft@example.com\n")
    leave.unsubscribe(world.store, 1, "web", NOW, silent)
    take(world, b"email\nleft@example.com\nnew@example.com\n", confirmed=False)
    answered = answer(world.store, KEYS, ["digest"], world.now, silent)
    assert (answered.letters, answered.dropped) == (1, 0)


def test_who_has_left_here_is_not_brought_back_by_a_list(world: World) -> None:
    take(world, PLAIN)
    leave.unsubscribe(world.store, 1, "web", NOW, silent)
    report = take(world, PLAIN)
    assert (report.left, report.unchanged) == (1, 1)


def test_a_language_is_kept_in_its_one_spelling_and_nonsense_refused_by_its_line(
    world: World,
) -> None:
    data = b"email,language\na@example.com,JA\nb@example.com,Japanese\nc@example.com,en_gb\n"
    report = take(world, data)
    assert report.added == 2
    assert [line for line, _ in report.refused] == [3]
    assert "expected a code such as ja" in report.refused[0][1]
    with world.store.read() as tx:
        assert [one.language for one in subscribers.listed(tx, None)] == ["ja", "en-GB"]


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp", "user@例え.jp"])
def test_carriers_and_international_addresses_are_taken(world: World, address: str) -> None:
    assert take(world, f"email\n{address}\n".encode()).added == 1


def test_an_address_that_the_relay_does_not_take_is_looked_at_and_still_suppressed(
    world: World,
) -> None:
    data = "email,status\n読者@example.com,active\n去った@example.com,left\n"
    report = take(world, data.encode())
    assert [line for line, _ in report.refused] == [2]
    assert "mail.smtputf8" in report.refused[0][1]
    assert report.barred == 1


def test_who_left_by_the_last_line_is_never_subscribed_by_the_first(world: World) -> None:
    """A long list is taken in by thousands, and an edition may be cut between two of them."""
    many = "".join(f"reader{n}@example.com,active\n" for n in range(BATCH + 1))
    data = f"email,status\nx@example.com,active\n{many}x@example.com,unsubscribed\n".encode()
    rehearsed = take(world, data, rehearse=True)
    report = take(world, data)
    assert (report.added, report.barred) == (BATCH + 1, 1)
    assert (rehearsed.added, rehearsed.barred) == (report.added, report.barred)
    assert [line for line, _reason in report.refused] == [2]
    assert "x@example.com" not in {address for address, _name, _state in listed(world)}
