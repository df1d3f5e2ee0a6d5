"""subscribers import, imports, undo: lists of readers, of ours or of another service."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.progress import counted
from syndicate.cli.subscribers import confirmed, evidence, language, newsletter, only
from syndicate.cli.terminal import (
    PATH,
    as_json,
    complain,
    many,
    opened,
    plain,
    say,
    show_json,
    show_json_array,
    show_table,
)
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.jobs.intake import Taken, Undone
    from syndicate.jobs.people import Line
    from syndicate.store.intakes import Intake

_LEFT = (
    "Who has left is not brought back by you: only the reader can do it, on the page /subscribe."
)


@nouns.subscribers.command("import")
@click.argument("file", type=PATH, metavar="FILE", help="CSV in UTF-8 or Shift_JIS.")
@newsletter
@evidence
@language
@click.option(
    "--from",
    "preset",
    default="",
    metavar="SERVICE",
    help="mailpoet, mailchimp, listmonk, ghost or buttondown.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field; repeatable.",
)
@confirmed
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@as_json
@click.pass_context
def import_subscribers(
    context: click.Context,
    *,
    file: Path,
    newsletter: str,
    evidence: str,
    language: str,
    preset: str,
    mapped: tuple[str, ...],
    confirmed: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Subscribe the readers of a CSV file, whose header names email and perhaps name, language, status.

    Fields: email, name, first, last, language, status, agreed, network, origin. Who unsubscribed or
    bounced elsewhere, or left by a table of ours, is suppressed here. Readers who are there already get
    the names and languages of the file; --language is for new ones without. Without --confirmed each is
    asked by a letter first.
    """
    from syndicate.jobs.intake import take_in
    from syndicate.jobs.people import preset as preset_of
    from syndicate.jobs.people import read
    from syndicate.jobs.sheet import reading, rows_of
    from syndicate.jobs.subscribe import Consent
    from syndicate.language import tag
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    chosen = services.newsletter(newsletter or only(services.newsletters))
    wanted = preset_of(preset, _pairs(mapped or ()))
    with (
        reading(file) as text,
        reading(file) as again,
        counted("reading subscribers", rows_of(file)) as advance,
    ):
        report = take_in(
            services.store,
            services.keys,
            chosen.name,
            tag(language) if language else chosen.language,
            read(again, str(file), wanted, lambda _told_below: None),
            _each(read(text, str(file), wanted, complain), advance),
            Consent(f"import {file.name}", "; ".join(filter(None, (preset, evidence)))),
            services.clock(),
            services.tell,
            confirmed=confirmed,
            rehearse=dry_run,
            smtputf8=services.settings.mail.smtputf8,
        )
    if not dry_run:
        tell_of_departure(services.store, services.folder)
    show(report, chosen.name, f"{file}: ", as_json=as_json, dry_run=dry_run)


def _pairs(mapped: Iterable[str]) -> dict[str, str]:
    pairs = [one.partition("=")[::2] for one in mapped]
    if any(not field or not column for field, column in pairs):
        raise SyndicateError('--map: write FIELD=COLUMN, such as --map email="E-Mail".')
    return dict(pairs)


def _each(lines: "Iterable[Line]", advance: Callable[[], None]) -> "Iterator[Line]":
    for one in lines:
        advance()
        yield one


def show(
    report: "Taken", newsletter: str, where: str, *, as_json: bool, dry_run: bool = False
) -> None:
    """Say what became of a list; the exit status is 1 if something has to be looked at."""
    if as_json:
        show_json({**plain(report), "dry_run": dry_run})
    else:
        _say(report, newsletter, dry_run=dry_run)
    for line, reason in report.refused:
        complain(f"{where}line {line}: {reason}" if line else reason)
    if report.ended:
        complain(
            f"{report.ended} The rows before it were taken ({_taken(report)}). Mend that line and import "
            "the file again, or what is left of it from there: nobody is added twice."
        )
    if report.refused or report.ended:
        sys.exit(1)


