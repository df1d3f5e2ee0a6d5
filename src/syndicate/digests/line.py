"""Text as one line: what a subject, a name or a button can hold."""

import re
import unicodedata

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)  # would turn what follows round
_JOINER = "\u200d"
_ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Write line breaks and other control characters as a blank, and drop direction overrides."""
    return _BREAKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def clip(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` code points, an ellipsis included, between words or graphemes."""
    if len(text) <= limit:
        return text
    end = limit - len(_ELLIPSIS)
    while end and _joined(text, end):
        end -= 1
    kept = _whole_words(text[:end], text[end]) or text[: limit - len(_ELLIPSIS)]
    return kept.rstrip() + _ELLIPSIS


def _whole_words(kept: str, following: str) -> str:
    """Drop a word that was cut, where words have blanks between them and few letters are lost."""
    if not (kept[-1:].isascii() and following.isascii()) or following == " ":
        return kept
    blank = kept.rfind(" ")
    return kept[:blank] if blank > len(kept) // 2 else kept


def _joined(text: str, at: int) -> bool:
    """Whether the code points before and after `at` are drawn as one."""
    after = text[at]
    return (
        unicodedata.category(after)[0] == "M"
        or after == _JOINER
        or text[at - 1] == _JOINER
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # the letters of a flag
    )
