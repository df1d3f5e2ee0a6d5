"""Commands about editions: cut, approve, list, show; other files add theirs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from syndicate.cli import control, nouns, recipients
from syndicate.cli.named import METAVAR, edition_name, find_edition, newsletter_name, operator
from syndicate.cli.reach import show_reach
from syndicate.cli.terminal import (
    as_json,
    complain,
    many,
    opened,
    plain,
    say,
    show_json,
    show_table,
)
from syndicate.errors import SyndicateError
from syndicate.model import DeliveryState, EditionState

if TYPE_CHECKING:
    from syndicate.jobs.editions import Cut
    from syndicate.jobs.reach import Reach
    from syndicate.model import Edition
    from syndicate.services import Services
    from syndicate.store.variants import VariantRow


@nouns.editions.command("cut")
@newsletter_name
@click.option(
    "--to-recipients-of",
    "recipients_of",
    default="",
    metavar=METAVAR,
    help="Only to who got that edition, and only what changed in it since: a correction.",
)
@as_json
@click.pass_context
def cut_edition(
    context: click.Context, *, newsletter: str, recipients_of: str, as_json: bool
) -> None:
    """Make an edition of the news now, and start it unless it needs approval.

    With --to-recipients-of it holds no news: whoever got that edition gets what changed of it since,
    as a letter of its own, whatever their cadence.
    """
    from syndicate.cli import work

    services = opened(context)
    chosen = services.newsletter(newsletter)
    readers_of = recipients.mailed(services, newsletter, recipients_of) if recipients_of else None
    reach = work.reach_of_edition(services, chosen, readers_of)
    if not as_json:
        show_reach(reach)
    report = work.cut_edition(services, chosen, readers_of)
    _show_cut(services, report, reach, newsletter, as_json=as_json)


@nouns.editions.command("approve")
@edition_name
@as_json
@click.pass_context
def approve_edition(context: click.Context, *, name: str, as_json: bool) -> None:
    """Start an edition that waits for approval (NEWSLETTER/draft), and say before how many get it.

    Who did is kept with it.
    """
    from syndicate.cli import work
    from syndicate.jobs.reach import reach

    services = opened(context)
    newsletter, edition = find_edition(services, name)
    if edition.state is not EditionState.DRAFT:
        raise SyndicateError(f"{name} is no draft: it is {edition.state}.")
    found = reach(services.store, newsletter, edition, services.clock())
    if not as_json:
        show_reach(found)
    report = work.approve_edition(services, newsletter, edition, operator())
    _show_cut(services, report, found, newsletter.name, as_json=as_json)


def _show_cut(
    services: "Services", report: "Cut", reach: "Reach", newsletter: str, *, as_json: bool
) -> None:
    replaced = _replaced(services, report.edition)
    if report.edition:
        _warn_of_clipped(services, report.edition)
    if as_json:
        name = report.edition.name if report.edition else None
        show_json(
            {
                "edition": name,
                "letters": report.letters,
                "blocked": report.blocked,
                "reason": report.reason,
                "left_out": plain(reach.left_out),
                "replaced": replaced,
            }
        )
        return
    for name, count in replaced.items():
        waiting = (
            many(count, "waiting letter of ", "waiting letters of ") if count else "the draft "
        )
        click.echo(f"It replaces {waiting}{name}: what that held is in the new one.")
    if report.edition is None:
        click.echo(f"No edition of {newsletter}: {report.reason}.")
    elif report.edition.started is None:
        click.echo(f"{report.edition.name} waits: {report.reason}.")
        say(f"Look at it with: syndicate editions preview {report.edition.name}")
        say(f"Start it with: syndicate editions approve {report.edition.name}")
    else:
        letters = many(report.letters, "letter is ready", "letters are ready")
        click.echo(f"{report.edition.name} started: {letters}.")
        if report.blocked:
            readers = many(report.blocked, "reader has", "readers have")
            click.echo(f"{readers} an earlier letter under way and will get this news later.")
        say("Send them with: syndicate deliver")


def _warn_of_clipped(services: "Services", edition: "Edition") -> None:
    """Name the letters of which Gmail will hide the end; they leave all the same."""
    from syndicate.digests.fit import CLIPPED
    from syndicate.store import variants

    with services.store.read() as tx:
        found = variants.of_edition(tx, edition.id)
    for one in found:
        if one.html_size and one.html_size > CLIPPED:
            complain(
                f"warning: {edition.name} ({one.language}): its letter has {one.html_size:,} bytes of HTML; "
                f"Gmail shows {CLIPPED:,} and hides the rest. It is sent like this unless you cancel it "
                f"(syndicate editions cancel {edition.name}), shorten your template or leave articles out "
                "(`exclude` in the editor's note), and cut again."
            )


def _replaced(services: "Services", edition: "Edition | None") -> dict[str, int]:
    """Count the waiting letters that an edition took the place of, by the editions' names.

    A draft that it replaced had none; whoever approves it later was told so at the cut.
    """
    from syndicate.store import editions, letters

    if edition is None:
        return {}
    is_new = edition.started in {None, edition.created}
    with services.store.read() as tx:
        return {
            editions.get(tx, number).name: count
            for number, count in letters.replaced(tx, edition).items()
            if count or is_new
        }


@nouns.editions.command("list")
@click.argument("newsletter", default="", metavar="[NEWSLETTER]", help="Else all.")
@as_json
@click.pass_context
def list_editions(context: click.Context, *, newsletter: str, as_json: bool) -> None:
    """List the editions, oldest first."""
    from syndicate.store import editions

    services = opened(context)
    wanted = services.newsletter(newsletter).name if newsletter else None
    with services.store.read() as tx:
        found = [(one, editions.tally(tx, one.id)) for one in editions.listed(tx, wanted)]
    if as_json:
        show_json([_record(one, tally) for one, tally in found])
        return
    show_table(
        (
            (
                one.name,
                one.state,
                one.slot,
                f"{tally['sent']} of {sum(tally.values())} sent",
                one.held or "",
            )
            for one, tally in found
        ),
        otherwise="There are no editions yet. Make one with: syndicate editions cut NEWSLETTER",
    )
    control.show_paused(services)


@nouns.editions.command("show")
@edition_name
@click.option(
    "--state",
    type=click.Choice([one.value for one in DeliveryState]),
    help="Only letters of this state.",
)
@click.option("--letters", is_flag=True, help="List the letters: to whom, and what became of each.")
@as_json
@click.pass_context
def show_edition(
    context: click.Context, *, name: str, state: str | None, letters: bool, as_json: bool
) -> None:
    """Show an edition: its state, its renderings, and where its letters are; of a draft who would get it."""
    from syndicate.jobs.reach import reach
    from syndicate.store import editions, variants

    services = opened(context)
    newsletter, edition = find_edition(services, name)
    if letters or state:
        chosen = DeliveryState(state) if state else None
        _show_letters(services, edition, chosen, as_json=as_json)
        return
    with services.store.read() as tx:
        tally = editions.tally(tx, edition.id)
        renderings = variants.of_edition(tx, edition.id)
    waits = edition.state is EditionState.DRAFT
    found = reach(services.store, newsletter, edition, services.clock()) if waits else None
    if as_json:
        show_json(_whole(_record(edition, tally), renderings, found))
        return
    click.echo(f"{edition.name}  {edition.state}  slot {edition.slot}")
    if edition.held and edition.state in {EditionState.DRAFT, EditionState.PAUSED}:
        click.echo(f"waits: {edition.held}")
    if found:
        show_reach(found)
    if edition.answered:
        click.echo(f"approval: {edition.answered}")
    control.show_paused(services)
    for one in renderings:
        size = (
            f"{one.html_size / 1024:.0f} KB of at most 100" if one.html_size else "not rendered yet"
        )
        click.echo(f"rendering {one.language}  {size}")
    show_table(tally.items(), otherwise="")


def _whole(
    record: dict[str, object], renderings: "Sequence[VariantRow]", reach: "Reach | None"
) -> dict[str, object]:
    languages = [{"language": one.language, "html_size": one.html_size} for one in renderings]
    return {**record, "renderings": languages, **({"reach": plain(reach)} if reach else {})}


def _show_letters(
    services: "Services", edition: "Edition", state: DeliveryState | None, *, as_json: bool
) -> None:
    from syndicate.store import letters

    with services.store.read() as tx:
        found = list(letters.of_edition(tx, edition.id, state))
    if as_json:
        show_json(found)
        return
    show_table(
        ((one.key, one.address or "(erased)", one.state, one.reason or "") for one in found),
        otherwise=f"{edition.name} has no {f'{state} ' if state else ''}letters.",
    )


def _record(edition: "Edition", tally: dict[str, int]) -> dict[str, object]:
    return {
        "edition": edition.name,
        "newsletter": edition.newsletter,
        "number": edition.number,
        "slot": edition.slot,
        "state": edition.state,
        "held": edition.held,
        "answered": edition.answered,
        "created": edition.created,
        "started": edition.started,
        "frozen": sum(tally.values()),
        "deliveries": tally,
    }
