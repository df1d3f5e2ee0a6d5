"""Settings: `syndicate.toml`, and the environment over it (`SYNDICATE_MAIL__PORT=2525`).

Every wrong key is an error that names the file or variable, the key, and what was expected.
"""

import os
import tomllib
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from tzlocal import get_localzone_name

from syndicate import mailbox
from syndicate.digests.calendar import Schedule
from syndicate.errors import AddressRefused, ConfigError, SyndicateError
from syndicate.model import Approval, Legal, Links, Newsletter, Publication

FILE = "syndicate.toml"
PREFIX = "SYNDICATE_"
_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = get_close_matches(value, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "expected a name such as Asia/Tokyo"
        raise ValueError(f"no such time zone; {hint}")
    return value


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an address such as https://news.example.com")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(
            "expected https (http is for this machine only: links in letters are secrets)"
        )
    return value.rstrip("/")


def _address(value: str) -> str:
    try:
        return mailbox.parse(value).address
    except AddressRefused as error:
        raise ValueError(str(error)) from None


def _network(value: str) -> str:
    return str(ip_network(value))


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _local_zone() -> str:
    name = get_localzone_name()
    return name if name in available_timezones() else "UTC"


Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]


class Section(BaseModel):
    """One table of the file: keys that it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PublicationSection(Section):
    """What is published, and where."""

    title: str = "My publication"
    base_url: Annotated[str, AfterValidator(_base_url)] = "http://127.0.0.1:8000"
    language: str = Field(default="ja", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    zone: Zone = Field(default_factory=_local_zone)
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

    url: str = "sqlite:///syndicate.db"


class NewsletterSection(Section):
    """One newsletter and its schedule: a crontab line in local time."""

    name: str = Field(pattern=_NAME)
    title: str = ""
    cron: str = "0 7 * * *"
    zone: Zone | None = None
    language: str | None = None
    template: str = Field(default="digest", pattern=_NAME)
    approval: Approval = "automatic"


class MailSection(Section):
    """How letters leave. `maildir` writes them to a local folder: nothing leaves the machine."""

    sender: Address = Field(default="newsletter@example.com", alias="from")
    reply_to: Address | None = None
    transport: Literal["smtp", "maildir"] = "maildir"
    maildir: Path = Path("mail")
    host: str = "127.0.0.1"
    port: int = Field(default=25, ge=1, le=65535)
    starttls: bool = True
    user: str = ""
    password_file: Path | None = None


class WebSection(Section):
    """Where the web server listens."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()


class LegalSection(Section):
    """Who sends, for the foot of every letter."""

    sender: str = ""
    address: str = ""
    contact: str = ""


class Settings(BaseSettings):
    """Everything that can be set. Paths are absolute once loaded."""

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
        return (env_settings, TomlConfigSettingsSource(settings_cls))

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


def load(folder: Path) -> Settings:
    """Read the settings of the publication in `folder`, or raise ConfigError."""
    file = folder / FILE
    if not file.is_file():
        raise ConfigError(
            f"{file}: there is no publication here. Make one with: syndicate -C {folder} init"
        )

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = FromFile()
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(one, file) for one in error.errors())) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: this is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: this is not UTF-8 text. Save it as UTF-8.") from None
    _check_newsletters(settings, file)
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


def _explain(error: ErrorDetails, file: Path) -> str:
    place = [str(part) for part in error["loc"]]
    variable = PREFIX + "__".join(place).upper()
    where = f"environment variable {variable}" if variable in os.environ else str(file)
    if error["type"] == "extra_forbidden":
        return f"{where}: {'.'.join(place)}: unknown key; expected {_expected(place)}."
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {'.'.join(place)}: {message} (found {error['input']!r})."


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
