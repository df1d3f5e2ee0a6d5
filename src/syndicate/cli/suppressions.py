"""Commands about addresses that are not written to: list, add, remove, import, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.terminal import (
    AsJson,
    complain,
    opened,
    show_json,
    show_json_array,
    show_long_table,
)

if TYPE_CHECKING:
    from syndicate.store.suppressions import Listed

app = typer.Typer(help="Addresses that are not written to.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The mail address.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept.", show_default=False)
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")]


@app.command("list")
def list_suppressions(context: typer.Context, *, as_json: AsJson = False) -> None:
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


@app.command("add")
def add_suppression(
    context: typer.Context, email: Email, reason: Reason = "", *, as_json: AsJson = False
) -> None:
    """Never write to an address again, whoever asks; it counts at once, also while an edition is sent."""
    from syndicate.jobs.suppress import suppress
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    new = suppress(services.store, services.keys, email, reason, services.clock(), services.tell)
    tell_of_departure(services.store, services.folder)
    if as_json:
        show_json({"address": email, "new": new})
    else:
        typer.echo(f"{email} is {'suppressed' if new else 'suppressed already; nothing changed'}.")


@app.command("remove")
def remove_suppression(
    context: typer.Context, email: Email, reason: Reason = "", *, as_json: AsJson = False
) -> None:
    """Let an address be written to again, for a reason that is kept; its reader has to subscribe anew."""
    from syndicate.jobs.suppress import lift

    if not reason.strip():
        complain("say with --reason why this address may be written to again; it is kept.")
        raise typer.Exit(2)
    services = opened(context)
    lift(services.store, services.keys, email, reason, services.clock(), services.tell)
    if as_json:
        show_json({"address": email, "removed": True})
    else:
        typer.echo(f"{email} may be written to again.")


@app.command("import")
def import_suppressions(
    context: typer.Context, file: File, reason: Reason = "", *, as_json: AsJson = False
) -> None:
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
        typer.echo(
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
        raise typer.Exit(1)


@app.command("export")
def export_suppressions(context: typer.Context, file: File) -> None:
    """Write all of them as a CSV file, by keyed hash: whoever has the same hash_key can import it."""
    from syndicate.jobs.suppress import export_file

    services = opened(context)
    count = export_file(services.store, file)
    typer.echo(f"{count} written to {file}")
