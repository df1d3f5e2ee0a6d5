"""Events become text in one place: one line an event, for people or as JSON (STYLE.md).

An address key in an event (bytes) is written as its handle, which is the same in every line. Events
hold no address; what looks like one all the same, in the text of some error, is left out here.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Literal, TextIO, get_args

from syndicate import mailbox, tokens
from syndicate.model import Event, Tell

Style = Literal["text", "json"]
Level = Literal["debug", "info", "warning", "error"]
_LEVELS = get_args(Level)


def to_stream(
    stream: TextIO,
    clock: Callable[[], datetime],
    style: Style = "text",
    least: Level = "info",
) -> Tell:
    """Return a `tell` that writes events of level `least` and above to `stream`.

    What cannot be written is not told: a full disk, or a pipe that nobody reads, ends no work.
    """
    write = _as_json if style == "json" else _as_text

    def tell(event: Event) -> None:
        if _LEVELS.index(event.level) >= _LEVELS.index(least):
            with suppress(OSError):
                stream.write(write(event, clock()) + "\n")
                stream.flush()

    return tell


def to_stderr(clock: Callable[[], datetime], style: Style = "text", least: Level = "info") -> Tell:
    """Return the daemon's log: its standard error, which systemd keeps."""
    return to_stream(sys.stderr, clock, style, least)


def _as_text(event: Event, now: datetime) -> str:
    values = " ".join(f"{name}={_plain(value)}" for name, value in event.values.items())
    return f"{now:%Y-%m-%dT%H:%M:%S%z} {event.level:7} {event.name} {values}".rstrip()


def _as_json(event: Event, now: datetime) -> str:
    line = {"time": now.isoformat(), "level": event.level, "event": event.name}
    values = {
        name: value if isinstance(value, int | float | None) else _shown(value)
        for name, value in event.values.items()
    }
    return json.dumps({**line, **values}, ensure_ascii=False)


def _plain(value: object) -> str:
    """Write a value on one line; blanks and quotes are quoted, line breaks escaped."""
    text = _shown(value)
    return (
        json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "\n\r\t=') else text
    )


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return tokens.handle(value)
    return mailbox.redacted(str(value))
