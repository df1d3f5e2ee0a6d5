"""Source lines: a name, an address, and the text that is glued to it (PAGES.md)."""

import re

from msgspec import Struct

from syndicate.articles.decode import BLANKS
from syndicate.articles.grammar import BLANK, excerpt
from syndicate.model import Citation, Notice

_START = re.compile(f"(?:さらに読む|(?i:Read more)){BLANK}⇒{BLANK}")
_CREDIT = re.compile(f"(?:出典|(?i:Source))[/／](?:画像元|(?i:Image))[:：]{BLANK}")
CREDIT_AT_END = re.compile(_CREDIT.pattern + "$")
_CREDITED = re.compile(_CREDIT.pattern + "(?=(?i:https?://))")
_SCHEME = re.compile("(?i:https?://)")
# RFC 3986: unreserved (2.3), gen-delims and sub-delims (2.2), and percent escapes (2.1).
_PLAIN = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]"
_RUN = re.compile(
    f"(?:{_PLAIN}+|%[0-9A-Fa-f]{{2}})*"
)  # possessive groups fail before Python 3.11.5
_FILE_ENDINGS = (".html", ".htm", ".php")
_WORD = re.compile(r"[A-Z][A-Za-z]*(?:['-][A-Za-z]+)*[.,;:!?)'\]]*")


class SourceLine(Struct, frozen=True):
    """What a source line says: `rest` is the text glued to the address, "" if there is none."""

    citation: Citation
    rest: str
    notices: tuple[Notice, ...] = ()


def is_source(line: str) -> bool:
    """Whether a line names a source."""
    return "⇒" in line and _START.match(line) is not None


def name_at(line: str) -> int:
    """Return the place of the name in a line that names a source."""
    start = _START.match(line)
    return start.end() if start else 0


def read_source(line: str) -> SourceLine:
    """Read a line that names a source; without an address, `url` is "" and a notice says so."""
    start = _START.match(line)
    text = line[start.end() :] if start else line
    credit = _CREDITED.search(text) or _last_credit(text)
    name = text[: credit.start()] if credit else text
    url, rest, guessed = _address(text[credit.end() :] if credit else "")
    citation = Citation(name.strip(BLANKS), url)
    return SourceLine(citation, rest.strip(BLANKS), tuple(_notices(citation, guessed)))


def _last_credit(text: str) -> re.Match[str] | None:
    last = None
    for credit in _CREDIT.finditer(text):
        last = credit
    return last


def _address(text: str) -> tuple[str, str, bool]:
    """Split text into the address it begins with and the rest; whether the place is a guess."""
    scheme = _SCHEME.match(text)
    run = _RUN.match(text, scheme.end()) if scheme else None
    if scheme is None or run is None or not run[0]:
        return "", text, False
    word = _glued_word(run[0], followed_by_blank=text[run.end() : run.end() + 1] in set(BLANKS))
    end = run.end() - word
    return text[:end], text[end:], word > 0


def _glued_word(run: str, *, followed_by_blank: bool) -> int:
    """Return the length of the capitalised word of running text that ends an address, else 0.

    English glued to an address cannot be told from it, but a file name ends with its ending, and
    a last name in a path is seldom capitalised and followed by more text.
    """
    for before in (*_FILE_ENDINGS, "/") if followed_by_blank else _FILE_ENDINGS:
        _, found, word = run.rpartition(before)
        if found and _WORD.fullmatch(word):
            return len(word)
    return 0


def _notices(citation: Citation, guessed: bool) -> list[Notice]:
    notices = []
    if citation.url and not citation.name:
        notices.append(Notice("no-source-name", f"the source {citation.url} has no name. Add it."))
    if not citation.url:
        message = f"the source {excerpt(citation.name)} has no address. Add it after 出典/画像元:."
        notices.append(Notice("no-source-url", message))
    if guessed:
        message = f"{citation.url} may be longer. Put a line end between the address and the text."
        notices.append(Notice("url-end-guessed", message))
    return notices
