"""Everything that can be set: the file's tables, and the environment over them."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

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
    SeriesSection,
    WebSection,
)
from syndicate.config.sources import NetSection, SourceSection
from syndicate.config.theme import ThemeSection
from syndicate.jobs.rules import Rules
from syndicate.model import Filters, Legal, NamedSeries, Narrowing, Newsletter, Publication, Source

PREFIX = "SYNDICATE_"


class Settings(BaseModel):
    """Everything that can be set. Paths are relative to the publication, or absolute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publication: PublicationSection = PublicationSection()
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
        legal = Legal(**self.legal.model_dump())
        theme = self.theme.record(folder, file)
        output = self.output.model_dump(exclude={"directory"})
        said = {**self.publication.model_dump(), **self.feeds.model_dump(), **output}
        letters = bool(self.newsletters)
        return Publication(**said, letters=letters, legal=legal, theme=theme)

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
        own = one.model_dump(exclude={"languages", "tags", "series"})
        narrowing = one.audience.model_dump()
        narrowing["tags"] = tuple(map(tag_key, one.audience.tags))
        return Newsletter(
            **own
            | {
                "title": one.title or self.publication.title,
                "zone": one.zone or self.publication.zone,
                "language": one.language or self.publication.language,
                "filters": Filters(one.languages, tuple(map(tag_key, one.tags)), one.series),
                "audience": Narrowing(**narrowing),
            }
        )
