"""An index that a page can search by itself, from disk too: small script files, and no server.

Text is cut into keys. Of scripts that part no words (Japanese, Thai) these are two characters each,
and the last one alone; of others the first letters of each word. A file holds the keys of the
same first characters with the numbers of their articles, so that a query asks for a few files only.
What is found is compared with the text itself: a key only says where to look.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from jinja2 import Environment
from msgspec import Struct

from syndicate.addresses import absolute, article_path
from syndicate.markup import xml_text
from syndicate.model import Article, Entry, Publication
from syndicate.site.links import links_from, whole_feeds
from syndicate.site.render import render

SEARCH = "search/"
BLOCK = 1000  # articles in a block, by their numbers: what changed costs its own block
_TEXTS = 40  # articles whose texts are one file: about 30 KB
_KEYS = 32  # articles that one more file of keys is made for
_MOST = 32  # files of keys of one block at most
_PREFIX = 5  # letters of a word that are its key
# Scripts that do not part words: Thai to Myanmar, Khmer, and all from the CJK radicals on.
_UNPARTED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"


class _Parted(dict[int, str]):
    """What parts words becomes a blank: everything but letters, numbers and marks."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if unicodedata.category(chr(code))[0] in "LNM" else " "
        return self[code]


_PARTED = _Parted()


class Block(Struct, frozen=True):
    """A part of the index: articles of BLOCK numbers, and into how many files their keys are put."""

    number: int
    files: int

    @property
    def name(self) -> str:
        """The name of its folder, below that of the search page."""
        return f"{self.number}-{self.files}"


def block_of(number: int, articles: int) -> Block:
    """The block of a number that holds so many articles."""
    files = 1
    while files < _MOST and files * _KEYS < articles:
        files *= 2
    return Block(number, files)


def block_paths(block: Block, articles: int) -> tuple[str, ...]:
    """The published paths of a block's files: keys, then texts."""
    texts = range(-(-articles // _TEXTS))
    names = [f"k{place}" for place in range(block.files)] + [f"t{place}" for place in texts]
    return tuple(f"{SEARCH}{block.name}/{name}.js" for name in names)


def block_files(block: Block, entries: Sequence[Entry]) -> dict[str, bytes]:
    """Write a block's files by their paths; articles are known by their place in `entries`."""
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        for key in keys(_text(entry.article)):
            found.setdefault(key, []).append(place)
    files: list[dict[str, str]] = [{} for _ in range(block.files)]
    for key, places in sorted(found.items()):
        files[ord(key[0]) % block.files][key] = _steps(places)
    texts = [
        [_record(entry) for entry in entries[start : start + _TEXTS]]
        for start in range(0, len(entries), _TEXTS)
    ]
    paths = block_paths(block, len(entries))
    return {path: _script(path, value) for path, value in zip(paths, [*files, *texts], strict=True)}


def keys(text: str) -> frozenset[str]:
    """Return what a text is found by. `search.js` cuts queries in the same way."""
    return frozenset(_cut(normal(text)))


def normal(text: str) -> str:
    """The form in which texts and queries are compared: NFKC, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def _cut(text: str) -> Iterator[str]:
    for word in text.translate(_PARTED).split():
        if word.isascii():
            yield word[:_PREFIX]
            continue
        for found in _runs().finditer(word):
            run = found[0]
            if found[1]:
                yield from (run[place : place + 2] for place in range(len(run)))
            else:
                yield run[:_PREFIX]


@cache
def _runs() -> re.Pattern[str]:
    """Find letters of scripts that part no words, as a group, and others; to compile it takes 4 ms."""
    return re.compile(rf"([{_UNPARTED}]+)|[^{_UNPARTED}]+")


def _steps(places: Iterable[int]) -> str:
    """Write rising numbers by what each is more than the one before, which is short."""
    before, steps = 0, []
    for place in places:
        steps.append(str(place - before))
        before = place
    return ",".join(steps)


def _text(article: Article) -> str:
    return "\n".join((article.title, article.summary or "", *article.highlights))


def _record(entry: Entry) -> list[object]:
    """What a result shows: title, address, day, language, summary, highlights."""
    article = entry.article
    return [
        xml_text(article.title),
        links_from(SEARCH).to(article_path(entry.slug)),
        entry.published.isoformat(timespec="seconds"),
        article.language,
        xml_text(article.summary or ""),
        xml_text("\n".join(article.highlights)),
    ]


def _script(path: str, value: object) -> bytes:
    """A file that hands a value over under its own name: from disk, only scripts can be read."""
    name = path.removeprefix(SEARCH).removesuffix(".js")
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'syndicateSearch("{name}",{text})\n'.encode(errors="replace")


def search_page(publication: Publication, blocks: Sequence[Block], environment: Environment) -> str:
    """Write `search/index.html`; `blocks` are the index, the newest first."""
    links = links_from(SEARCH)
    return render(
        environment,
        "search.html",
        publication,
        language=publication.language,
        links=links,
        feeds=whole_feeds(links, publication),
        canonical=absolute(publication.base_url, SEARCH),
        blocks=blocks,
    )
