"""An editor's note: front matter, and opening words below it (`_editions/NEWSLETTER/next.md`)."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from syndicate.articles import front
from syndicate.articles.metadata import one_line
from syndicate.errors import PageRefused
from syndicate.model import Note

KEYS = ("subject", "preheader", "lead", "order", "exclude")


def read_note(text: str, path: str) -> Note:
    """Read a note. Raises PageRefused, which names the file and the key."""
    said, body = front.fields(text, path)
    for key in said:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(KEYS)}."
            raise PageRefused(f"{path}: {key}: unknown key; {hint}")
    lead = _line(said, "lead", path)
    order = _names(said, "order", path)
    return Note(
        subject=_line(said, "subject", path),
        preheader=_line(said, "preheader", path),
        opening=_paragraphs(body),
        order=tuple(dict.fromkeys((*((lead,) if lead else ()), *order))),
        exclude=_names(said, "exclude", path),
    )


def _line(said: Mapping[str, Any], key: str, path: str) -> str:
    value = said.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise PageRefused(f"{path}: {key}: expected one line of text (found {value!r}).")
    return one_line(str(value))


def _names(said: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
    value = said.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or any(isinstance(one, dict | list | bool) for one in value):
        raise PageRefused(f"{path}: {key}: expected a list of articles (found {value!r}).")
    return tuple(one_line(str(one)) for one in value)


def _paragraphs(body: str) -> tuple[str, ...]:
    """Paragraphs stand apart by empty lines; what is wrapped by hand is one line."""
    blocks = body.replace("\r\n", "\n").split("\n\n")
    lines = (" ".join(block.split()) for block in blocks)
    return tuple(line for line in lines if line)
