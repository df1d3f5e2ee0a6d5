"""Commands about copies of the database: backup, restore, resume."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli.terminal import PATH, as_json, called, folder_of, opened, say, show_json

if TYPE_CHECKING:
    from syndicate.jobs.doubt import Doubt
    from syndicate.jobs.resume import Choice
    from syndicate.services import Services


@click.command()
@click.argument(
    "place",
    type=PATH,
    metavar="FOLDER",
    help="A new folder for the backup; if it is there, a dated folder is made in it.",
)
@click.option(
    "--with-secrets",
    is_flag=True,
    help="Also secrets.toml: who has the backup can then make any reader's links.",
)
@as_json
@click.pass_context
def backup(context: click.Context, *, place: Path, with_secrets: bool, as_json: bool) -> None:
    """Copy the database and the settings into a folder, also while the daemon runs.

    On PostgreSQL it names the command of pg_dump instead, and ends with 1.
    """
    from syndicate import config, keys
    from syndicate.errors import ConfigError
    from syndicate.jobs import backup as job
    from syndicate.store import copies

    services = opened(context)
    now, secrets = services.clock(), keys.find(services.folder)
    if not services.store.embedded:
        command = copies.dump_command(services.store, place)
        raise job.BackupRefused(
            f"This database is PostgreSQL, which has its own tool: {command} (it asks for the password). "
            f"Keep {services.file} beside it, and {secrets} elsewhere."
        )
    place = job.place_for(place.absolute(), services.folder.name, now)
    if place.resolve().is_relative_to(services.public.resolve()):
        raise job.BackupRefused(
            f"{place} lies in output.directory, which everybody can read. Name a place outside."
        )
    files = {config.FILE: services.file}
    if with_secrets:
        if not secrets.exists():
            raise ConfigError(
                f"--with-secrets: there is no {secrets}: they are in the environment. Keep them."
            )
        files[keys.FILE] = secrets
    database = Path(services.store.url.database or "")
    made = job.backup(database, files, place, now)
    kept = _about_secrets(secrets, with_secrets=with_secrets)
    if as_json:
        show_json({**_plain(made), "with_secrets": with_secrets, "secrets": str(secrets)})
        return
    click.echo(f"{made.folder}: {', '.join(made.files)}, {made.bytes / 1e6:.1f} MB, checked.")
    click.echo(kept)
    click.echo("Pages and templates are not in it: they are files, copy them as you do others.")
    click.echo(f"To put it back: {called()} -C {services.folder} restore {made.folder}")


def _about_secrets(secrets: Path, *, with_secrets: bool) -> str:
    if with_secrets:
        return "The secrets are in it: keep it where nobody else can read it."
    return (
        f"The secrets are not in it. Keep a copy of {secrets} elsewhere: without it the unsubscribe links "
        "in all letters die, and nobody who left is recognised."
    )


@click.command()
@click.argument(
    "source", type=PATH, metavar="BACKUP", help="The folder that backup made, or an SQLite file."
)
@click.option(
    "--yes", is_flag=True, help="Also where there is a database: it is kept under a dated name."
)
@as_json
@click.pass_context
def restore(context: click.Context, *, source: Path, yes: bool, as_json: bool) -> None:
    """Put a backup back. Nothing is sent from it until you say how: syndicate resume.

    Settings and secrets of the backup are taken where there are none; those that are there stay.
    """
    from syndicate import config, keys, tokens, values
    from syndicate.jobs import backup as job
    from syndicate.store import copies

    folder, source = folder_of(context).absolute(), source.absolute()
    job.database_in(source)
    _need_secrets(source, folder)
    taken = [name for name in (config.FILE, keys.FILE) if _take(source / name, folder / name)]
    services = opened(context)
    database = values.sqlite_file(services.settings.database.url, folder)
    if database is None:
        command = copies.load_command(services.raw_store, source)
        raise job.BackupRefused(
            f"This database is PostgreSQL, which has its own tool: end every syndicate, run {command}, "
            "then: syndicate resume"
        )
    key = tokens.fingerprint(services.keys)
    done = job.restore(source, database, folder, key, services.clock(), replace=yes)
    if as_json:
        show_json({**_plain(done), "taken": taken})
        return
    click.echo(f"{done.database} is now the one of {source}.")
    if done.aside:
        click.echo(f"The old one is {done.aside}.")
    for name in taken:
        click.echo(f"{folder / name} was taken from it too.")
    say(done.held or "Sending is not held.")


def _need_secrets(source: Path, folder: Path) -> None:
    """Refuse before anything is taken: without its secrets a publication knows no address again."""
    from syndicate import keys
    from syndicate.jobs.backup import BackupRefused

    if keys.are_missing(folder) and not (source / keys.FILE).is_file():
        raise BackupRefused(
            f"There are no secrets, neither in {folder} nor in {source}: without them no address is known "
            f"again. Put the {keys.FILE} of this publication into {folder} first; nothing was taken."
        )


def _take(source: Path, target: Path) -> bool:
    """Copy a file for its owner alone, unless there is one; whether it did."""
    from syndicate.store import private

    if target.exists() or not source.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb", opener=private.opener) as copy:
        copy.write(source.read_bytes())
    return True


@click.command()
@click.option(
    "--skip",
    is_flag=True,
    help="Take all that is in doubt as mailed: nobody is mailed twice, and who was not mailed "
    "yet misses it. If you are not sure, choose this.",
)
@click.option(
    "--send",
    is_flag=True,
    help="Mail what this database says is due: only if you know that nothing was mailed after "
    "the copy was made. Otherwise people are mailed twice.",
)
@click.option("--dry-run", is_flag=True, help="Only say what is in doubt and what each would do.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_context
def resume(
    context: click.Context, *, skip: bool, send: bool, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Let a restored or copied database send again; without a choice, say what is in doubt.

    --skip cannot mail anybody twice. --send can: it believes the copy. Neither knows who left after
    the copy was made. Any other copy of the database, the old one too, is held from then on.
    """
    from syndicate.cli.doubt import show_doubt, show_resumed
    from syndicate.errors import SyndicateError
    from syndicate.jobs import resume as job

    if skip and send:
        raise click.BadParameter("choose one of --skip and --send")
    services = opened(context)
    choice: Choice | None = "skip" if skip else "send" if send else None
    found = _look(services)
    if found is None or choice is None or dry_run:
        if as_json:
            show_json({"held": found is not None, "doubt": found, "done": None})
        else:
            show_doubt(found, choice)
        return
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise SyndicateError(
                f"See first what --{choice} does: syndicate resume --{choice} --dry-run. Then add --yes."
            )
        show_doubt(found, choice)
        click.confirm(f"Let this database send again (--{choice})?", abort=True)
    done = job.resume(
        services.store,
        services.folder,
        services.folders,
        services.about,
        services.newsletters,
        choice,
        services.clock(),
        services.tell,
        services.rules,
    )
    if as_json:
        show_json({"held": False, "doubt": found, "done": done})
    else:
        show_resumed(done)


def _look(services: "Services") -> "Doubt | None":
    from syndicate.jobs.doubt import look

    return look(
        services.store,
        services.folder,
        services.folders,
        services.about,
        services.newsletters,
        services.clock(),
        services.tell,
        services.rules,
    )


def _plain(record: object) -> dict[str, object]:
    from syndicate.cli.terminal import plain

    found: dict[str, object] = plain(record)
    return found
