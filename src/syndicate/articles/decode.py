"""A page's bytes -> its lines (PAGES.md, "Rules that settle what the shape leaves open")."""

import re

from syndicate.errors import PageRefused
from syndicate.model import Notice, Page

_BLANKS = " \t\r\u00a0\u3000\ufeff"
_DROPPED = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]")
_BINARY_SHARE = 0.3  # of all characters: no text that a person wrote holds so many controls


def decode(page: Page) -> tuple[list[str], tuple[Notice, ...]]:
    """Return the page's lines that are not blank, and what was dropped from them.

    Lines end at LF or CRLF alone. Blanks at both ends of a line go, and the controls that no
    document can hold or that turn text around; everything else stays, code point for code point.
    """
    if not page.data:
        raise PageRefused(f"{page.path}: is empty. Write the page, or remove the file.")
    try:
        text = page.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageRefused(
            f"{page.path}: is not UTF-8 text (byte {error.start + 1}). Save it as UTF-8."
        ) from None
    kept, dropped = _DROPPED.subn("", text)
    if dropped > len(text) * _BINARY_SHARE:
        raise PageRefused(f"{page.path}: is binary, not text. Remove the file, or write a page.")
    lines = [line for raw in kept.split("\n") if (line := raw.strip(_BLANKS))]
    if not lines:
        raise PageRefused(f"{page.path}: holds no text. Write the page, or remove the file.")
    return lines, _notices(dropped)


def _notices(dropped: int) -> tuple[Notice, ...]:
    if not dropped:
        return ()
    return (Notice("control-characters", f"{dropped} control characters were dropped"),)
