"""Commands that stop editions, for a while or for good, and one that proves their letters add up."""

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from syndicate.cli import nouns
from syndicate.cli.named import METAVAR, edition_name, find_edition
from syndicate.cli.terminal import as_json, many, opened, plain, say, show_json, show_table
from syndicate.errors import SyndicateError
from syndicate.model import EditionState

if TYPE_CHECKING:
    from syndicate.jobs.control import Cancellation, Control, ControlAll
    from syndicate.services import Services

_some_edition = click.argument("name", default="", metavar=f"[{METAVAR}]", help="Such as digest/1.")
_all = click.option(
    "--all", "every", is_flag=True, help="All sending, also of editions that start later."
)


@nouns.editions.command()
@_some_edition
@_all
@as_json
@click.pass_context
def pause(context: click.Context, *, name: str, every: bool, as_json: bool) -> None:
    """Hold back the letters of an edition that have not begun to leave, until it is resumed.

    Those under way finish. It counts at once, for whoever sends, and outlives restarts.
    """
    from syndicate.jobs import control

    _choose(name, every=every)
    services = opened(context)
    if every:
        whole = control.pause_all(services.store, services.clock(), services.tell)
        _show_all(whole, as_json=as_json)
        return
    _, edition = find_edition(services, name)
    _show(control.pause(services.store, edition, services.clock(), services.tell), as_json=as_json)


@nouns.editions.command()
@_some_edition
@_all
@as_json
@click.pass_context
def resume(context: click.Context, *, name: str, every: bool, as_json: bool) -> None:
    """Let a paused edition send again, or with --all end what `pause --all` began."""
    from syndicate.jobs import control

    _choose(name, every=every)
    services = opened(context)
    if every:
        whole = control.resume_all(services.store, services.tell)
        _finish(services)
        _show_all(whole, as_json=as_json)
        return
    _, edition = find_edition(services, name)
    report = control.resume(services.store, edition, services.tell)
    if report.edition in _finish(services):
        report = replace(report, state=EditionState.DONE.value)
    _show(report, as_json=as_json)


def _finish(services: "Services") -> tuple[str, ...]:
    """End what has no letter that could be sent."""
    from syndicate.jobs.finish import finish

    now = services.clock()
    return finish(services.store, services.newsletters, services.version, now, services.tell)


def _choose(name: str, *, every: bool) -> None:
    if bool(name) == every:
        raise click.BadParameter("name one edition, such as digest/1, or say --all")


def _show(report: "Control", *, as_json: bool) -> None:
    if as_json:
        show_json(report)
        return
    now = "is now" if report.changed else "was already"
    waits = many(report.waiting, "letter waits", "letters wait")
    click.echo(f"{report.edition} {now} {report.state}: {waits}.")
    _say_under_way(report.under_way)
    if report.unknown:
        letters = many(report.unknown, "letter", "letters")
        click.echo(f"{letters} to be sent once more: not now, ask for it again after the pause.")
    if report.all_paused:
        say("All sending is paused besides. Go on with: syndicate editions resume --all")


def _say_under_way(count: int) -> None:
    if count:
        letters = many(count, "letter is", "letters are")
        click.echo(
            f"{letters} under way: they finish, or are uncertain if their sender was killed."
        )


def _show_all(report: "ControlAll", *, as_json: bool) -> None:
    if as_json:
        show_json(report)
        return
    before = "" if report.changed else " (it was already)"
    if report.since:
        say(
            f"All sending is paused{before}, also of editions that start later. Letters under way "
            "finish. Go on with: syndicate editions resume --all"
        )
        return
    click.echo(f"Sending goes on{before}.")
    for name in report.paused:
        say(f"{name} is paused by itself: syndicate editions resume {name}")


@nouns.editions.command()
@edition_name
@click.option("--yes", is_flag=True, help="Do it; else it is only told.")
@as_json
@click.pass_context
def cancel(context: click.Context, *, name: str, yes: bool, as_json: bool) -> None:
    """End an edition for good. Letters under way finish; its news comes with the next edition.

    Who wants the news gone withdraws the article as well.
    """
    from syndicate.jobs import control

    services = opened(context)
    _, edition = find_edition(services, name)
    report = control.cancel(services.store, edition, services.clock(), services.tell, yes=yes)
    if as_json:
        show_json(report)
    else:
        show_cancellation(report, name)


def show_cancellation(report: "Cancellation", name: str) -> None:
    """Say what cancelling does, or would do, and what to do first where letters may have arrived."""
    will = "is cancelled" if report.done else "would be cancelled"
    letters = many(report.cancelled, "letter is", "letters are")
    click.echo(f"{report.edition} {will}: {letters} not sent; {report.sent} left before.")
    _say_under_way(report.under_way)
    click.echo("What was not sent comes with the next edition.")
    if report.unknown:
        _say_uncertain(report, name)
    if not report.done:
        say(f"Nothing was changed. Do it with: syndicate editions cancel {name} --yes")


def _say_uncertain(report: "Cancellation", name: str) -> None:
    may = many(
        report.unknown, "letter may have arrived, and counts", "letters may have arrived, and count"
    )
    click.echo(
        f"{may} as had: none is sent again, and its news does not come with the next edition."
    )
    if report.done:
        say(f"See them: syndicate deliveries uncertain {name}")
        return
    say(
        "Settle what a log proves, and send the others once more, before it is cancelled: syndicate "
        f"deliveries reconcile FILE, then syndicate deliveries resend {name} --missing"
    )


@nouns.editions.command()
@edition_name
@as_json
@click.pass_context
def audit(context: click.Context, *, name: str, as_json: bool) -> None:
    """Prove that an edition's letters add up; exit status 1 if a row breaks a rule."""
    from syndicate.jobs.audit import audit as examine

    services = opened(context)
    _, edition = find_edition(services, name)
    report = examine(services.store, edition)
    if as_json:
        show_json({**plain(report), "equation": report.equation})
    else:
        click.echo(f"{report.edition}: {report.equation}{': holds' if report.holds else ''}")
        if report.faults:
            show_table(report.faults, otherwise="")
    if not report.holds:
        named = (
            f", {len(report.faults)} of them named" if report.faulty > len(report.faults) else ""
        )
        rows = many(report.faulty, "row breaks", "rows break")
        lost = f", and {report.frozen} were frozen where {report.rows} stand now"
        raise SyndicateError(
            f"{report.edition} does not hold: {rows} what the ledger promises{named}"
            f"{lost if report.frozen != report.rows else ''}. "
            "Pause sending (editions pause --all), keep a copy of the database, and report it."
        )


def show_paused(services: "Services") -> None:
    """Say what is paused, if anything is."""
    from syndicate.jobs.control import standing

    found = standing(services.store)
    if found.since:
        say(
            f"All sending is paused since {found.since:%Y-%m-%d %H:%M} UTC. "
            "Go on with: syndicate editions resume --all"
        )
    for name in found.paused:
        say(f"{name} is paused. Go on with: syndicate editions resume {name}")
