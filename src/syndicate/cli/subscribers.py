"""Commands about subscribers: add, list, show, remove."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import (
    as_json,
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


email = click.argument("email", metavar="EMAIL", help="The reader's mail address.")

newsletter = click.option("--newsletter", default="", metavar="NAME", help="Which newsletter.")
confirmed = click.option(
    "--confirmed", is_flag=True, help="You have these readers' consent; no letter asks for it."
)
evidence = click.option(
    "--evidence", default="", metavar="TEXT", help="What proves the consent; it is kept."
)
language = click.option(
    "--language", default="", metavar="CODE", help="The language of the letters, such as ja."
)


@nouns.subscribers.command("add")
@email
@newsletter
@evidence
@click.option("--name", default="", help="The reader's name.")
@language
@confirmed
@as_json
@click.pass_context
def add_subscriber(
    context: click.Context,
    *,
    email: str,
    newsletter: str,
    evidence: str,
    name: str,
    language: str,
    confirmed: bool,
    as_json: bool,
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


@nouns.subscribers.command("list")
@newsletter
@as_json
@click.pass_context
def list_subscribers(context: click.Context, *, newsletter: str, as_json: bool) -> None:
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


@nouns.subscribers.command("show")
@email
@as_json
@click.pass_context
def show_subscriber(context: click.Context, *, email: str, as_json: bool) -> None:
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
    click.echo("  ".join(filter(None, (reader.address, reader.language, reader.name))))
    if reader.suppression:
        why = reader.suppression
        click.echo(f"suppressed since {why.at:%Y-%m-%d}  {why.reason}: {why.evidence}")
    if len(reader.history) > 1:
        steps = ((f"  {e.at:%Y-%m-%d %H:%M} UTC", *_step(e)) for e in reader.history)
        show_table(steps, otherwise="")
    for one in reader.memberships:
        its = one.subscription
        click.echo(f"\n{its.newsletter}  {its.state}  {its.language}  {its.depth}  {its.cadence}")
        show_table(
            ((f"  {e.at:%Y-%m-%d %H:%M} UTC", e.kind, e.source, e.evidence) for e in one.consent),
            otherwise="  no record of consent",
        )
    if not reader.memberships:
        click.echo("no subscription")
    for asked in reader.requests:
        what = "asks for" if asked.kind == "join" else "is to be the address for"
        click.echo(
            f"{what} {asked.newsletter or 'letters'} since {asked.at:%Y-%m-%d %H:%M} UTC, not confirmed"
            f"  {asked.state}  {asked.source}"
        )


def _step(one: "Happened") -> tuple[str, str, str]:
    return (one.kind, one.reason, one.evidence)


@nouns.subscribers.command("remove")
@email
@click.option("--newsletter", default="", metavar="NAME", help="Which newsletter; else all.")
@click.option(
    "--evidence", default="", metavar="TEXT", help="How the reader asked for it; it is kept."
)
@as_json
@click.pass_context
def remove_subscriber(
    context: click.Context, *, email: str, newsletter: str, evidence: str, as_json: bool
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
        click.echo(f"{email} gets no more letters of {', '.join(report.ended)}.")
    if report.ended_before:
        click.echo(f"{email} had left before: {', '.join(report.ended_before)}.")
