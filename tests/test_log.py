import json
from errno import ENOSPC
from io import StringIO

import pytest
from sqlalchemy.exc import DBAPIError

from syndicate import log, tokens
from syndicate.model import Event
from syndicate.store import subscribers
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import KEYS, World

READER = tokens.address_key(KEYS, "reader@example.com")
SENT = Event(
    "delivery.sent", {"delivery": "e:1:5", "reader": READER, "reply": '250 2.0.0 "ok"\nmore'}
)


def written(event: Event, style: log.Style = "text", least: log.Level = "info") -> str:
    stream = StringIO()
    log.to_stream(stream, lambda: NOW, style, least)(event)
    return stream.getvalue()


def test_an_event_is_one_line_of_text() -> None:
    handle = tokens.handle(READER)
    assert written(SENT) == (
        "2026-11-23T06:00:00+0000 info    delivery.sent delivery=e:1:5 "
        f'reader={handle} reply="250 2.0.0 \\"ok\\"\\nmore"\n'
    )


def test_an_event_is_one_line_of_json() -> None:
    line = written(SENT, "json")
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "time": "2026-11-23T06:00:00+00:00",
        "level": "info",
        "event": "delivery.sent",
        "delivery": "e:1:5",
        "reader": tokens.handle(READER),
        "reply": '250 2.0.0 "ok"\nmore',
    }


class Full(StringIO):
    def write(self, _text: str) -> int:
        raise OSError(ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_ends_no_sending(store: Store) -> None:
    world = World(store)
    world.publish("one")
    world.join("ann@example.com")
    world.cut()
    world.tell = log.to_stream(Full(), lambda: NOW, least="debug")
    assert world.send().sent == 1


def test_a_reader_has_one_handle_that_only_the_hash_key_leads_to() -> None:
    other = tokens.address_key(KEYS, "other@example.com")
    assert tokens.handle(READER) == tokens.handle(READER)
    assert tokens.handle(READER) != tokens.handle(other)
    assert READER.hex() not in written(SENT)
    assert len(tokens.handle(READER)) == 10


@pytest.mark.parametrize(
    ("level", "least", "kept"),
    [("debug", "info", False), ("info", "info", True), ("warning", "error", False)],
)
def test_events_below_the_level_asked_for_are_left_out(
    level: log.Level, least: log.Level, kept: bool
) -> None:
    assert bool(written(Event("some.thing", {}, level), least=least)) is kept


@pytest.mark.parametrize("style", ["text", "json"])
def test_an_error_that_quotes_an_address_is_written_without_it(style: log.Style) -> None:
    reason = "Traceback: KeyError: 'reader@example.com' (to=<Reader.X@日本.example>)"
    line = written(Event("runner.failed", {"reason": reason}, "error"), style)
    assert "KeyError: '<address>' (to=<address>)" in line


def test_an_edition_without_a_number_is_no_address() -> None:
    line = written(Event("edition.cut", {"edition": "digest/@6", "reason": "said a@6.example"}))
    assert "edition=digest/@6 " in line
    assert "said <address>" in line


def test_an_error_of_the_database_names_no_reader(store: Store) -> None:
    world = World(store)
    world.join("reader@example.com")
    with pytest.raises(DBAPIError) as error, store.write() as tx:
        subscribers.record_consent(tx, 0, "confirmed", "reader@example.com", "", world.now)
    assert "reader@" not in str(error.value)
    assert "SQL parameters hidden" in str(error.value)
