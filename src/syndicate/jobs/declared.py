"""What a page declares of itself, put into effect: dates, address, draft (docs/pages.md)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from syndicate import addresses
from syndicate.model import Metadata, Notice
from syndicate.store.articles import DRAFT, PUBLISHED, SCHEDULED, Row


class Times(Struct, frozen=True):
    """A page's own dates, in the publication's zone where it names none. `published` may lie ahead."""

    published: datetime | None
    updated: datetime | None

    def or_at(self, published: datetime | None) -> "Times":
        """Return these, or another first date where the page has none of its own."""
        return self if self.published else Times(published, None)


def times(metadata: Metadata, zone: str, now: datetime) -> Times:
    """Return the dates a page gives itself: it was not changed before it was published, or after `now`."""
    published, updated = _zoned(metadata.published, zone), _zoned(metadata.updated, zone)
    if published is None or updated is None or not published <= updated <= now:
        updated = None
    return Times(published, updated)


def state(metadata: Metadata, own: Times, before: str | None, now: datetime) -> str:
    """Return the state of an article that was in `before`: once published it is not kept back again."""
    if before not in {None, DRAFT, SCHEDULED}:
        return str(before)
    if metadata.draft:
        return DRAFT
    return SCHEDULED if own.published and own.published > now else PUBLISHED


def wishes(metadata: Metadata, own: Times, now: datetime) -> bool:
    """Whether a page declares anything of itself that may not be granted."""
    ahead = own.published is not None and own.published > now
    return ahead or metadata.draft or metadata.slug is not None


def notices(
    metadata: Metadata, row: Row, zone: str, now: datetime, *, is_new: bool
) -> Iterator[Notice]:
    """Say which wishes of a page were not granted."""
    published = _zoned(metadata.published, zone)
    if published is not None and published > now and row.state in {SCHEDULED, PUBLISHED}:
        when = "then" if row.state == SCHEDULED else "already, and stays so"
        message = f"its date, {published:%Y-%m-%d %H:%M}, is still to come: it is published {when}"
        yield Notice("date-future", f"{message}.")
    wanted = addresses.slug(metadata.slug) if metadata.slug else row.slug
    if wanted != row.slug and is_new:
        message = f"its slug “{wanted}” is taken, so its address has “{row.slug}”"
        yield Notice("slug-taken", f"{message}. Write another one, or leave it out.")
    elif wanted != row.slug:
        message = f"its slug is “{wanted}” now, but its address keeps “{row.slug}”"
        yield Notice("slug-kept", f"{message}. Addresses never change; take the new slug out.")
    if metadata.draft and row.state == PUBLISHED:
        message = "it says draft: true, but is published already, and stays so"
        yield Notice("draft-late", f"{message}. Remove the page, or that line.")


def _zoned(moment: datetime | None, zone: str) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(zone))
