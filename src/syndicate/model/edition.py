"""What a newsletter sends: news, editions, and what one group of readers gets (DELIVERY.md)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndicate.model.series import Entry, Series


class NewsKind(StrEnum):
    """Why an article stands in a newsletter's news log."""

    NEW = "new"
    CORRECTED = "corrected"
    OMNIBUS = "omnibus"


class EditionState(StrEnum):
    """draft -> sending <-> paused -> done; any of them -> cancelled."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class News:
    """One row of a newsletter's append-only news log; `seq` has no gaps."""

    newsletter: str
    seq: int
    article_id: int
    revision: int
    kind: NewsKind


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue of a newsletter. `number` is None until it starts; times are zone-aware UTC.

    `slot` is naive local text in the newsletter's zone (`2026-11-23T07:00`), `article:ID`, or
    `manual:UTC`. `cut` is the greatest news `seq` it holds.
    """

    id: int
    newsletter: str
    slot: str
    number: int | None
    state: EditionState
    cut: int
    created: datetime
    started: datetime | None = None
    held: str | None = None

    @property
    def name(self) -> str:
        """How operators call it: `digest/1`, `digest/draft`, or by its id `digest/@7`.

        An edition of leftovers alone takes no number.
        """
        if self.number is not None:
            return f"{self.newsletter}/{self.number}"
        return f"{self.newsletter}/{'draft' if self.state is EditionState.DRAFT else f'@{self.id}'}"


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """The entries of one series in part order, or one entry that belongs to none (`series` None)."""

    series: Series | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What the readers of one variant get: everything a letter shows but its recipient.

    `address` is the web page of the edition (absolute), or None when it has none.
    """

    newsletter_title: str
    number: int | None
    language: str
    date: datetime
    groups: tuple[DigestGroup, ...]
    subject: str
    preheader: str
    address: str | None = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order shown."""
        return tuple(entry for group in self.groups for entry in group.entries)