def _say(report: "Taken", newsletter: str, *, dry_run: bool) -> None:
    mails = f"{report.invited} asked by a letter" if report.invited else "0 letters sent"
    would = "would be: " if dry_run else ""
    if dry_run:
        mails = f"{report.invited} would be asked by a letter"
    click.echo(
        f"{newsletter}: {would}{report.added} added, {report.changed} changed, "
        f"{report.unchanged} there already, {report.left} had left, {report.suppressed} suppressed, "
        f"{report.barred} newly suppressed, {len(report.refused)} refused; {mails}"
    )
    if report.id is not None:
        say(f"Import {report.id}; to take it back: syndicate subscribers undo {report.id}")
    if report.left:
        click.echo(_LEFT)
    if report.suppressed:
        say("Why an address is suppressed: syndicate subscribers show EMAIL")


def _taken(report: "Taken") -> str:
    kept = report.changed + report.unchanged + report.left + report.suppressed
    return f"{report.added} added, {kept} known before, {len(report.refused)} refused"


@nouns.subscribers.command("imports")
@as_json
@click.pass_context
def list_imports(context: click.Context, *, as_json: bool) -> None:
    """List the imports that changed something, oldest first."""
    from syndicate.store import intakes

    services = opened(context)
    with services.store.read() as tx:
        found = list(intakes.listed(tx))
    if as_json:
        show_json_array(found)
        return
    show_table(
        (
            (one.id, f"{one.at:%Y-%m-%d %H:%M} UTC", one.newsletter, one.source, _state(one))
            for one in found
        ),
        otherwise="There was no import yet.",
    )


def _state(one: "Intake") -> str:
    return f"undone {one.undone:%Y-%m-%d}" if one.undone else many(one.rows, "reader", "readers")


@nouns.subscribers.command("undo")
@click.argument("number", type=int, metavar="ID", help="The import's number.")
@click.option("--yes", is_flag=True, help="Do it, whoever is ended; else that is only told.")
@as_json
@click.pass_context
def undo_import(context: click.Context, *, number: int, yes: bool, as_json: bool) -> None:
    """Take back an import: readers it added go, and names it changed return.

    Who had letters since is ended for good instead, so that the ledger still adds up: where there is
    anybody, only with --yes. Who left and subscribed again by themselves stays. Addresses that it
    suppressed stay so: those people opted out, or their letters came back.
    """
    from syndicate.jobs.intake import undo
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    report = undo(services.store, number, services.clock(), services.tell, yes=yes)
    if report.done:
        tell_of_departure(services.store, services.folder)
    if as_json:
        show_json(report)
    elif report.done:
        _say_undone(report, number)
    else:
        _say_would_end(report, number)


def _say_would_end(report: "Undone", number: int) -> None:
    click.echo(
        f"Import {number} would be undone: {many(report.removed, 'reader', 'readers')} removed, "
        f"{report.ended} ended for good, {report.restored} called as before."
    )
    click.echo(
        "Who would be ended had letters since the import, or is on record otherwise. They cannot be "
        "imported again: only they themselves can subscribe again."
    )
    say(f"Nothing was changed. Do it with: syndicate subscribers undo {number} --yes")


def _say_undone(report: "Undone", number: int) -> None:
    click.echo(
        f"Import {number} is undone: {many(report.removed, 'reader', 'readers')} removed, "
        f"{report.ended} ended, {report.restored} called as before, "
        f"{many(report.requests, 'request', 'requests')} dropped."
    )
    if report.kept:
        click.echo(f"{many(report.kept, 'reader', 'readers')} stayed: they have confirmed since.")
    if report.suppressed:
        say(
            f"{report.suppressed} addresses that it suppressed stay so; if one is wrong: "
            "syndicate suppressions remove EMAIL --reason TEXT"
        )
