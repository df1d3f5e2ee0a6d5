"""The publication and its newsletters, as configured."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from syndicate.model.preferences import EVERYTHING, Cadence, Filters
from syndicate.model.theme import OURS, Theme

Links = Literal["site", "source"]
Site = Literal["on", "off"]
Approval = Literal["automatic", "required"]
LegalProfile = Literal["jp", "eu"]


@dataclass(frozen=True, slots=True)
class Legal:
    """Who sends, for the foot of every letter. Empty texts are left out.

    `profile` names the law that no edition may start against; None: nothing is checked.
    """

    sender: str = ""
    address: str = ""
    contact: str = ""
    profile: LegalProfile | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """What every feed, page and letter says of its publisher.

    `base_url` has no slash at its end. `zone` is an IANA name. `language` is a BCP 47 tag. `links` says
    whether entries lead to our pages or to the original ones; without a `site` there are feeds alone.
    `hubs` are told of changes (WebSub); `short` adds feeds of summaries and highlights alone.
    """

    title: str
    base_url: str
    language: str = "ja"
    zone: str = "UTC"
    author: str = ""
    description: str = ""
    links: Links = "site"
    site: Site = "on"
    hubs: tuple[str, ...] = ()
    short: bool = False
    legal: Legal = Legal()
    theme: Theme = OURS


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One newsletter: `cron` is a crontab line in the local time of `zone`, empty for none.

    `unknown` says what becomes of letters that may have arrived: they are held for the operator, or
    sent once more by themselves, which doubles those that did arrive. `cadences` are those that
    readers may choose.

    `filters` are what it takes up at all. An article is news once it has been there for `settle`; a
    part whose next is announced waits for it for `series_hold`. With `omnibus` a series that is
    complete closes with all of its parts. More than `most_news` articles, or a slot missed by `late`,
    wait for approval. A letter has at most `full_rows` articles in full, the others as links. An
    approval that is required is asked of `editors` by mail, and has to come within `answer_within`.
    """

    name: str
    title: str
    cron: str
    zone: str
    language: str = "ja"
    template: str = "digest"
    approval: Approval = "automatic"
    unknown: Literal["hold", "resend"] = "hold"
    cadences: tuple[Cadence, ...] = tuple(Cadence)
    filters: Filters = EVERYTHING
    settle: timedelta = timedelta(0)
    series_hold: timedelta = timedelta(0)
    omnibus: bool = False
    most_news: int = 50
    full_rows: int = 20
    late: timedelta = timedelta(hours=6)
    editors: tuple[str, ...] = ()
    answer_within: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that was in a feed and is no more: its id, and when it left."""

    uid: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed without its entries: what its documents say of it in every format.

    `page_path` is the web page it belongs to and `stem` the path of its files without their ending,
    both relative to the base address ("" and "feed"; "series/SLUG/" and "series/SLUG/feed"); without a
    site `page_path` is None. `uid` is a `tag:` URI. `updated` is the newest edit of its entries.
    `removed` are entries that readers should forget (RFC 6721). `older` is the stem of the document
    with the entries before these (RFC 5005); a closed document names in `current` the feed that it is of.
    """

    uid: str
    title: str
    description: str
    language: str
    author: str
    base_url: str
    page_path: str | None
    stem: str
    updated: datetime | None = None
    hubs: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    older: str | None = None
    current: str | None = None
