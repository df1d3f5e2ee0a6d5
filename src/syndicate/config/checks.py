"""What a table cannot check of itself: settings that have to fit one another."""

from pathlib import Path

from syndicate import values
from syndicate.config.settings import Settings
from syndicate.digests.calendar import Schedule
from syndicate.errors import ConfigError, SyndicateError
from syndicate.model import Cadence, Newsletter
from syndicate.outbox.domains import provider


def check(settings: Settings, folder: Path, file: Path) -> None:
    """Raise ConfigError for settings that do not fit one another."""
    _check_links(settings, file)
    _check_newsletters(settings, file)
    _check_series(settings, file)
    _check_sources(settings, folder, file)
    _check_lanes(settings, file)
    _check_output(settings, folder, file)
    settings.theme.record(folder, file)


def _check_links(settings: Settings, file: Path) -> None:
    """Without our own pages, entries and letters can lead to the original ones alone."""
    if settings.publication.site == "off" and settings.publication.links == "site":
        raise ConfigError(
            f'{file}: publication.site: "off" leaves no pages that publication.links = "site" could lead to. '
            'Set links = "source", or site = "on".'
        )


def _check_newsletters(settings: Settings, file: Path) -> None:
    names = [one.name for one in settings.newsletters]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(
                f"{file}: newsletters: two are named {name!r}. Give each its own name."
            )
    for one in settings.newsletter_records():
        _check_schedule(one, file)


def _check_schedule(newsletter: Newsletter, file: Path) -> None:
    """A crontab line can be read; without one only letters with each article can be offered."""
    place = f"{file}: newsletters.{newsletter.name}"
    if not newsletter.cadences:
        raise ConfigError(f'{place}.cadences: nothing is offered. Name one, such as ["daily"].')
    if newsletter.cron:
        try:
            Schedule.parse(newsletter.cron, newsletter.zone)
        except SyndicateError as error:
            raise ConfigError(f"{place}.cron: {error}") from None
    elif rest := [one.value for one in newsletter.cadences if one is not Cadence.EACH]:
        raise ConfigError(
            f"{place}.cadences: {', '.join(rest)} need a schedule, and cron is empty. Give it one, such "
            'as "0 7 * * *", or offer cadences = ["each"] alone.'
        )


def _check_series(settings: Settings, file: Path) -> None:
    names = [one.name for one in settings.series]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{file}: series: two are named {name!r}. Give each its own name.")


def _check_sources(settings: Settings, folder: Path, file: Path) -> None:
    """What is fetched lies in a folder of its own: it is picked up from there alone."""
    fetched = (folder / "web").resolve()
    for one in settings.content.directories:
        place = (folder / one).resolve()
        if settings.sources and (place.is_relative_to(fetched) or fetched.is_relative_to(place)):
            raise ConfigError(
                f"{file}: content.directories: {one} is, holds or lies in {fetched}, where pages from the "
                "web are kept. Choose a folder of its own, such as content."
            )
    names = [one.name for one in settings.sources]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{file}: sources: two are named {name!r}. Give each its own name.")


def _check_lanes(settings: Settings, file: Path) -> None:
    seen: dict[str, str] = {}
    for lane in settings.mail.lanes:
        for group, domain in {provider(one) or one: one for one in lane.domains}.items():
            if group in seen:
                same = (
                    ""
                    if seen[group] == domain
                    else f" ({seen[group]} and {domain} are one provider)"
                )
                raise ConfigError(
                    f"{file}: mail.lanes: {domain} has two lanes{same}. Leave one of them."
                )
            seen[group] = domain


def _check_output(settings: Settings, folder: Path, file: Path) -> None:
    """What is published is served to everybody, and a publish takes away what it did not make."""
    output = (folder / settings.output.directory).resolve()
    database = values.sqlite_file(settings.database.url, folder)
    private = [
        ("templates", folder / "templates"),
        ("mail.maildir", folder / settings.mail.maildir),
        ("web, the folder of fetched pages", folder / "web"),
    ]
    private += [("content.directories", folder / one) for one in settings.content.directories]
    holding = [("the publication", folder)]
    holding += [("database.url", database)] if database else []
    if settings.mail.password_file:
        holding.append(("mail.password_file", folder / settings.mail.password_file))
    for name, path in (*private, *holding):
        place = path.resolve()
        inside = (name, path) in private and output.is_relative_to(place)
        if inside or place.is_relative_to(output):
            raise ConfigError(
                f"{file}: output.directory: {settings.output.directory} is, holds or lies in {name} "
                f"({path}). Choose a folder of its own, such as public."
            )
