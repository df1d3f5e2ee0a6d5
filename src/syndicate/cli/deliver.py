"""deliver: send what is due, once."""

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from syndicate.cli import control
from syndicate.cli.progress import sending
from syndicate.cli.reasons import Reasons, show_reasons, told_to
from syndicate.cli.terminal import AsJson, many, opened, plain, show_json, tls_hint
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.services import Services


def deliver(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Send what is due, until nothing is due within 10 seconds."""
    from syndicate.cli import work
    from syndicate.store import ledger

    services = opened(context)
    with services.store.read() as tx:
        total = ledger.waiting(tx)
    reasons = Reasons()
    with sending(total) as course:
        report = work.send(replace(services, tell=told_to(course.tell, reasons.tell)))
    if as_json:
        show_json(
            {
                **plain(report),
                **course.record(),
                "reasons": plain(list(reasons.listed())),
                "left_unknown": reasons.left_unknown,
            }
        )
    else:
        typer.echo(
            f"sent {report.sent} · failed {report.failed} · unknown {report.unknown} · "
            f"deferred {report.deferred}"
        )
        _say_where_letters_are(services, report.sent)
        show_reasons(reasons)
        if report.waiting and report.next_due:
            letters = many(report.waiting, "letter waits", "letters wait")
            typer.echo(f"{letters}; the next is due at {report.next_due:%H:%M:%S} UTC.")
        control.show_paused(services)
    if report.stopped:
        hint = tls_hint(report.stopped, services.file)
        raise SyndicateError(f"Sending stopped: the server refuses us: {report.stopped}{hint}")


def _say_where_letters_are(services: "Services", sent: int) -> None:
    """Say so where `mail.transport` lets no letter leave."""
    mail = services.settings.mail
    if sent and mail.transport == "maildir":
        typer.echo(
            f"letters are in {services.folder / mail.maildir / 'new'}; none left this machine"
        )
