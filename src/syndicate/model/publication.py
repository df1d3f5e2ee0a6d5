"""The publication and its newsletters, as configured."""

from datetime import timedelta
from typing import Literal

from msgspec import Struct

from syndicate.model.preferences import EVERYBODY, EVERYTHING, Cadence, Filters, Narrowing
from syndicate.model.theme import OURS, Theme

Links = Literal["site", "source"]
Site = Literal["on", "off"]
Approval = Literal["automatic", "required"]
LegalProfile = Literal["jp", "eu"]


class Legal(Struct, frozen=True):
    """Who sends, for the foot of every letter. Empty texts are left out.

    `profile` names the law that no edition may start against; None: nothing is checked.
    """

    sender: str = ""
    address: str = ""
    contact: str = ""
    profile: LegalProfile | None = None


class Publication(Struct, frozen=True):
    """What every feed, page and letter says of its publisher.

    `base_url` has no slash at its end. `zone` is an IANA name. `language` is a BCP 47 tag. `links` says
    whether entries lead to our pages or to the original ones; without a `site` there are feeds alone.
    `letters` says whether there is a newsletter that readers can subscribe to.
    `hubs` are told of changes (WebSub); `short` adds feeds of summaries and highlights alone. With
    `archives` the closed documents of the main feed are published, too; with `compress` the compressed
    forms of each text.
    """

    title: str
    base_url: str
    language: str = "ja"
    zone: str = "UTC"
    author: str = ""
    description: str = ""
    links: Links = "site"
    site: Site = "on"
    letters: bool = False
    hubs: tuple[str, ...] = ()
    short: bool = False
    archives: bool = True
    compress: bool = True
    legal: Legal = Legal()
    theme: Theme = OURS


class Newsletter(Struct, frozen=True):
    """One newsletter: `cron` is a crontab line in the local time of `zone`, empty for none.

    `unknown` says what becomes of letters that may have arrived: they are held for the operator, or
    sent once more by themselves, which doubles those that did arrive. `cadences` are those that
    readers may choose.

    `filters` are what it takes up at all. An article is news once it has been there for `settle`; a
    part whose next is announced waits for it for `series_hold`. With `omnibus` a series that is
    complete closes with all of its parts. More than `most_news` articles, or a slot missed by `late`,
    wait for approval. A letter has at most `full_rows` articles in full, the others as links, and
    pictures only with `lead_image`. An
    approval that is required is asked of `editors` by mail, and has to come within `answer_within`.
    Only the readers of its `audience` get it.
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
    lead_image: bool = False
    late: timedelta = timedelta(hours=6)
    editors: tuple[str, ...] = ()
    answer_within: timedelta = timedelta(hours=12)
    audience: Narrowing = EVERYBODY
