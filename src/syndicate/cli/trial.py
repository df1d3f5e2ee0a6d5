"""Letters before they leave: printed, or sent as a test."""

from typing import TYPE_CHECKING, Literal

import click

from syndicate.cli import nouns
from syndicate.cli.named import edition_name, find_edition, newsletter_name
from syndicate.cli.terminal import as_json, opened, show_json, tls_hint
from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate.jobs.trial import Trial
    from syndicate.model import Event, Newsletter
    from syndicate.services import Services

_FATES = {
    "deferred": (
        "did not leave yet",
        "It waits, and is tried again by the daemon (syndicate run), or by: syndicate deliver",
    ),
    "failed": ("was refused", "It is not tried again."),
    "unknown": ("may have arrived", "It is not sent again by itself."),
}

as_reader = click.option(
    "--as", "reader", default="", metavar="EMAIL", help="As this reader would get it, if cut now."
)


def coming_letter(services: "Services", newsletter: "Newsletter", reader: str) -> "Trial":
    """Write the coming letter, as a `reader` would get it if one is named."""
    from syndicate import mailbox, tokens
    from syndicate.jobs import notes
    from syndicate.jobs.trial import Press, coming

    key = tokens.address_key(services.keys, mailbox.parse(reader).canonical) if reader else None
    press = Press(
        services.store,
        services.folders,
        services.about,
        services.newsletters,
        services.rules,
        services.environment,
    )
    note = notes.waiting(services.settings.content_folders(services.folder), newsletter.name)
    return coming(press, newsletter, note, services.clock(), key)


@nouns.editions.command("test")
@newsletter_name
@click.option("--to", required=True, metavar="ADDRESS", help="Who gets it.")
@as_reader
@as_json
@click.pass_context
def send_test(
    context: click.Context, *, newsletter: str, to: str, reader: str, as_json: bool
) -> None:
    """Send the coming edition to one address, by the way that letters go, before anything is cut.

    Its links to unsubscribe and to settings lead nowhere.
    """
    from syndicate.jobs.trial import put_test
    from syndicate.store.lock import LockedError

    services = opened(context)
    chosen = services.newsletter(newsletter)
    services.rehearse(chosen)
    trial = coming_letter(services, chosen, reader)
    sender = services.senders[chosen.name]
    key = put_test(services.store, services.keys, trial, sender, chosen.name, to, services.clock())
    subject = trial.digest.subject
    try:
        fate, is_taken_along = _attempt(services, key), False
    except LockedError:  # the daemon sends: it takes this letter along
        fate, is_taken_along = None, True
    sent = fate is not None and fate.name == "delivery.sent"
    if as_json:
        show_json({"delivery": key, "subject": subject, "sent": int(sent)})
    elif is_taken_along:
        click.echo(f"left to the process that sends now, to {to}: {subject} ({key})")
    elif sent:
        click.echo(f"sent to {to}: {subject} ({key})")
    else:
        raise SyndicateError(_why_not_sent(fate, services.file))


def _attempt(services: "Services", key: str) -> "Event | None":
    """Send test letters that are due; what became of one of them, None if it was not tried."""
    from syndicate.cli import work

    heard: list[Event] = []
    work.send_tests(services.telling(heard.append))
    return next((one for one in reversed(heard) if one.values.get("delivery") == key), None)


def _why_not_sent(fate: "Event | None", settings: "Path") -> str:
    """Say what became of a test letter that was not sent, None if it was not even tried."""
    if fate is None:
        return "The test letter did not leave yet. See what holds it back: syndicate status"
    came_to, advice = _FATES[fate.name.removeprefix("delivery.")]
    reply = str(fate.values["reply"])
    return f"The test letter {came_to}: {reply.rstrip('.')}. {advice}{tls_hint(reply, settings)}"


@nouns.editions.command("preview")
@edition_name
@click.option("--language", default="", help="Which rendering; the first if not said.")
@click.option(
    "--part",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="Which part of the letter to print.",
)
@as_json
@click.pass_context
def preview_edition(
    context: click.Context,
    *,
    name: str,
    language: str,
    part: Literal["text", "html"],
    as_json: bool,
) -> None:
    """Print a letter of an edition as its readers get it, without anybody's links.

    Also of one that waits (NEWSLETTER/draft): as it would be if it were approved now.
    """
    from syndicate.jobs.preview import preview

    services = opened(context)
    newsletter, edition = find_edition(services, name)
    letter = preview(
        services.store,
        newsletter,
        edition,
        services.about,
        services.environment,
        services.clock(),
        language,
    )
    if as_json:
        show_json(letter)
    else:
        click.echo(letter.html if part == "html" else letter.text)
