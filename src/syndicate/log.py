"""Events become text in one place: one line an event, for people or as JSON (STYLE.md)."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Literal, TextIO

from syndicate.model import Event, Tell

_LEVELS = ("debug", "info", "warning", "error")


def to_stream(
    stream: TextIO,
    clock: Callable[[], datetime],
    style: Literal["text", "json"] = "text",
    least: Literal["debug", "info", "warning", "error"] = "info",
) -> Tell:
    """Return a `tell` that writes events of level `least` and above to `stream`."""
    write = _as_json if style == "json" else _as_text

    def tell(event: Event) -> None:
        if _LEVELS.index(event.level) >= _LEVELS.index(least):
            stream.write(write(event, clock()) + "\n")
            stream.flush()

    return tell


def to_stderr(clock: Callable[[], datetime]) -> Tell:
    """Return the daemon's log: its standard error, which systemd keeps."""
    return to_stream(sys.stderr, clock)


def _as_text(event: Event, now: datetime) -> str:
    values = " ".join(f"{name}={_plain(value)}" for name, value in event.values.items())
    return f"{now:%Y-%m-%dT%H:%M:%S%z} {event.level:7} {event.name} {values}".rstrip()


def _as_json(event: Event, now: datetime) -> str:
    line = {"time": now.isoformat(), "level": event.level, "event": event.name, **event.values}
    return json.dumps(line, ensure_ascii=False, default=str)


def _plain(value: object) -> str:
    """Write a value on one line; blanks and quotes are quoted, line breaks escaped."""
    text = str(value)
    return (
        json.dumps(text, ensure_ascii=False) if not text or set(text) & set(' "\n\r\t=') else text
    )
