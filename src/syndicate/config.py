"""Settings: `syndicate.toml`, and the environment over it (`SYNDICATE_MAIL__PORT=2525`).

Every wrong key is an error that names the file or variable, the key, and what was expected.
"""

import os
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from syndicate import values
from syndicate.digests.calendar import Schedule
from syndicate.errors import ConfigError, SyndicateError
from syndicate.model import Approval, Legal, Links, Newsletter, Publication
from syndicate.outbox.domains import provider

FILE = "syndicate.toml"
PREFIX = "SYNDICATE_"
_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"


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


class ContentSection(Section):
    """Where pages come from."""

    directories: tuple[Path, ...] = (Path("content"),)


class OutputSection(Section):
    """Where published files go."""

    directory: Path = Path("public")


class DatabaseSection(Section):
    """Where everything is kept."""

    url: values.DatabaseUrl = "sqlite:///syndicate.db"


class NewsletterSection(Section):
    """One newsletter and its schedule: a crontab line in local time."""

    name: str = Field(pattern=_NAME)
    title: str = ""
    cron: str = "0 7 * * *"
    zone: values.Zone | None = None
    language: values.Language | None = None
    template: str = Field(default="digest", pattern=_NAME)
    approval: Approval = "automatic"


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
    """Who sends, for the foot of every letter."""

    sender: str = ""
    address: str = ""
    contact: str = ""


class Settings(BaseSettings):
    """Everything that can be set. Paths are relative to the publication, or absolute."""

    over_file: ClassVar[bool] = True  # whether the environment is asked

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=PREFIX, env_nested_delimiter="__"
    )

    publication: PublicationSection = PublicationSection()
    content: ContentSection = ContentSection()
    output: OutputSection = OutputSection()
    database: DatabaseSection = DatabaseSection()
    newsletters: tuple[NewsletterSection, ...] = ()
    mail: MailSection = MailSection()
    web: WebSection = WebSection()
    log: LogSection = LogSection()
    legal: LegalSection = LegalSection()

    @classmethod
    def settings_customise_sources(  # noqa: D102 - the library's hook: the environment over the file
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = TomlConfigSettingsSource(settings_cls)
        return (env_settings, file) if cls.over_file else (file,)

    def publication_record(self) -> Publication:
        """Return what every feed, page and letter says of its publisher."""
        legal = Legal(self.legal.sender, self.legal.address, self.legal.contact)
        return Publication(**self.publication.model_dump(), legal=legal)

    def newsletter_records(self) -> tuple[Newsletter, ...]:
        """Return the newsletters, with the publication's zone and language where they have none."""
        return tuple(
            Newsletter(
                name=one.name,
                title=one.title or self.publication.title,
                cron=one.cron,
                zone=one.zone or self.publication.zone,
                language=one.language or self.publication.language,
                template=one.template,
                approval=one.approval,
            )
            for one in self.newsletters
        )


def load(folder: Path, *, environment: bool = True) -> Settings:
    """Read the settings of the publication in `folder`, or raise ConfigError.

    Without `environment` the file alone counts.
    """
    file = folder / FILE
    if not file.is_file():
        raise ConfigError(
            f"{file}: there is no publication here. Make one with: syndicate -C {folder} init"
        )

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)
        over_file = environment

    try:
        settings = FromFile()
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(one, file) for one in error.errors())) from None
    except SettingsError as error:
        raise ConfigError(_explain_variable(str(error))) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: this is not UTF-8 text. Save it as UTF-8.") from None
    _check_newsletters(settings, file)
    _check_lanes(settings, file)
    _check_output(settings, folder, file)
    return settings


def _check_newsletters(settings: Settings, file: Path) -> None:
    names = [one.name for one in settings.newsletters]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(
                f"{file}: newsletters: two are named {name!r}. Give each its own name."
            )
    for one in settings.newsletter_records():
        try:
            Schedule.parse(one.cron, one.zone)
        except SyndicateError as error:
            raise ConfigError(f"{file}: newsletters.{one.name}.cron: {error}") from None


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


def _explain_variable(error: str) -> str:
    """Say which variable is not the JSON that a list or table has to be."""
    field = error.partition('field "')[2].partition('"')[0]
    names = [one for one in os.environ if one.upper().startswith(f"{PREFIX}{field}".upper())]
    return (
        f"environment variable {' or '.join(names) or PREFIX}: this is not valid JSON; a list or table "
        f"is written as JSON, one of its keys as {PREFIX}PUBLICATION__TITLE=text."
    )


def _explain(error: ErrorDetails, file: Path) -> str:
    place = [str(part) for part in error["loc"]]
    variable = PREFIX + "__".join(place).upper()
    where = f"environment variable {variable}" if variable in os.environ else str(file)
    if error["type"] == "extra_forbidden":
        return f"{where}: {'.'.join(place)}: unknown key; expected {_expected(place)}."
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "tuple_type":
        message = _LISTS.get(place[-1], 'expected a list, such as ["content"]')
    found = _PASSWORD.sub("://***@", repr(error["input"]))
    return f"{where}: {'.'.join(place)}: {message} (found {found})."


_LISTS = {
    "newsletters": "expected a list of tables: write [[newsletters]], in two brackets",
    "lanes": "expected a list of tables: write [[mail.lanes]], in two brackets",
}
_PASSWORD = re.compile(r"://[^/@\s]*@")


def _expected(place: list[str]) -> str:
    """Name the keys that could stand where an unknown one does, the nearest alone if there is one."""
    model: Any = Settings
    for part in place[:-1]:
        if not part.isdecimal():  # an index into [[newsletters]]
            annotation = model.model_fields[part].annotation
            model = getattr(annotation, "__args__", (annotation,))[0]
    keys = [field.alias or name for name, field in model.model_fields.items()]
    near = get_close_matches(place[-1], keys, n=1)
    return near[0] if near else "one of " + ", ".join(keys)
