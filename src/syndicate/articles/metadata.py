"""What front matter, a sidecar or a page's markup says about it, checked key by key (PAGES.md)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate import language
from syndicate.articles.decode import visible
from syndicate.articles.moments import read_moment
from syndicate.errors import LanguageRefused
from syndicate.model import Metadata, Notice

_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_LONGEST = 2000  # bytes: PostgreSQL's indexes take 2,704, and browsers and servers hardly more
_NUMBER = re.compile("0*[1-9][0-9]{0,14}", re.ASCII)  # JSON readers and databases hold it exactly
_FIRST_YEAR = (
    1000  # programs that know no date write the year 0 or 1, which leave what can be reckoned
)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # stands for what is later: its last day does, too
_NO_TEXT = (bool, list, dict)
_WORDS = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_SYNONYMS = {
    "lang": "language",
    "description": "summary",
    "excerpt": "summary",
    "published": "date",
    "modified": "updated",
    "authors": "author",
    "keywords": "tags",
    "canonical_url": "canonical",
    "cover": "image",
}

_KEYS = (
    *("title", "summary", "date", "updated", "slug", "draft", "series", "part", "tags", "author"),
    *("language", "canonical", "image", "image_alt"),
)
_KNOWN = frozenset((*_KEYS, *_SYNONYMS))
_LIKE = 0.8  # of difflib: `titel` is like `title`, `subtitle` is not
_LONGEST_KEY = 20  # characters: a longer one is no slip of the pen
_MOST = 50  # unknown keys that are looked at: a page has few
# What is like a key of ours, and is a word of other programs.
_OTHERS = frozenset(
    [
        "images",
        "modified_at",
        "ogimage",
        "parent",
        "publish",
        "publishdate",
        "published_at",
        "updated_at",
    ]
)


class About(Struct, frozen=True):
    """What is said about a page: what takes the place of its text, and its metadata.

    `image` is the lead picture, as written, `image_alt` what it shows; "" says that nobody need know.
    `released` if it is said to be no draft, whatever others say.
    """

    title: str | None = None
    summary: str | None = None
    language: str | None = None
    image: str | None = None
    image_alt: str | None = None
    metadata: Metadata = field(default_factory=Metadata)
    released: bool = False
    notices: tuple[Notice, ...] = ()

    def over(self, other: "About") -> "About":
        """Return what this says, and what `other` says where this says nothing."""
        return About(
            title=self.title or other.title,
            summary=self.summary or other.summary,
            language=self.language or other.language,
            image=self.image or other.image,
            image_alt=self.image_alt or other.image_alt,
            metadata=self.metadata_over(other.metadata),
            released=self.released or (other.released and not self.metadata.draft),
            notices=(*other.notices, *self.notices),
        )

    def metadata_over(self, other: Metadata) -> Metadata:
        """Return the metadata of this, and those of `other` where this has none."""
        own = self.metadata.known() | ({"draft": False} if self.released else {})
        return replace(other, **own)


NOTHING = About()  # of most pages more than one source could tell, and only one does


def read_about(said: Mapping[str, Any], where: str) -> About:
    """Check a table of metadata; a value that cannot be one is left out, with a notice that names it.

    Times without a zone stay so: they are in the publication's. Keys that it does not know are
    left to other programs.
    """
    table = _Table(said, where)
    metadata = Metadata(
        published=table.moment("date"),
        updated=table.moment("updated"),
        tags=table.texts("tags"),
        authors=table.texts("author"),
        slug=table.text("slug"),
        canonical=table.address("canonical"),
        series=table.text("series"),
        part=table.number("part"),
        draft=table.yes("draft"),
    )
    return About(
        title=table.text("title"),
        summary=table.text("summary"),
        language=table.language("language"),
        image=table.text("image"),
        image_alt=table.text("image_alt"),
        metadata=metadata,
        released=table.has("draft") and not metadata.draft,
        notices=tuple(table.notices),
    )


def misspelt(said: Mapping[str, Any], where: str) -> Iterator[Notice]:
    """Name keys that are nearly one of ours, in what other programs read as well."""
    for key in _unknown(said):
        near = _nearest(key.lower())
        if near and key.lower() not in _OTHERS:
            yield _unread(key, where, f"did you mean {near}?")


def unknown(said: Mapping[str, Any], where: str) -> Iterator[Notice]:
    """Name keys that are none of ours, in what nobody else reads."""
    for key in _unknown(said):
        near = _nearest(key.lower())
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(_KEYS)}."
        yield _unread(key, where, hint)


def _unknown(said: Mapping[str, Any]) -> Iterator[str]:
    return islice((key for key in said if key.lower() not in _KNOWN), _MOST)


@lru_cache(1000)  # pages of one program have the same keys
def _nearest(key: str) -> str | None:
    if len(key) > _LONGEST_KEY:
        return None
    return next(iter(get_close_matches(key, sorted(_KNOWN), n=1, cutoff=_LIKE)), None)


def _unread(key: str, where: str, hint: str) -> Notice:
    shown = one_line(key[:40])
    return Notice("metadata-unknown", f"{shown} in {where}: this key is not read; {hint}")


class _Table:
    """A table whose values are taken one by one; `notices` says what did not fit."""

    def __init__(self, said: Mapping[str, Any], where: str) -> None:
        lower = {str(key).lower(): value for key, value in said.items()}
        named = {_SYNONYMS.get(key, key): value for key, value in lower.items()}
        self._said = named | {key: lower[key] for key in named if key in lower}
        self._where = where
        self.notices: list[Notice] = []

    def has(self, key: str) -> bool:
        return self._said.get(key) is not None

    def text(self, key: str) -> str | None:
        value = self._said.get(key)
        if value is None:
            return None
        if isinstance(value, _NO_TEXT):
            self._wrong(key, "a text")
            return None
        return one_line(str(value)) or None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._said.get(key)
        if isinstance(value, dict) and "name" in value:
            value = value["name"]
        if isinstance(value, str):
            value = value.split(",") if key == "tags" else [value]
        if value is None:
            return ()
        if not isinstance(value, list) or any(isinstance(one, dict | list) for one in value):
            self._wrong(key, "a list of texts")
            return ()
        texts = (one_line(str(one)) for one in value if one is not None)
        return tuple(dict.fromkeys(filter(None, texts)))

    def moment(self, key: str) -> datetime | None:
        value = self._said.get(key)
        if isinstance(value, str):
            value = read_moment(value)
        elif value is not None and not isinstance(value, date):
            value = None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time())  # its zone is the publication's
        if value is None or value.year < _FIRST_YEAR:
            if self._said.get(key) is not None:
                self._wrong(key, "a date such as 2026-11-23 or 2026-11-23T07:00:00+09:00")
            return None
        if value.year >= _NEVER.year:
            return _NEVER
        return value.astimezone(UTC) if value.tzinfo else value

    def address(self, key: str) -> str | None:
        value = self._said.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _is_address(address := visible(value).strip()):
            return address
        self._wrong(key, "an address that begins with https://, of 2,000 bytes at most")
        return None

    def number(self, key: str) -> int | None:
        value = self._said.get(key)
        if value is None:
            return None
        text = str(value).strip()
        if not isinstance(value, bool) and _NUMBER.fullmatch(text):
            return int(text)
        self._wrong(key, "a number from 1, of 15 digits at most")
        return None

    def yes(self, key: str) -> bool:
        value = self._said.get(key)
        if isinstance(value, str) and (word := value.strip().lower()) in _WORDS:
            return _WORDS[word]
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true or false", f"The page is taken as a {key} until it is mended.")
            return True  # whatever was meant, it was not meant to be published in haste
        return bool(value)

    def language(self, key: str) -> str | None:
        value = self._said.get(key)
        if value is None:
            return None
        try:
            return language.tag(str(value))
        except LanguageRefused:
            self._wrong(key, "a language such as ja or en-GB")
            return None

    def _wrong(self, key: str, expected: str, done: str = "It was left out.") -> None:
        value = self._said.get(key)
        shown = "a list or table" if isinstance(value, list | dict) else one_line(str(value))[:40]
        message = f"{key} in {self._where} has to be {expected}, not “{shown}”. {done}"
        self.notices.append(Notice("metadata-invalid", message))


def one_line(text: str) -> str:
    """Put a text onto one line, without control characters."""
    return " ".join(visible(text).split())


def _is_address(text: str) -> bool:
    """Whether this is an address of the web whose parts can be told apart: others look at them."""
    if len(text.encode()) > _LONGEST:
        return False
    try:
        return _ADDRESS.fullmatch(text) is not None and urlsplit(text).port != 0
    except ValueError:
        return False
