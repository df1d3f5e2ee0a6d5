"""What a reader wants of a newsletter, and what a newsletter or a reader leaves out."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct


class Cadence(StrEnum):
    """How often letters come: with each article, or at most one a day, ISO week or month."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Depth(StrEnum):
    """How much of each article a letter shows."""

    HIGHLIGHTS = "highlights"
    SUMMARIES = "summaries"
    FULL = "full"


class Filters(Struct, frozen=True):
    """What passes: an empty list lets all pass, and an article has to pass every list.

    `languages` are BCP 47 tags (`en` lets `en-GB` pass), `tags` are keys as tags are compared by,
    `series` are slugs.
    """

    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()

    def passes(self, language: str, tags: Collection[str], series: str | None) -> bool:
        """Whether an article passes; `series` is the slug of its series, None if it stands alone."""
        return (
            (not self.languages or any(_is_in(language, one) for one in self.languages))
            and (not self.tags or not set(self.tags).isdisjoint(tags))
            and (not self.series or series in self.series)
        )


def _is_in(language: str, wanted: str) -> bool:
    return f"{language.lower()}-".startswith(f"{wanted.lower()}-")


EVERYTHING = Filters()


class Narrowing(Struct, frozen=True):
    """To which of its readers a newsletter goes: an empty list lets all pass, and each has to be passed.

    `languages` are those of the letter (`en` lets `en-GB` pass). `tags` (keys) and `series` (slugs)
    are those that a reader chose by name: who filters nothing chose none. Of a re-subscription the last
    confirmation counts for `joined_since`, a day in the newsletter's zone.
    """

    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    joined_since: date | None = None


EVERYBODY = Narrowing()


class Preferences(Struct, frozen=True):
    """How a reader wants one newsletter.

    `language` is that of the letter, `filters` say which articles. With an `hour` (0-23, in the IANA
    `zone`, or the newsletter's if None) letters leave at the first such time at or after the cut.
    Nothing is sent before `paused_until` (zone-aware); what came meanwhile is in the next letter.
    """

    language: str
    cadence: Cadence = Cadence.DAILY
    depth: Depth = Depth.SUMMARIES
    filters: Filters = EVERYTHING
    hour: int | None = None
    zone: str | None = None
    paused_until: datetime | None = None
