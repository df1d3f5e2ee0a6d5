"""Everything that can be set: the file's tables, and the environment over them."""

from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from syndicate.articles import tag_key
from syndicate.config.sections import (
    ContentSection,
    DatabaseSection,
    FeedsSection,
    LegalSection,
    LogSection,
    MailSection,
    NewsletterSection,
    OutputSection,
    PublicationSection,
    Section,
    SeriesSection,
    WebSection,
)
from syndicate.config.sources import NetSection, SourceSection
from syndicate.config.theme import ThemeSection
from syndicate.jobs.rules import Rules
from syndicate.model import Filters, Legal, NamedSeries, Narrowing, Newsletter, Publication, Source

PREFIX = "SYNDICATE_"


class Variable(Struct, frozen=True):
    """What a variable of the environment says of the key at `place`."""

    name: str
    place: tuple[str, ...]
    value: Any


class Settings(Section, frozen=True):
    """Everything that can be set. Paths are relative to the publication, or absolute."""

    publication: PublicationSection = field(default_factory=PublicationSection)
    content: ContentSection = ContentSection()
    output: OutputSection = OutputSection()
    feeds: FeedsSection = FeedsSection()
    database: DatabaseSection = DatabaseSection()
    series: tuple[SeriesSection, ...] = ()
    sources: tuple[SourceSection, ...] = ()
    net: NetSection = NetSection()
    newsletters: tuple[NewsletterSection, ...] = ()
    mail: MailSection = MailSection()
    web: WebSection = WebSection()
    log: LogSection = LogSection()
    legal: LegalSection = LegalSection()
    theme: ThemeSection = ThemeSection()

    def publication_record(self, folder: Path, file: Path) -> Publication:
        """Return what every feed, page and letter says of its publisher, or raise ConfigError.

        `folder` is where the theme's logo lies, `file` the settings that name it.
        """
        return Publication(
            **asdict(self.publication),
            **asdict(self.feeds),
            compress=self.output.compress,
            letters=bool(self.newsletters),
            legal=Legal(**asdict(self.legal)),
            theme=self.theme.record(folder, file),
        )

    def rules_record(self) -> Rules:
        """Return how pages are kept."""
        content = self.content
        series = tuple(NamedSeries(one.name, one.title, one.parts) for one in self.series)
        return Rules(content.grace, content.guard, content.backlog, series, content.max_bytes)

    def content_folders(self, folder: Path) -> tuple[Path, ...]:
        """Return the directories of pages, for a publication in `folder`; what is fetched lies elsewhere."""
        return tuple(folder / one for one in self.content.directories)

    def source_records(self) -> tuple[Source, ...]:
        """Return the sources of pages on the web."""
        return tuple(one.record() for one in self.sources)

    def newsletter_records(self) -> tuple[Newsletter, ...]:
        """Return the newsletters, with the publication's zone and language where they have none."""
        return tuple(self._newsletter(one) for one in self.newsletters)

    def _newsletter(self, one: NewsletterSection) -> Newsletter:
        own, audience = asdict(one), one.audience
        filters = Filters(
            own.pop("languages"), tuple(map(tag_key, own.pop("tags"))), own.pop("series")
        )
        return Newsletter(
            **own
            | {
                "title": one.title or self.publication.title,
                "zone": one.zone or self.publication.zone,
                "language": one.language or self.publication.language,
                "filters": filters,
                "audience": Narrowing(
                    **asdict(audience) | {"tags": tuple(map(tag_key, audience.tags))}
                ),
            }
        )
