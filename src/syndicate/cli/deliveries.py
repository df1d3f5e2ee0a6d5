"""Commands about single letters: why somebody got one or not, and those that may have arrived."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from syndicate.cli import nouns
from syndicate.cli.named import METAVAR, edition_name, find_edition
from syndicate.cli.terminal import PATH, as_json, many, opened, plain, say, show_json, show_table
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndicate.jobs.evidence import Reconciled, Resent, Uncertain
    from syndicate.services import Services


@nouns.deliveries.command("explain")
@edition_name
@click.argument("address", metavar="ADDRESS", help="A reader's mail address.")
@as_json
@click.pass_context
def explain_delivery(context: click.Context, *, name: str, address: str, as_json: bool) -> None:
    """Say why somebody did or did not get an edition, with every attempt and reply."""
    from syndicate.jobs.evidence import message_ids
    from syndicate.jobs.explain import explain_delivery as explain

    services = opened(context)
    newsletter, edition = find_edition(services, name)
    found = explain(services.store, services.keys, newsletter, edition, address)
    message_id = None
    if found.key is not None and found.variant_id is not None and found.is_written:
        message_id = message_ids(services.store, services.sender.domain)(
            found.key, found.variant_id
        )
    if as_json:
        show_json({**plain(found), "message_id": message_id})
        return
    say(f"{found.edition}  {found.code}: {found.text}")
    if found.key is not None:
        click.echo(f"letter {found.key}  {message_id or '(not rendered yet)'}")
    show_table(
        (
            (
                f"  {one.at:%Y-%m-%d %H:%M:%S} UTC",
                one.what,
                f"attempt {one.attempt}" if one.attempt else "",
                one.detail,
            )
            for one in found.moments
        ),
        otherwise="",
    )


def _show_under_way(services: "Services") -> None:
    """Name the letters of which a sender that was killed has not told yet."""
    from syndicate.model import DeliveryState
    from syndicate.store import activity

    with services.store.read() as tx:
        count = sum(one.states[DeliveryState.SENDING] for one in activity.sending(tx))
    if count:
        letters = many(count, "letter is", "letters are")
        say(
            f"{letters} under way just now. If their sender was killed, the next one lists them here: "
            "syndicate deliver"
        )


@nouns.deliveries.command("uncertain")
@click.argument(
    "name", default="", metavar=f"[{METAVAR}]", help="Such as digest/1; else all editions."
)
@as_json
@click.pass_context
def list_uncertain(context: click.Context, *, name: str, as_json: bool) -> None:
    """List the letters that may have arrived: their connection ended before the server's last word."""
    from syndicate.jobs.evidence import message_ids, uncertain

    services = opened(context)
    edition = find_edition(services, name)[1] if name else None
    names = message_ids(services.store, services.sender.domain)
    found = uncertain(services.store, edition, names, services.clock())
    if as_json:
        show_json(found)
        return
    _show_letters(found, otherwise="No letter is uncertain.")
    _show_under_way(services)
    if found:
        proof, how = _evidence(services)
        click.echo(f"They are not sent again by themselves. What {proof} proves, settle:")
        say(f"  {how}")
    again = dict.fromkeys(one.edition for one in found if one.obstacle is None)
    if again:
        click.echo("Then look at who would get the rest once more, and perhaps a second time:")
        for its_name in again:
            say(f"  syndicate deliveries resend {its_name} --missing")


def _evidence(services: "Services") -> tuple[str, str]:
    """Return what proves that letters arrived, and the command that reads it."""
    mail = services.settings.mail
    if mail.transport != "maildir":
        return "the mail server's log", "syndicate deliveries reconcile FILE"
    place = services.folder / mail.maildir
    whole = " ".join(shlex.quote(str(place / name)) for name in ("new", "cur"))
    found = f"grep -rhs '^Message-ID: ' {whole} | cut -d' ' -f2"
    return f"the maildir {place}", f"{found} | syndicate deliveries reconcile -"


