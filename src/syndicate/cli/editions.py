"""Commands about editions: cut, list, show, preview, approve; and deliver."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from syndicate.cli.progress import drawn
from syndicate.cli.terminal import AsJson, opened, show_json, show_table
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from syndicate.jobs.editions import Cut
    from syndicate.model import Edition, Newsletter
    from syndicate.services import Services

app = typer.Typer(help="The issues of a newsletter.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NEWSLETTER/NUMBER", help="Such as digest/1.")]


@app.command("cut")
def cut_edition(
    context: typer.Context,
    newsletter: Annotated[str, typer.Argument(metavar="NEWSLETTER")],
    *,
    as_json: AsJson = False,
) -> None:
    """Make an edition of the news now, and start it unless it needs approval."""
    from syndicate.cli import work

    services = opened(context)
    report = work.cut_edition(services, services.newsletter(newsletter))
    _show_cut(report, newsletter, as_json=as_json)


@app.command("approve")
def approve_edition(context: typer.Context, name: Name, *, as_json: AsJson = False) -> None:
    """Start an edition that waits for approval (NEWSLETTER/draft)."""
    from syndicate.cli import work
    from syndicate.model import EditionState

    services = opened(context)
    newsletter, edition = _find(services, name)
    if edition.state is not EditionState.DRAFT:
        raise SyndicateError(f"{name} was started before: it is {edition.state}.")
    _show_cut(work.approve_edition(services, newsletter, edition), newsletter.name, as_json=as_json)


def _show_cut(report: "Cut", newsletter: str, *, as_json: bool) -> None:
    if as_json:
        name = report.edition.name if report.edition else None
        show_json(
            {
                "edition": name,
                "letters": report.letters,
                "blocked": report.blocked,
                "reason": report.reason,
            }
        )
    elif report.edition is None:
        typer.echo(f"No edition of {newsletter}: {report.reason}.")
    elif report.edition.started is None:
        typer.echo(f"{report.edition.name} waits: {report.reason}.")
        typer.echo(f"Start it with: syndicate editions approve {report.edition.name}")
    else:
        typer.echo(f"{report.edition.name} started: {report.letters} letters are ready.")
        if report.blocked:
            typer.echo(
                f"{report.blocked} readers have an earlier letter under way and get this news later."
            )
        typer.echo("Send them with: syndicate deliver")


@app.command("list")
def list_editions(
    context: typer.Context,
    newsletter: Annotated[str, typer.Argument(metavar="[NEWSLETTER]")] = "",
    *,
    as_json: AsJson = False,
) -> None:
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


@app.command("show")
def show_edition(context: typer.Context, name: Name, *, as_json: AsJson = False) -> None:
    """Show an edition: its state, its renderings, and where its letters are."""
    from syndicate.store import editions, variants

    services = opened(context)
    _, edition = _find(services, name)
    with services.store.read() as tx:
        tally = editions.tally(tx, edition.id)
        renderings = variants.of_edition(tx, edition.id)
    if as_json:
        languages = [{"language": one.language, "html_size": one.html_size} for one in renderings]
        show_json({**_record(edition, tally), "renderings": languages})
        return
    typer.echo(f"{edition.name}  {edition.state}  slot {edition.slot}")
    if edition.held:
        typer.echo(f"waits: {edition.held}")
    for one in renderings:
        size = f"{one.html_size / 1024:.0f} KB of 100" if one.html_size else "not rendered yet"
        typer.echo(f"rendering {one.language}  {size}")
    show_table(tally.items(), otherwise="")


@app.command("preview")
def preview_edition(
    context: typer.Context,
    name: Name,
    language: Annotated[
        str, typer.Option("--language", help="Which rendering; the first if not said.")
    ] = "",
    part: Annotated[
        Literal["text", "html"], typer.Option("--part", help="Which part of the letter to print.")
    ] = "text",
    *,
    as_json: AsJson = False,
) -> None:
    """Print a letter of an edition as its readers get it, without anybody's links."""
    services = opened(context)
    newsletter, edition = _find(services, name)
    letter = preview(services, newsletter, edition, language)
    if as_json:
        show_json(letter)
    else:
        typer.echo(letter[part])


def preview(
    services: "Services", newsletter: "Newsletter", edition: "Edition", language: str = ""
) -> dict[str, str]:
    """Render one letter of an edition from the articles that it froze."""
    from syndicate.digests import render
    from syndicate.jobs.compose import compose
    from syndicate.store import variants

    with services.store.read() as tx:
        found = variants.of_edition(tx, edition.id)
        chosen = next((one for one in found if language in {"", one.language}), None)
        if chosen is None:
            known = (
                ", ".join(sorted({one.language for one in found})) or "none yet: it is not started"
            )
            raise SyndicateError(
                f"{edition.name} has no rendering {language!r}; there are: {known}."
            )
        digest = compose(tx, edition, chosen, newsletter, services.about)
    rendered = render(digest, services.about, services.environment, newsletter.template)
    html, text = rendered.html, rendered.text
    for mark in rendered.sentinels:  # where a recipient's own links would stand
        html, text = html.replace(mark, "#"), text.replace(mark, "#")
    return {"subject": digest.subject, "preheader": digest.preheader, "html": html, "text": text}


def deliver(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Send what is due, until nothing is due within 10 seconds."""
    from syndicate.cli import work
    from syndicate.store import ledger

    services = opened(context)
    with services.store.read() as tx:
        total = ledger.waiting(tx)
    with drawn("sending letters", "delivery.", total) as tell:
        report = work.send(replace(services, tell=tell))
    if as_json:
        show_json(report)
    else:
        typer.echo(
            f"sent {report.sent} · failed {report.failed} · unknown {report.unknown} · "
            f"deferred {report.deferred}"
        )
        if report.waiting and report.next_due:
            typer.echo(
                f"{report.waiting} letters wait; the next is due at {report.next_due:%H:%M:%S} UTC."
            )
    if report.stopped:
        raise SyndicateError(f"Sending stopped: the server refuses us: {report.stopped}")


def _record(edition: "Edition", tally: dict[str, int]) -> dict[str, object]:
    return {
        "edition": edition.name,
        "newsletter": edition.newsletter,
        "number": edition.number,
        "slot": edition.slot,
        "state": edition.state,
        "held": edition.held,
        "created": edition.created,
        "started": edition.started,
        "frozen": sum(tally.values()),
        "deliveries": tally,
    }


def _find(services: "Services", name: str) -> "tuple[Newsletter, Edition]":
    from syndicate.store import editions

    newsletter, _, number = name.partition("/")
    with services.store.read() as tx:
        found = editions.find(tx, services.newsletter(newsletter).name, number or "draft")
    if found is None:
        raise SyndicateError(f"There is no edition {name!r}. See: syndicate editions list")
    return services.newsletter(newsletter), found
