"""The composition root: one publication's settings, store and templates, made when first needed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from syndicate import __version__, addresses, clock, config, keys, resources, tokens, values
from syndicate.errors import ConfigError
from syndicate.jobs.rules import Rules
from syndicate.model import Delivery, Letter, Newsletter, Publication, Tell, silent
from syndicate.outbox.domains import group_of_domain

if TYPE_CHECKING:
    from jinja2 import Environment

    from syndicate.content import Folder
    from syndicate.delivery import Transport
    from syndicate.digests.letter import Sender
    from syndicate.outbox.lanes import Way
    from syndicate.store.database import Store
    from syndicate.tokens import Keys


class Services(Struct, frozen=True, dict=True):
    """Everything that the doors hand to the jobs. Paths are absolute."""

    folder: Path
    settings: config.Settings
    clock: Callable[[], datetime] = clock.now
    tell: Tell = silent

    def telling(self, tell: Tell) -> "Services":
        """Return the same with somebody else told; all is opened anew: `replace` would take it over."""
        return Services(self.folder, self.settings, self.clock, tell)

    @cached_property
    def about(self) -> Publication:
        """The publication as configured."""
        return self.settings.publication_record(self.folder, self.file)

    @cached_property
    def newsletters(self) -> tuple[Newsletter, ...]:
        """The newsletters as configured."""
        return self.settings.newsletter_records()

    def newsletter(self, name: str) -> Newsletter:
        """Return the newsletter of a name, or raise ConfigError."""
        for one in self.newsletters:
            if one.name == name:
                self._check_template(one)
                return one
        known = ", ".join(one.name for one in self.newsletters) or "none"
        raise ConfigError(f"There is no newsletter {name!r} in {self.file}; there are: {known}.")

    def _check_template(self, newsletter: Newsletter) -> None:
        for kind in ("html", "txt"):
            name = f"digest/{newsletter.template}.{kind}"
            if not any((one / name).is_file() for one in self._template_folders):
                raise ConfigError(
                    f"{self.file}: newsletters.{newsletter.name}.template: there is no template {name}. "
                    f"Put it into {self.folder / 'templates' / 'digest'}, or choose digest."
                )

    @cached_property
    def rules(self) -> Rules:
        """How pages are kept, as configured."""
        return self.settings.rules_record()

    @property
    def file(self) -> Path:
        """The settings file."""
        return self.folder / config.FILE

    @cached_property
    def keys(self) -> "Keys":
        """The publication's secrets."""
        return keys.load(self.folder)

    @cached_property
    def store(self) -> "Store":
        """The database, at the schema of this release."""
        from syndicate.store import fingerprint, migrate  # noqa: PLC0415 - a command that needs no store starts faster

        store = self.raw_store
        schema = migrate.inspect(store)
        if schema.found is not None and not schema.current:
            migrate.require_embedded(store, schema)
        migrate.upgrade(store, self.copy_for)
        fingerprint.attest(store, tokens.fingerprint(self.keys))
        return store

    @cached_property
    def raw_store(self) -> "Store":
        """The database as it is found."""
        from syndicate.store.database import open_store  # noqa: PLC0415

        return open_store(self._database_url())

    def has_database(self) -> bool:
        """Whether a database was begun: an SQLite file that holds something, a schema in PostgreSQL."""
        file = values.sqlite_file(self.settings.database.url, self.folder)
        if file is not None:
            return file.exists() and file.stat().st_size > 0
        from syndicate.store import migrate  # noqa: PLC0415

        try:
            return migrate.inspect(self.raw_store).found is not None
        finally:
            self.raw_store.close()

    def copy_for(self, database: Path) -> Path:
        """Where an SQLite file is copied before it is migrated."""
        return database.with_name(
            f"{database.name}.before-{__version__}-{self.clock():%Y%m%dT%H%M%S}"
        )

    def _database_url(self) -> str:
        """SQLite paths are relative to the publication."""
        url = self.settings.database.url
        scheme, _, rest = url.partition("://")
        if (file := values.sqlite_file(url, self.folder)) is None:
            return url
        return f"{scheme}:///{file}{''.join(rest.partition('?')[1:])}"

    @cached_property
    def public(self) -> Path:
        """Where published files go."""
        return self.folder / self.settings.output.directory

    @cached_property
    def folders(self) -> "Sequence[Folder]":
        """The content directories. A page is known by its path from the publication."""
        from syndicate.content import Folder  # noqa: PLC0415
        from syndicate.content.web import mirror  # noqa: PLC0415

        local = [
            Folder(self.folder / one, one.as_posix()) for one in self.settings.content.directories
        ]
        web = mirror.folders(self.folder, [one.name for one in self.settings.sources])
        return [*local, *web]

    @cached_property
    def environment(self) -> "Environment":
        """The templates: the publication's own before ours, one file at a time."""
        from syndicate import templates  # noqa: PLC0415 - a command that renders nothing starts faster

        return templates.environment(self._template_folders, self.folder)

    def forget_templates(self) -> None:
        """Read the templates anew the next time."""
        vars(self).pop("environment", None)

    def idle_templates(self) -> Iterator[tuple[str, str]]:
        """Yield the publication's own templates that count for nothing: each file, and what to do."""
        from syndicate import templates  # noqa: PLC0415

        own, ours = self._template_folders
        chosen = {one.template for one in self.newsletters}
        for name, message in templates.idle(own, ours, chosen) if own.is_dir() else ():
            yield f"{own.name}/{name}", message

    @property
    def _template_folders(self) -> tuple[Path, Path]:
        return self.folder / "templates", resources.folder("templates")

    def rehearse(self, newsletter: Newsletter) -> None:
        """Write a sample letter of a newsletter, for nobody, or raise DigestError."""
        from syndicate.jobs.rehearse import rehearse  # noqa: PLC0415

        rehearse(
            newsletter, self.about, self.senders[newsletter.name], self.environment, self.clock()
        )

    @cached_property
    def version(self) -> str:
        """Name the release and the templates: whatever they make is made again when this changes."""
        mark = sha256(__version__.encode())
        for folder in reversed(self._template_folders):
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                mark.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
        return mark.hexdigest()

    @cached_property
    def senders(self) -> "dict[str, Sender]":
        """Who each newsletter's letters come from."""
        return {
            one.name: replace(
                self.sender,
                name=one.title,
                list_id=f"{one.name}.{self.sender.domain}",
                feedback_id=one.name,
            )
            for one in self.newsletters
        }

    @cached_property
    def sender(self) -> "Sender":
        """Who letters come from that belong to no newsletter."""
        from syndicate.digests.letter import Sender  # noqa: PLC0415

        mail, domain = self.settings.mail, addresses.authority(self.about.base_url)
        return Sender(
            address=mail.sender,
            name=self.about.title,
            reply_to=mail.reply_to,
            list_id=domain,
            feedback_id="answers",
            domain=domain,
            links=self._token_page(tokens.UNSUBSCRIBE),
            preferences=self._token_page(tokens.PREFERENCES),
            token_key=self.keys.newest,
        )

    def _token_page(self, purpose: str) -> str:
        return addresses.absolute(self.about.base_url, addresses.token_path(purpose, ""))

    @cached_property
    def way(self) -> "Way":
        """The relay that letters leave by, and how fast each of its lanes may go."""
        from syndicate.outbox.lanes import Limit, Way  # noqa: PLC0415

        mail = self.settings.mail
        relay = f"{mail.host}:{mail.port}" if mail.transport == "smtp" else mail.transport
        limits = {
            group_of_domain(self.keys, domain): Limit(
                lane.per_second, lane.burst or max(1.0, lane.per_second)
            )
            for lane in mail.lanes
            for domain in lane.domains
        }
        return Way(relay, limits)

    def transport(self) -> "Transport":
        """How letters leave."""
        mail = self.settings.mail
        if mail.transport == "maildir":
            from syndicate.delivery.maildir import MaildirTransport  # noqa: PLC0415

            return MaildirTransport(self.folder / mail.maildir)
        from syndicate.delivery.session import SmtpSettings  # noqa: PLC0415
        from syndicate.delivery.smtp import SmtpTransport  # noqa: PLC0415

        self.check_smtp()
        return SmtpTransport(
            SmtpSettings(
                host=mail.host,
                port=mail.port,
                starttls=mail.starttls,
                user=mail.user or None,
                password=self._password(),
            )
        )

    def check_smtp(self) -> None:
        """Links over http work on this machine alone: no letter with such links may leave it.

        Raises ConfigError.
        """
        mail = self.settings.mail
        local = mail.transport != "smtp" or values.is_loopback(mail.host)
        if self.about.base_url.startswith("http:") and not local:
            raise ConfigError(
                f"{self.file}: publication.base_url: {self.about.base_url} is for this machine only, and "
                f"mail.host is {mail.host}. Set base_url to the https address of your site."
            )

    def _password(self) -> str:
        file = self.settings.mail.password_file
        if file is None:
            return ""
        try:
            return (self.folder / file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"{self.file}: mail.password_file: {file} cannot be read ({error.strerror})."
            ) from None

    @cached_property
    def letter(self) -> Callable[[Delivery], Letter]:
        """The function that makes the letter of a ledger row."""
        from syndicate.jobs.write import Desk, writer  # noqa: PLC0415

        known = self.store, self.keys, self.about, self.newsletters, self.sender
        return writer(Desk(*known, lambda: self.environment))


def open_services(folder: Path, *, tell: Tell = silent, environment: bool = True) -> Services:
    """Open the publication in `folder`, without `environment` by its file alone, or raise ConfigError."""
    folder = folder.absolute()
    services = Services(folder, config.load(folder, environment=environment), tell=tell)
    for one in services.newsletters:
        services.newsletter(one.name)  # has its templates
    return services
