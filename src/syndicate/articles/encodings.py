"""Which encoding a page's bytes are in: what it says, else UTF-8, else what fits alone (PAGES.md)."""

import codecs
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

_MARKS = (  # the longer first: the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# RFC 1468: text in seven bits, which would pass for ASCII.
_ESCAPED = re.compile(rb"\x1b(?:\$[@B]|\$\([@BDOPQ]|\([BJI])")
_DECLARED = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{1,100}?encoding=["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096  # bytes in which a page says its encoding; HTML asks for 1024
# What the names of the web mean (WHATWG, Encoding): the wider set that writers really used.
_NAMES = {
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji"), "cp932"
    ),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    "iso-2022-jp": "iso2022_jp_ext",
}
_KNOWN = re.compile(
    r"utf-?8|utf-16(?:le|be)?|euc-jp|x-euc-jp|cp932|big5|koi8-[ru]|iso-8859-\d{1,2}|(?:windows-|cp)12\d\d"
)
_SUSPECTS = ("cp932", "euc_jp")
_DISORDER = 0.1  # the share of what does not belong together above which a reading is none
_SHARE = 0.2  # of hiragana among the letters: sentences have twice that
_FEW = 4  # hiragana: fewer may be bytes of anything
_LOOKED_AT = 20_000  # code points
_HIRAGANA = re.compile("[ぁ-ん]")
_KATAKANA = re.compile("[ァ-ヶ]")
_TWO_BYTES = "\u07ff"  # up to here: what a few bytes of another encoding may look like in UTF-8
_SPOKEN = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}


class Decoded(Struct, frozen=True):
    """A page's text; `guessed` is the encoding's name where neither page nor bytes say it."""

    text: str
    guessed: str | None = None


def read_text(data: bytes) -> Decoded | None:
    """Decode a page, None when its encoding cannot be told for sure."""
    for codec in _certain(data):
        try:
            return Decoded(data.decode(codec))
        except UnicodeDecodeError:
            continue
    return _guess(data)


def _certain(data: bytes) -> Iterator[str]:
    """Yield the encodings that the bytes themselves name, and UTF-8, which hardly anything looks like."""
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if marked:
        yield marked
        return
    if _ESCAPED.search(data):
        yield "iso2022_jp_ext"
    declared = _declared(data)
    if declared and max(data.decode(errors="ignore"), default="") <= _TWO_BYTES:
        yield declared
    yield "utf-8"
    if declared:
        yield declared


def _declared(data: bytes) -> str | None:
    head = data[:_HEAD]
    declared = _DECLARED.search(head) if b"<" in head else None
    if declared is None:
        return None
    name = (declared[1] or declared[2]).decode("ascii").lower()
    return (
        _NAMES.get(name, name.removeprefix("x-"))
        if name in _NAMES or _KNOWN.fullmatch(name)
        else None
    )


def _guess(data: bytes) -> Decoded | None:
    """Take the one reading that is Japanese: hiragana tells, else katakana; no other text has them.

    The library is asked where both can be read, or hardly any hiragana stand in the only one: it takes
    figures in circles, and lines drawn with signs, for disorder.
    """
    texts = {codec: text for codec in _SUSPECTS if (text := _strictly(data, codec)) is not None}
    if len(texts) == 1:
        ((codec, text),) = texts.items()
        if _is_running(text[:_LOOKED_AT]):
            return Decoded(text, _SPOKEN[codec])
    return _least_disorder(data, texts) if texts else None


def _is_running(text: str) -> bool:
    """Whether a text has as much hiragana among its letters as Japanese sentences have."""
    hiragana = len(_HIRAGANA.findall(text))
    letters = sum(c.isalpha() and not c.isascii() for c in text)
    return hiragana >= _FEW and hiragana >= letters * _SHARE


def _least_disorder(data: bytes, texts: Mapping[str, str]) -> Decoded | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most pages need none

    found = from_bytes(data, cp_isolation=list(_SUSPECTS), preemptive_behaviour=False)
    read = {one.encoding for one in found if one.chaos <= _DISORDER}
    texts = {codec: text for codec, text in texts.items() if codec in read}
    for kana in (_HIRAGANA, _KATAKANA):
        likely = [codec for codec, text in texts.items() if kana.search(text)]
        if len(likely) == 1:
            return Decoded(texts[likely[0]], _SPOKEN[likely[0]])
        if likely:
            break
    return None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None
