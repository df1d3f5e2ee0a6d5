"""The tables of `syndicate.toml`, key by key."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from syndicate import values
from syndicate.config import kinds
from syndicate.model import Approval, Cadence, LegalProfile, Links, Site


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file: keys that it does not know are errors."""


class PublicationSection(Section, frozen=True):
    """What is published, and where."""

    title: str = "My publication"
    base_url: kinds.BaseUrl = "http://127.0.0.1:8000"
    language: kinds.Language = "ja"
    zone: kinds.Zone = field(default_factory=values.local_zone)
    author: str = ""
    description: str = ""
    links: Links = "site"
    site: Site = "on"


class ContentSection(Section, frozen=True):
    """Where pages come from."""

    directories: tuple[kinds.File, ...] = (Path("content"),)
    grace: kinds.Duration = timedelta(hours=24)
    guard: Annotated[float, Meta(ge=0, le=100)] = 30
    backlog: kinds.Duration = timedelta(days=7)
    max_bytes: Annotated[int, Meta(ge=1, le=1024**3)] = 10 * 1024 * 1024


class SeriesSection(Section, frozen=True):
    """A series that is named and put in order by hand: `parts` are titles, or files of pages."""

    name: kinds.Name
    title: str = ""
    parts: tuple[str, ...] = ()


class OutputSection(Section, frozen=True):
    """Where published files go; whether their compressed forms lie beside them."""

    directory: kinds.File = Path("public")
    compress: bool = True


class FeedsSection(Section, frozen=True):
    """Feeds: `hubs` are told of changes (WebSub), `short` adds feeds without whole texts.

    Without `archives` the history of the main feed is kept, and not published.
    """

    hubs: tuple[kinds.WebAddress, ...] = ()
    short: bool = False
    archives: bool = True


class DatabaseSection(Section, frozen=True):
    """Where everything is kept."""

    url: kinds.DatabaseUrl = "sqlite:///syndicate.db"


class AudienceSection(Section, frozen=True):
    """To which of its readers a newsletter goes: by their letters' language, by what they chose to follow."""

    languages: tuple[kinds.Language, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    joined_since: date | None = None


class NewsletterSection(Section, frozen=True):
    """One newsletter: its schedule (a crontab line in local time, or "" for none), and what it takes up."""

    name: kinds.Name
    title: str = ""
    cron: str = "0 7 * * *"
    zone: kinds.Zone | None = None
    language: kinds.Language | None = None
    template: kinds.Name = "digest"
    approval: Approval = "automatic"
    unknown: Literal["hold", "resend"] = "hold"
    cadences: tuple[Cadence, ...] = tuple(Cadence)
    languages: tuple[kinds.Language, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    settle: kinds.Duration = timedelta(0)
    series_hold: kinds.Duration = timedelta(0)
    omnibus: bool = False
    full_rows: Annotated[int, Meta(ge=1, le=1000)] = 20
    audience: AudienceSection = AudienceSection()
    lead_image: bool = False
    most_news: Annotated[int, Meta(ge=1, le=10_000)] = 50
    late: kinds.Duration = timedelta(hours=6)
    editors: tuple[kinds.Address, ...] = ()
    answer_within: kinds.TimeToAnswer = timedelta(hours=12)


class LaneSection(Section, frozen=True):
    """How fast letters may leave to one provider, or to each domain that is none."""

    domains: kinds.Domains
    per_second: Annotated[float, Meta(gt=0, le=10_000)]
    burst: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class MailSection(Section, frozen=True, rename={"sender": "from"}):
    """How letters leave. `maildir` writes them to a local folder: nothing leaves the machine."""

    sender: kinds.Address = "newsletter@example.com"
    reply_to: kinds.Address | None = None
    transport: Literal["smtp", "maildir"] = "maildir"
    maildir: kinds.File = Path("mail")
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 25
    starttls: bool = True
    user: str = ""
    password_file: kinds.File | None = None
    smtputf8: bool = False
    lanes: tuple[LaneSection, ...] = ()


class WebSection(Section, frozen=True):
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    trusted_proxies: tuple[kinds.Network, ...] = ()
    metrics: tuple[kinds.Network, ...] = ("127.0.0.0/8", "::1/128")


class LogSection(Section, frozen=True):
    """What the daemon writes to standard error: one line an event."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


class LegalSection(Section, frozen=True):
    """Who sends, for the foot of every letter, and the law that asks for it."""

    profile: LegalProfile | None = None
    sender: str = ""
    address: str = ""
    contact: str = ""
