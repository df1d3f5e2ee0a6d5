"""The marks of a text page: what a single line is (PAGES.md)."""

import re
import unicodedata
from datetime import date

from syndicate.articles.decode import BLANKS

BLANK = f"[{BLANKS}]*+"  # possessive: a line of a million blanks is looked at once
_EXCERPT = 40  # code points of a line that are enough to find it by

NOTE = re.compile(r"\[\^[^\]\n]+\]")  # the mark of a footnote
_QUESTION = ("?", "？")
_SENTENCE = ("。", ".", "!", "！", *_QUESTION)
_VARIATION = "\ufe0f"  # asks for the coloured form of the mark before it
_NEXT = re.compile(f"(?:次のページを読む|(?i:Next page)){BLANK}⇒{BLANK}")
# Whatever looks like figures is a date line, so that a mistyped date still opens its section.
_DATE = re.compile(f"(?:公開日|(?i:Published)){BLANK}[:：]([0-9０-９年月日/／.．:：－{BLANKS}-]*)")
_ENGLISH = re.compile(f"(?i:Published){BLANK}:|(?i:Read more|Next page){BLANK}⇒")
_DAY = re.compile("([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})")
_KANA = re.compile("[ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿｦ-ﾟ]")


def highlight(line: str) -> str | None:
    """Return what a 💡 line says, or None for any other line."""
    return _after("💡", line)


def key_point(line: str) -> str | None:
    """Return what a ✅ line says, or None for any other line."""
    return _after("✅", line)


def next_page(line: str) -> str | None:
    """Return what follows the mark of the next page on its line ("" if nothing does), else None."""
    found = _NEXT.match(line) if "⇒" in line else None
    return line[found.end() :] if found else None


def is_date_line(line: str) -> bool:
    """Whether a line gives the date of a cited source, possible or not: one that has to fit its warning."""
    return len(line) <= _EXCERPT and _DATE.fullmatch(line) is not None


def date_of(line: str) -> date | None:
    """Return the date of a date line, or None if there is no such day."""
    found = _DATE.fullmatch(line)
    figures = unicodedata.normalize("NFKC", found[1] if found else "")
    day = _DAY.fullmatch(figures.strip())
    try:
        return date(int(day[1]), int(day[2]), int(day[3])) if day else None
    except ValueError:
        return None


def asks(line: str) -> bool:
    """Whether a line ends as a question does."""
    return line.endswith(_QUESTION)


def closes(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.endswith(_SENTENCE)


def speaks_japanese(text: str) -> bool:
    """Whether a text holds kana (Chinese has none)."""
    return _KANA.search(text) is not None


def is_marked_in_english(line: str) -> bool:
    """Whether a line bears an English mark of the shape: such a page says its language by it."""
    return _ENGLISH.match(line) is not None and (is_date_line(line) or "⇒" in line)


def excerpt(text: str) -> str:
    """Return the beginning of a line for a message, on one line and in quotation marks."""
    short = " ".join(text[: _EXCERPT + 1].split())
    return f"“{short[:_EXCERPT]}…”" if len(text) > _EXCERPT else f"“{short}”"


def _after(mark: str, line: str) -> str | None:
    if not line.startswith(mark):
        return None
    return line.removeprefix(mark).removeprefix(_VARIATION).lstrip(BLANKS)
