"""What a newsletter sends: editions, and what one group of readers gets (DELIVERY.md)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from syndicate.model.news import ItemKind
from syndicate.model.note import Opening
from syndicate.model.preferences import Depth
from syndicate.model.series import Entry, Series


class EditionState(StrEnum):
    """draft -> sending <-> paused -> done; any of them -> cancelled."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Edition(Struct, frozen=True):
    """One issue of a newsletter. `number` is None until it starts; times are zone-aware UTC.

    `slot` is naive local text in the newsletter's zone (`2026-11-23T07:00`), `article:ID`, or
    `manual:UTC`. `cut` is the greatest news `seq` it holds.
    `recipients` is the edition whose readers alone it goes to, with what changed since; `note` are
    an editor's words. Editors may answer until `answer_by`; `answered` is what they said, and who, of
    the content that `asked` names, about which they were asked at `asked_at`.
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
    recipients: int | None = None
    note: Opening | None = None
    answer_by: datetime | None = None
    answered: str | None = None
    asked: str | None = None
    asked_at: datetime | None = None

    @property
    def name(self) -> str:
        """How operators call it: `digest/1`, `digest/draft`, or by its id `digest/@7`.

        An edition of leftovers alone takes no number.
        """
        if self.number is not None:
            return f"{self.newsletter}/{self.number}"
        return f"{self.newsletter}/{'draft' if self.state is EditionState.DRAFT else f'@{self.id}'}"


class DigestItem(Struct, frozen=True):
    """An entry in a digest, and why it stands there.

    A `linked` one is a row with its title and link alone: it is beyond the most full rows.
    """

    entry: Entry
    kind: ItemKind = ItemKind.NEW
    linked: bool = False


class DigestGroup(Struct, frozen=True):
    """The items of one series in part order, or one item that belongs to none (`series` None).

    `catch_up` are the earlier parts of the series that a reader who joined in its middle never got,
    in part order; they are no items.
    """

    series: Series | None
    items: tuple[DigestItem, ...]
    catch_up: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of the items, in the order shown."""
        return tuple(item.entry for item in self.items)


class Digest(Struct, frozen=True):
    """What the readers of one variant get: everything a letter shows but its recipient.

    `address` is the web page of the edition (absolute), or None when it has none. `opening` are the
    editor's words before the articles, a paragraph each. Without `lead_image` there are no pictures.
    """

    newsletter_title: str
    number: int | None
    language: str
    date: datetime
    groups: tuple[DigestGroup, ...]
    subject: str
    preheader: str
    address: str | None = None
    depth: Depth = Depth.SUMMARIES
    opening: tuple[str, ...] = ()
    lead_image: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order shown."""
        return tuple(entry for group in self.groups for entry in group.entries)