def _show_letters(found: "Sequence[Uncertain]", *, otherwise: str) -> None:
    show_table(
        (
            (
                one.key,
                one.edition,
                one.address or "(erased)",
                f"{one.at:%Y-%m-%d %H:%M:%S} UTC" if one.at else "",
                one.message_id or "(not rendered)",
                one.reply or "",
                f"not again: {one.obstacle}" if one.obstacle else "",
            )
            for one in found
        ),
        otherwise=otherwise,
    )


@nouns.deliveries.command("reconcile")
@click.argument(
    "file",
    type=PATH,
    metavar="FILE",
    help="A log of Postfix, or Message-IDs of letters that arrived, one a line; - reads "
    "standard input.",
)
@as_json
@click.pass_context
def reconcile_deliveries(context: click.Context, *, file: Path, as_json: bool) -> None:
    """Settle letters that may have arrived by evidence: what FILE proves was sent becomes sent.

    Only status=sent proves it. Give rotated logs oldest first: zcat -f LOG.1.gz LOG | ... reconcile -
    """
    from syndicate.jobs.evidence import reconcile

    services = opened(context)
    with _lines(file) as (lines, source):
        report = reconcile(services.store, lines, source, services.clock(), services.tell)
    if as_json:
        show_json(report)
    else:
        _show_reconciled(report)


@contextmanager
def _lines(file: Path) -> "Iterator[tuple[TextIO, str]]":
    """Open a log; its bytes need not be of any encoding."""
    if str(file) == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin, "standard input"
        return
    try:
        opened_file = file.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SyndicateError(f"{file}: cannot be read ({error.strerror}).") from None
    with opened_file as lines:
        yield lines, file.name


def _show_reconciled(report: "Reconciled") -> None:
    click.echo(
        f"settled {report.settled} · already sent {report.already_sent} · not ours {report.not_ours} · "
        f"still unknown {report.still_unknown}"
    )
    for state, count in report.elsewhere.items():
        letters = many(count, "letter", "letters")
        click.echo(f"{letters} in this evidence are {state} in the ledger, and stay so.")
    if report.nameless:
        lines = many(report.nameless, "line", "lines")
        click.echo(
            f"{lines} of letters whose Message-ID stands in an earlier log: give that one before this."
        )
    if report.still_unknown:
        say("See what is left: syndicate deliveries uncertain")


@nouns.deliveries.command("resend")
@edition_name
@click.option(
    "--missing", is_flag=True, help="Letters that may have arrived, and no evidence settled."
)
@click.option("--yes", is_flag=True, help="Do it; else they are only listed.")
@as_json
@click.pass_context
def resend_deliveries(
    context: click.Context, *, name: str, missing: bool, yes: bool, as_json: bool
) -> None:
    """Send letters once more that may have arrived: the same letters, to the same addresses.

    Whoever got one already gets it twice. Without --yes nothing is changed.
    """
    from syndicate.jobs.evidence import message_ids, resend
    from syndicate.store import witness

    if not missing:
        raise click.BadParameter(
            "say which letters: --missing means those that may not have arrived"
        )
    services = opened(context)
    _, edition = find_edition(services, name)
    if yes:
        witness.attest(services.store, services.folder)
    names = message_ids(services.store, services.sender.domain)
    report = resend(services.store, edition, names, services.clock(), services.tell, yes=yes)
    if as_json:
        show_json(report)
    else:
        _show_resent(report, name)


def _show_resent(report: "Resent", name: str) -> None:
    if not (report.letters or report.refused):
        click.echo(f"No letter of {report.edition} is uncertain.")
        return
    _show_letters([*report.letters, *report.refused], otherwise="")
    letters = many(len(report.letters), "letter", "letters")
    if report.done:
        waits = many(len(report.letters), "letter waits", "letters wait")
        click.echo(f"{waits} to be sent once more, {len(report.refused)} not.")
    else:
        click.echo(f"{letters} would be sent once more, {len(report.refused)} not.")
        if report.letters:
            say(
                "Nothing was changed. Who got it already gets it twice. Do it with: "
                f"syndicate deliveries resend {name} --missing --yes"
            )
    if report.done and report.state == "paused":
        say(f"{report.edition} is paused. Go on with: syndicate editions resume {name}")
