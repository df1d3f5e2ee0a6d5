"""deliver: send what is due, once."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from syndicate.cli import control
from syndicate.cli.course import sending
from syndicate.cli.reasons import Reasons, show_reasons, show_uncertain, told_to
from syndicate.cli.terminal import as_json, many, opened, plain, say, show_json, tls_hint
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.services import Services


@click.command()
@as_json
@click.pass_context
def deliver(context: click.Context, *, as_json: bool) -> None:
    """Send what is due, until nothing is due within 10 seconds."""
    from syndicate.cli import work
    from syndicate.store import activity, ledger

    services = opened(context)
    with services.store.read() as tx:
        total = ledger.waiting(tx)
    reasons = Reasons()
    with sending(total) as course:
        report = work.send(services.telling(told_to(course.tell, reasons.tell)))
    found = list(reasons.listed(services.store))
    if as_json:
        show_json(
            {
                **plain(report),
                **course.record(),
                "reasons": plain(found),
                "left_unknown": reasons.left_unknown,
            }
        )
    else:
        click.echo(
            f"sent {report.sent} · failed {report.failed} · unknown {report.unknown} · "
            f"deferred {report.deferred}"
        )
        _say_where_letters_are(services, report.sent)
        show_reasons(reasons, found)
        show_uncertain(services.store)
        with services.store.read() as tx:
            left = report.waiting + activity.of_no_edition(tx)
        if left and report.next_due:
            say(waiting(left, report.next_due, services.clock()))
        control.show_paused(services)
    if report.stopped:
        hint = tls_hint(report.stopped, services.file)
        raise SyndicateError(f"Sending stopped: the server refuses us: {report.stopped}{hint}")


def waiting(count: int, due: datetime, now: datetime) -> str:
    """Say how many letters wait, and for what."""
    at = f"at {due:%H:%M:%S} UTC" if due > now else "now: syndicate deliver"
    return f"{many(count, 'letter waits', 'letters wait')}; the next is due {at}"


def _say_where_letters_are(services: "Services", sent: int) -> None:
    """Say so where `mail.transport` lets no letter leave."""
    mail = services.settings.mail
    if sent and mail.transport == "maildir":
        click.echo(
            f"letters are in {services.folder / mail.maildir / 'new'}; none left this machine"
        )
