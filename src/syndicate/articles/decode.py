"""From the bytes of a page to lines of text (PAGES.md, "Rules")."""

import re

from syndicate.articles.encodings import read_text
from syndicate.errors import PageRefused
from syndicate.model import Notice, Page

# What nobody sees at the ends of a line: tab, Unicode's space separators, byte order marks, and
# carriage returns, whether they end a line together with LF or were doubled by a careless copy.
BLANKS = (
    "\t\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000\ufeff"
)
# C0 without tab, LF and CR; DEL; the bidirectional overrides and isolates (UAX 9), which could show a
# reader something else than what stands in the text; and halves of characters, which JSON can spell.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_REFERENCE = re.compile("&#(?:[xX]0*([0-9a-fA-F]{1,4})(?![0-9a-fA-F])|0*([0-9]{1,5})(?![0-9]));?")
_BINARY = 3  # one character in three: UTF-16 read as UTF-8 has a NUL at every second place


def decode(page: Page) -> tuple[str, tuple[Notice, ...]]:
    """Decode a page and drop its control characters, with notices of both.

    The text holds something that can be seen. Raises PageRefused if the page does not.
    """
    if not page.data:
        raise PageRefused(f"{page.path}: is empty. Write the article, or remove the file.")
    decoded, guessed = _text_of(page)
    text, notices = _without_controls(decoded, page.path)
    if not text.strip(BLANKS + "\n"):
        raise PageRefused(
            f"{page.path}: holds only blank lines. Write the article, or remove the file."
        )
    return text, (*guessed, *notices)


def plain_markup(html: str, path: str) -> tuple[str, tuple[Notice, ...]]:
    """Drop the control characters that markup spells (`&#8;`), or was made from, with a notice."""
    return _without_controls(_REFERENCE.sub(_meant, html), path)


def _meant(reference: re.Match[str]) -> str:
    """Return the control character that a reference means; another reference as it is."""
    meant = chr(int(reference[1], 16) if reference[1] else int(reference[2]))
    return meant if _CONTROL.match(meant) else reference[0]


def visible(text: str) -> str:
    """Return a text without control characters, which no database and no feed holds."""
    return _CONTROL.sub("", text)


def lines_of(text: str) -> list[str]:
    """Split text at LF or CRLF, and at nothing else, into lines without blank ones and end blanks."""
    return [line for raw in text.split("\n") if (line := raw.strip(BLANKS))]


def _text_of(page: Page) -> tuple[str, tuple[Notice, ...]]:
    decoded = read_text(page.data)
    if decoded is None:
        raise PageRefused(
            f"{page.path}: is not UTF-8 text ({_misfit(page.data)}), and no other encoding is sure. "
            "Save it as UTF-8, or remove it if it is no text."
        )
    if decoded.guessed is None:
        return decoded.text, ()
    message = f"the page was read as {decoded.guessed}, which it does not say. Save it as UTF-8."
    return decoded.text, (Notice("encoding-guessed", message),)


def _misfit(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"byte 0x{data[error.start]:02X} at offset {error.start:,}"
    return "its escape sequences are of another encoding"


def _without_controls(text: str, path: str) -> tuple[str, tuple[Notice, ...]]:
    if text.replace("\n", "").isprintable():  # so is no control character; most texts are
        return text, ()
    kept, count = _CONTROL.subn("", text)
    if not count:
        return text, ()
    if count * _BINARY >= len(text):
        raise PageRefused(
            f"{path}: is binary, not text ({count:,} of its {len(text):,} characters are control "
            "characters). Save it as UTF-8, or remove it if it is no text."
        )
    kinds = ", ".join(f"U+{ord(one):04X}" for one in sorted(set(_CONTROL.findall(text))))
    message = f"control characters were dropped: {count:,} of {kinds}. Remove them from the page."
    return kept, (Notice("control-characters", message),)
