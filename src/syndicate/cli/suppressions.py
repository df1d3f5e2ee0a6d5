"""Commands about addresses that are not written to: list, add, remove, import, export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import (
    PATH,
    as_json,
    complain,
    opened,
    show_json,
    show_json_array,
    show_long_table,
)

if TYPE_CHECKING:
    from syndicate.store.suppressions import Listed


_email = click.argument("email", metavar="EMAIL", help="The mail address.")
_reason = click.option("--reason", default="", metavar="TEXT", help="Why; it is kept.")
_file = click.argument("file", type=PATH, metavar="FILE", help="A CSV file.")


@nouns.suppressions.command("list")
@as_json
@click.pass_context
def list_suppressions(context: click.Context, *, as_json: bool) -> None:
    """List them, oldest first; the address is shown while its reader is known."""
    from syndicate.store import suppressions

    services = opened(context)
    with services.store.read() as tx:
        if as_json:
            show_json_array(_record(one) for one in suppressions.listed(tx))
        else:
            show_long_table(
                lambda: map(_row, suppressions.listed(tx)), otherwise="Nothing is suppressed."
            )


def _record(one: "Listed") -> dict[str, object]:
    return {
        "key": one.address_key.hex(),
        "address": one.address,
        "reason": one.reason,
        "evidence": one.evidence,
        "at": one.at,
    }


def _row(one: "Listed") -> tuple[str, ...]:
    from syndicate.tokens import handle

    return (
        f"{one.at:%Y-%m-%d}",
        one.address or f"(unknown {handle(one.address_key)})",
        one.reason,
        one.evidence,
    )


@nouns.suppressions.command("add")
@_email
@_reason
@as_json
@click.pass_context
def add_suppression(context: click.Context, *, email: str, reason: str, as_json: bool) -> None:
    """Never write to an address again, whoever asks; it counts at once, also while an edition is sent."""
    from syndicate.jobs.suppress import suppress
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    new = suppress(services.store, services.keys, email, reason, services.clock(), services.tell)
    tell_of_departure(services.store, services.folder)
    if as_json:
        show_json({"address": email, "new": new})
    else:
        click.echo(f"{email} is {'suppressed' if new else 'suppressed already; nothing changed'}.")


@nouns.suppressions.command("remove")
@_email
@_reason
@as_json
@click.pass_context
def remove_suppression(context: click.Context, *, email: str, reason: str, as_json: bool) -> None:
    """Let an address be written to again, for a reason that is kept; its reader has to subscribe anew."""
    from syndicate.jobs.suppress import lift

    if not reason.strip():
        complain("say with --reason why this address may be written to again; it is kept.")
        sys.exit(2)
    services = opened(context)
    lift(services.store, services.keys, email, reason, services.clock(), services.tell)
    if as_json:
        show_json({"address": email, "removed": True})
    else:
        click.echo(f"{email} may be written to again.")


@nouns.suppressions.command("import")
@_file
@_reason
@as_json
@click.pass_context
def import_suppressions(context: click.Context, *, file: Path, reason: str, as_json: bool) -> None:
    """Suppress the addresses of a CSV file, by its column email, or key as export writes it.

    Columns reason and evidence are taken over.
    """
    from syndicate.jobs.suppress import import_file
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    report = import_file(
        services.store, services.keys, file, reason, services.clock(), services.tell
    )
    tell_of_departure(services.store, services.folder)
    if as_json:
        show_json(report)
    else:
        click.echo(
            f"{report.added} suppressed, {report.known} suppressed already, "
            f"{len(report.refused)} refused"
        )
    for line, why in report.refused:
        complain(f"{file}: line {line}: {why}")
    if report.ended:
        complain(
            f"{report.ended} The rows before it were taken. Mend that line and import it again."
        )
    if report.refused or report.ended:
        sys.exit(1)


@nouns.suppressions.command("export")
@_file
@click.pass_context
def export_suppressions(context: click.Context, *, file: Path) -> None:
    """Write all of them as a CSV file, by keyed hash: whoever has the same hash_key can import it."""
    from syndicate.jobs.suppress import export_file

    services = opened(context)
    count = export_file(services.store, file)
    click.echo(f"{count} written to {file}")
