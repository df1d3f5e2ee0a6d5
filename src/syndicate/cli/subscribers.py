"""Commands about subscribers: add, list, show, remove."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.terminal import (
    AsJson,
    opened,
    show_json,
    show_json_array,
    show_long_table,
    show_table,
)
from syndicate.errors import SyndicateError
from syndicate.model import Newsletter as NewsletterRecord
from syndicate.model import SubscriptionState

if TYPE_CHECKING:
    from syndicate.jobs.readers import Reader
    from syndicate.store.subscribers import Listed
    from syndicate.store.suppressions import Happened

app = typer.Typer(help="Who gets a newsletter.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The reader's mail address.")]

Newsletter = Annotated[str, typer.Option("--newsletter", metavar="NAME", help="Which newsletter.")]
Confirmed = Annotated[
    bool,
    typer.Option("--confirmed", help="You have these readers' consent; no letter asks for it."),
]
Evidence = Annotated[
    str, typer.Option("--evidence", metavar="TEXT", help="What proves the consent; it is kept.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="CODE", help="The language of the letters, such as ja.")
]


@app.command("add")
def add_subscriber(
    context: typer.Context,
    email: Email,
    newsletter: Newsletter = "",
    evidence: Evidence = "",
    name: Annotated[str, typer.Option("--name", help="The reader's name.")] = "",
    language: Language = "",
    *,
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> None:
    """Subscribe one reader who has given consent (--confirmed), or change name and language; no letter goes.

    Without --confirmed a letter asks the reader first. Who has left is not brought back by you.
    """
    from syndicate.cli.intake import show
    from syndicate.jobs.intake import take_in
    from syndicate.jobs.people import Line
    from syndicate.jobs.subscribe import Consent, Person
    from syndicate.language import tag

    services = opened(context)
    chosen = services.newsletter(newsletter or only(services.newsletters))
    report = take_in(
        services.store,
        services.keys,
        chosen.name,
        chosen.language,
        (),
        [Line(0, Person(email, name, tag(language) if language else ""), "active")],
        Consent("added", evidence),
        services.clock(),
        services.tell,
        confirmed=confirmed,
        smtputf8=services.settings.mail.smtputf8,
    )
    show(report, chosen.name, "", as_json=as_json)


def only(newsletters: Iterable[NewsletterRecord]) -> str:
    """Return the newsletter that is meant when none is named."""
    names = [one.name for one in newsletters]
    if len(names) != 1:
        raise SyndicateError(f"Name one with --newsletter: {', '.join(names) or 'there is none'}.")
    return names[0]


@app.command("list")
def list_subscribers(
    context: typer.Context, newsletter: Newsletter = "", *, as_json: AsJson = False
) -> None:
    """List the subscriptions, oldest first, then who asked and has not confirmed."""
    from syndicate.store import subscribers

    services = opened(context)
    name = services.newsletter(newsletter).name if newsletter else None
    with services.store.read() as tx:
        if as_json:
            show_json_array(subscribers.with_unconfirmed(tx, name))
        else:
            show_long_table(
                lambda: map(_listed, subscribers.with_unconfirmed(tx, name)),
                otherwise="There are no subscribers yet.",
            )


def _listed(one: "Listed") -> tuple[str, ...]:
    return (one.address or "(erased)", one.newsletter, _state(one), one.language, one.name)


def _state(one: "Listed") -> str:
    """Say whether letters come: also an active reader gets none at a suppressed address."""
    if one.suppressed is None:
        return one.state
    before = "" if one.state == SubscriptionState.ACTIVE else f"{one.state}, "
    return f"{before}suppressed ({one.suppressed})"


@app.command("show")
def show_subscriber(context: typer.Context, email: Email, *, as_json: AsJson = False) -> None:
    """Show what is kept of a reader: subscriptions, consent, suppressions, requests that are not confirmed.

    Letters and all the rest: syndicate subscribers export EMAIL
    """
    from syndicate.jobs.readers import describe

    services = opened(context)
    reader = describe(services.store, services.keys, email)
    if as_json:
        show_json(reader)
    else:
        _show(reader)


def _show(reader: "Reader") -> None:
    typer.echo("  ".join(filter(None, (reader.address, reader.language, reader.name))))
    if reader.suppression:
        why = reader.suppression
        typer.echo(f"suppressed since {why.at:%Y-%m-%d}  {why.reason}: {why.evidence}")
    if len(reader.history) > 1:
        steps = ((f"  {e.at:%Y-%m-%d %H:%M} UTC", *_step(e)) for e in reader.history)
        show_table(steps, otherwise="")
    for one in reader.memberships:
        its = one.subscription
        typer.echo(f"\n{its.newsletter}  {its.state}  {its.language}  {its.depth}  {its.cadence}")
        show_table(
            ((f"  {e.at:%Y-%m-%d %H:%M} UTC", e.kind, e.source, e.evidence) for e in one.consent),
            otherwise="  no record of consent",
        )
    if not reader.memberships:
        typer.echo("no subscription")
    for asked in reader.requests:
        what = "asks for" if asked.kind == "join" else "is to be the address for"
        typer.echo(
            f"{what} {asked.newsletter or 'letters'} since {asked.at:%Y-%m-%d %H:%M} UTC, not confirmed"
            f"  {asked.state}  {asked.source}"
        )


def _step(one: "Happened") -> tuple[str, str, str]:
    return (one.kind, one.reason, one.evidence)


@app.command("remove")
def remove_subscriber(
    context: typer.Context,
    email: Email,
    newsletter: Annotated[
        str, typer.Option("--newsletter", metavar="NAME", help="Which newsletter; else all.")
    ] = "",
    evidence: Annotated[
        str,
        typer.Option("--evidence", metavar="TEXT", help="How the reader asked for it; it is kept."),
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """End a reader's subscription at the reader's request. Only the reader can come back.

    It counts at once, also for an edition that is being sent; done twice, it changes nothing.
    """
    from syndicate.jobs.readers import remove
    from syndicate.jobs.subscribe import Consent
    from syndicate.store.witness import tell_of_departure

    services = opened(context)
    report = remove(
        services.store,
        services.keys,
        email,
        newsletter or None,
        Consent("operator", evidence),
        services.clock(),
        services.tell,
    )
    if report.ended:
        tell_of_departure(services.store, services.folder)
    if as_json:
        show_json(report)
        return
    if report.ended:
        typer.echo(f"{email} gets no more letters of {', '.join(report.ended)}.")
    if report.ended_before:
        typer.echo(f"{email} had left before: {', '.join(report.ended_before)}.")
