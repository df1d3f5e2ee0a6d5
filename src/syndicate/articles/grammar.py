"""The marks of a text page, and what single lines say (PAGES.md)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_HIGHLIGHT = re.compile("💡\ufe0f?[ \t\u00a0\u3000]*(.+)", re.DOTALL)
_KEY_POINT = re.compile("✅\ufe0f?[ \t\u00a0\u3000]*(.+)", re.DOTALL)
_DATE = re.compile(
    r"(?:公開日|Published)\s*[:：]\s*(\d{4})\s*[/／.-]\s*(\d{1,2})\s*[/／.-]\s*(\d{1,2})",
    re.IGNORECASE,
)
_NEXT = re.compile(r"(?:次のページを読む|Next page)\s*⇒\s*(.*)", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(r"(?:さらに読む|Read more)\s*⇒", re.IGNORECASE)
_ADDRESS_FOLLOWS = re.compile(
    r"(?:出典[/／]画像元[:：]|Source/Image:)\s*(?=https?://)", re.IGNORECASE
)
# RFC 3986: unreserved, gen-delims, sub-delims, and whole percent-escapes.
_URL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_WORD = re.compile(r"[A-Z][A-Za-z]*[.,;:!?'\")]*")
_PAGE_ENDINGS = (".html", ".htm", ".php")
_SENTENCE_ENDS = ("。", ".", "!", "！", "?", "？")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A cited source, the text glued to its address, and whether the address' end was guessed."""

    name: str
    url: str
    glued: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """The date of a cited source; None where the page names a day that does not exist."""

    day: date | None


def highlight(line: str) -> str | None:
    """Return the text of a 💡 line."""
    found = _HIGHLIGHT.fullmatch(line)
    return found[1] if found else None


def key_point(line: str) -> str | None:
    """Return the text of a ✅ line."""
    found = _KEY_POINT.fullmatch(line)
    return found[1] if found else None


def date_line(line: str) -> DateLine | None:
    """Read a date line, in digits of any width."""
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", line)) if len(line) < 60 else None
    if found is None:
        return None
    try:
        return DateLine(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        return DateLine(None)


def next_marker(line: str) -> str | None:
    """Return what follows the mark of the next page on its own line ("" for nothing)."""
    found = _NEXT.fullmatch(line)
    return found[1] if found else None


def is_question(line: str) -> bool:
    """Whether a line asks."""
    return line.endswith(("?", "？"))


def ends_a_sentence(line: str) -> bool:
    """Whether a line ends as sentences do, which headings do not."""
    return line.endswith(_SENTENCE_ENDS)


def source_line(line: str) -> SourceLine | None:
    """Read a line that cites a source: `さらに読む ⇒NAME出典/画像元: URL` and what is glued to it."""
    begin = _SOURCE.match(line)
    mark = _ADDRESS_FOLLOWS.search(line, begin.end()) if begin else None
    run = _URL.match(line, mark.end()) if mark else None
    if begin is None or mark is None or run is None:
        return None
    end = run.end() - _glued_word(run[0], followed_by_blank=line[run.end() : run.end() + 1] == " ")
    return SourceLine(
        name=line[begin.end() : mark.start()].strip(),
        url=line[run.start() : end],
        glued=line[end:].strip(),
        guessed=end < run.end(),
    )


def _glued_word(url: str, *, followed_by_blank: bool) -> int:
    """How long the capitalised word is that only seems to belong to an address."""
    for ending in _PAGE_ENDINGS:
        at = url.rfind(ending)
        if at >= 0 and _WORD.fullmatch(url, at + len(ending)):
            return len(url) - at - len(ending)
    at = url.rfind("/") + 1
    if followed_by_blank and _WORD.fullmatch(url, at):
        return len(url) - at
    return 0
