"""The tables of `syndicate.toml`, key by key."""

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from syndicate import values
from syndicate.model import Approval, Cadence, LegalProfile, Links, Site

NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"


class Section(BaseModel):
    """One table of the file: keys that it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicationSection(Section):
    """What is published, and where."""

    title: str = "My publication"
    base_url: values.BaseUrl = "http://127.0.0.1:8000"
    language: values.Language = "ja"
    zone: values.Zone = Field(default_factory=values.local_zone)
    author: str = ""
    description: str = ""
    links: Links = "site"
    site: Site = "on"


class ContentSection(Section):
    """Where pages come from."""

    directories: tuple[Path, ...] = (Path("content"),)
    grace: values.Duration = timedelta(hours=24)
    guard: float = Field(default=30, ge=0, le=100)
    backlog: values.Duration = timedelta(days=7)
    max_bytes: int = Field(default=10 * 1024 * 1024, ge=1, le=1024**3)


class SeriesSection(Section):
    """A series that is named and put in order by hand: `parts` are titles, or files of pages."""

    name: str = Field(pattern=NAME)
    title: str = ""
    parts: tuple[str, ...] = ()


class OutputSection(Section):
    """Where published files go; whether their compressed forms lie beside them."""

    directory: Path = Path("public")
    compress: bool = True


class FeedsSection(Section):
    """Feeds: `hubs` are told of changes (WebSub), `short` adds feeds without whole texts.

    Without `archives` the history of the main feed is kept, and not published.
    """

    hubs: tuple[values.WebAddress, ...] = ()
    short: bool = False
    archives: bool = True


class DatabaseSection(Section):
    """Where everything is kept."""

    url: values.DatabaseUrl = "sqlite:///syndicate.db"


class AudienceSection(Section):
    """To which of its readers a newsletter goes: by their letters' language, by what they chose to follow."""

    languages: tuple[values.Language, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    joined_since: date | None = None


class NewsletterSection(Section):
    """One newsletter: its schedule (a crontab line in local time, or "" for none), and what it takes up."""

    name: str = Field(pattern=NAME)
    title: str = ""
    cron: str = "0 7 * * *"
    zone: values.Zone | None = None
    language: values.Language | None = None
    template: str = Field(default="digest", pattern=NAME)
    approval: Approval = "automatic"
    unknown: Literal["hold", "resend"] = "hold"
    cadences: tuple[Cadence, ...] = tuple(Cadence)
    languages: tuple[values.Language, ...] = ()
    tags: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    settle: values.Duration = timedelta(0)
    series_hold: values.Duration = timedelta(0)
    omnibus: bool = False
    full_rows: int = Field(default=20, ge=1, le=1000)
    audience: AudienceSection = AudienceSection()
    lead_image: bool = False
    most_news: int = Field(default=50, ge=1, le=10_000)
    late: values.Duration = timedelta(hours=6)
    editors: tuple[values.Address, ...] = ()
    answer_within: values.Duration = Field(
        default=timedelta(hours=12), gt=timedelta(0), le=timedelta(days=7)
    )


class LaneSection(Section):
    """How fast letters may leave to one provider, or to each domain that is none."""

    domains: values.Domains
    per_second: float = Field(gt=0, le=10_000)
    burst: int | None = Field(default=None, ge=1, le=10_000)


class MailSection(Section):
    """How letters leave. `maildir` writes them to a local folder: nothing leaves the machine."""

    sender: values.Address = Field(default="newsletter@example.com", alias="from")
    reply_to: values.Address | None = None
    transport: Literal["smtp", "maildir"] = "maildir"
    maildir: Path = Path("mail")
    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    starttls: bool = True
    user: str = ""
    password_file: Path | None = None
    smtputf8: bool = False
    lanes: tuple[LaneSection, ...] = ()


class WebSection(Section):
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    trusted_proxies: tuple[values.Network, ...] = ()
    metrics: tuple[values.Network, ...] = ("127.0.0.0/8", "::1/128")


class LogSection(Section):
    """What the daemon writes to standard error: one line an event."""

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"


class LegalSection(Section):
    """Who sends, for the foot of every letter, and the law that asks for it."""

    profile: LegalProfile | None = None
    sender: str = ""
    address: str = ""
    contact: str = ""
