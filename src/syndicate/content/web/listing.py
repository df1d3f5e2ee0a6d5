"""What a source lists: the addresses of its pages, and what it says of each."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from syndicate.content.web import names
from syndicate.errors import SyndicateError
from syndicate.net import Answer

_UNHELD = re.compile(
    "[\0\ud800-\udfff]"
)  # NUL, and halves of pairs: no database or file holds them


class ListingRefused(SyndicateError):
    """A list of pages cannot be read. What was known of the source stays as it is."""


class AnswerRefused(ListingRefused):
    """A site answered with another status than 200; `retry` is when it wants to be asked again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{shown(answer.address)}: answers {answer.status}.")
        self.retry = answer.retry
        self.status = answer.status


def refused(answer: Answer, reason: str) -> ListingRefused:
    """Return the refusal of an answer, with its address."""
    return ListingRefused(f"{shown(answer.address)}: {reason}.")


def good(answer: Answer) -> Answer:
    """Return an answer that has a body, or raise AnswerRefused."""
    if answer.status != 200:
        raise AnswerRefused(answer)
    return answer


def from_json(answer: Answer) -> Any:
    """Read JSON, and leave out of its texts what cannot be kept. Raises ValueError, RecursionError."""
    return json.loads(answer.body, object_pairs_hook=_held)


def _held(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        name: _UNHELD.sub("", value) if isinstance(value, str) else value for name, value in pairs
    }


def shown(address: str) -> str:
    """Host and path of an address: its query is nobody's business."""
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{parts.path or '/'}"


class Listed(Struct, frozen=True):
    """A page that a source lists.

    `key` is the same for the same page. `version` changes when the page does, None if the source
    does not say; `published` is the date that the source gives it.
    """

    key: str
    address: str
    version: str | None = None
    published: datetime | None = None


class Listing(Struct, frozen=True):
    """What was listed: `whole` if a page that is not here is no longer there.

    `same` if the list is as it was (304), `index` if it is put together of several. `faults` are the
    lists below it that could not be read. `etag` and `modified` are what to ask with the next time
    (RFC 9110 8.8).
    """

    pages: tuple[Listed, ...] = ()
    whole: bool = False
    same: bool = False
    index: bool = False
    faults: tuple[str, ...] = ()
    etag: str | None = None
    modified: str | None = None


def as_known(listed: Sequence[Listed], known: Collection[str]) -> list[Listed]:
    """Take a page that is listed with another scheme, `www.` or slash than before for the same page.

    `known` are the keys of pages; one that is listed itself is no other.
    """
    others = set(known) - {one.key for one in listed}
    places = {names.place(key): key for key in others if "://" in key}
    new = [one.key not in known and "://" in one.key for one in listed]
    return [
        replace(one, key=places.get(names.place(one.key), one.key)) if is_new else one
        for one, is_new in zip(listed, new, strict=True)
    ]
