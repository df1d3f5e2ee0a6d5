"""Texts made small once, so that no request has to: brotli and gzip (brotli is fenced here).

The same bytes give the same bytes: no time stands in them.
"""

import gzip
import zlib
from os.path import splitext
from pathlib import PurePosixPath

import brotli

from syndicate.addresses import is_archive

FORMS = (".br", ".gz")  # what is added to the name of a text
_FEEDS = {".atom", ".rss", ".opml"}
_TEXTS = {*_FEEDS, ".html", ".css", ".js", ".json", ".svg", ".txt", ".webmanifest", ".xml"}
_SELDOM = (
    5  # brotli's quality for pages, made often, and closed documents: they are asked for seldom
)
_FEED = 11  # a feed is asked for all day: the best there is
_LONG_FEED = 8  # 7 % more bytes than 11, in a thirtieth of the time or less; 9 saves nothing more
_LONG = 256 * 1024  # bytes; above it quality 11 takes from half a second to many
_GZIP = 5  # 1 % more bytes than 6 where the text is long, in two thirds of the time


def is_text(path: str) -> bool:
    """Whether a published file is one that compressed forms may stand beside."""
    return splitext(path)[1] in _TEXTS  # noqa: PTH122 - asked of every file; a Path costs ten times this


def compressed(path: str, data: bytes, ending: str) -> bytes:
    """Return one of the FORMS of a published text."""
    if ending == ".gz":
        return gzip.compress(data, compresslevel=_GZIP, mtime=0)
    quality = _quality(path, len(data))
    small: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality)
    return small


def expanded(ending: str, data: bytes) -> bytes | None:
    """Return the text of a compressed form; None where it is damaged."""
    try:
        return brotli.decompress(data) if ending == ".br" else gzip.decompress(data)
    except (brotli.error, OSError, EOFError, zlib.error):
        return None


def _quality(path: str, size: int) -> int:
    if is_archive(path) or PurePosixPath(path).suffix not in {*_FEEDS, ".json"}:
        return _SELDOM
    return _FEED if size <= _LONG else _LONG_FEED
