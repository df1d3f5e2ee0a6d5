"""What `resume` prints: what is in doubt, and what was done about it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from syndicate.cli.terminal import many, say

if TYPE_CHECKING:
    from syndicate.jobs.doubt import Doubt, OpenLetters, Waiting
    from syndicate.jobs.resume import Choice, Resumed


def show_doubt(found: "Doubt | None", choice: "Choice | None") -> None:
    """Print why sending is held and what each choice, or the one made, would do."""
    if found is None:
        click.echo("Nothing is held: this database is the one that sends.")
        return
    say(found.reason)
    for line in _since(found):
        say(f"- {line}")
    for words, skipped, sent in _matters(found):
        click.echo(f"\n{words}")
        if choice != "send":
            click.echo(f"  --skip: {skipped}")
        if choice != "skip":
            click.echo(f"  --send: {sent}")
    if choice is None:
        say(
            "\n--skip cannot mail anybody twice; choose it unless you know that nothing was mailed after "
            "this copy was made.\nNext: syndicate resume --skip --yes, or --send --yes"
        )


def _since(found: "Doubt") -> Iterator[str]:
    """Say what the witness knows of the time that this copy does not know."""
    if found.copied:
        yield f"This copy was made on {found.copied:%Y-%m-%d at %H:%M} UTC."
    if found.sender_ran:
        yield "A process that sends ran after that: --send may mail people again."
    if found.editions_since:
        editions = many(found.editions_since, "edition was", "editions were")
        yield f"Up to {editions} made after that and mailed: --send may mail people again."
    if found.departures:
        people = many(found.departures, "reader has left or is", "readers have left or are")
        yield (
            f"{people} suppressed since, and this copy cannot know who: whom you know, take out with "
            "syndicate subscribers remove, before anything is sent (docs/operations.md, Restore)."
        )
    if found.refused:
        pages = many(found.refused, "page is", "pages are")
        yield f"{pages} refused as they are: once mended, they are news to everybody."


def _matters(found: "Doubt") -> Iterator[tuple[str, str, str]]:
    """Yield what is in doubt, what becomes of it by --skip, and by --send."""
    for edition in found.editions:
        yield _edition(edition)
    for newsletter in found.newsletters:
        if newsletter.readers:
            yield _news(newsletter)
        if newsletter.latest:
            yield _slot(newsletter)
    if found.pages:
        pages = many(found.pages, "page is", "pages are")
        yield (
            f"{pages} in the content directories that this copy does not know.",
            "published, and counted as mailed.",
            "published, and news to everybody.",
        )


def _edition(one: "OpenLetters") -> tuple[str, str, str]:
    if one.state == "draft":
        kept = "cancelled: it may have been started since." if one.lost else "it goes on waiting."
        return f"{one.edition} waits for approval.", "cancelled.", kept
    letters = many(one.waiting, "letter waits", "letters wait")
    people = many(one.waiting, "person is", "people are")
    under_way = f", {one.under_way} were just leaving" if one.under_way else ""
    unknown = f" The {one.under_way} that were leaving are unknown." if one.under_way else ""
    return (
        f"{one.edition} ({one.state}): {letters}{under_way}.",
        f"all of them are unknown: {people} not mailed it from here.",
        f"{people} mailed it.{unknown}",
    )


def _news(one: "Waiting") -> tuple[str, str, str]:
    articles = many(one.articles, "article is", "articles are")
    readers = many(one.readers, "reader", "readers")
    return (
        f"{one.newsletter}: {articles} news to {readers}, as far as this copy knows.",
        f"they count as mailed to all: {readers} will not get them.",
        f"{readers} will get them in the next edition.",
    )


def _slot(one: "Waiting") -> tuple[str, str, str]:
    slots = many(one.slots, "slot has", "slots have")
    late = (
        "it is cut and waits for approval, since it is late." if one.late else "it is cut at once."
    )
    return (
        f"{one.newsletter}: {slots} passed; the latest was {one.latest}.",
        "it counts as done.",
        late,
    )


def show_resumed(done: "Resumed | None") -> None:
    """Print what was done."""
    if done is None:
        click.echo("Nothing is held: this database is the one that sends.")
        return
    click.echo("This database may send again; every other copy of it is held.")
    if done.unknown:
        click.echo(
            f"{many(done.unknown, 'letter is', 'letters are')} unknown: not sent again by itself."
        )
    if done.readers:
        click.echo(f"All news count as mailed to {many(done.readers, 'reader', 'readers')}.")
    for slot in done.slots:
        click.echo(f"The slot {slot} counts as done.")
    if done.drafts:
        click.echo(f"{many(done.drafts, 'draft was', 'drafts were')} cancelled.")
    if done.waiting:
        letters = many(done.waiting, "letter waits", "letters wait")
        say(f"{letters} to be sent: syndicate deliver")
    click.echo(f"The next editions: {', '.join(done.next)}.")
    click.echo("If syndicate run is running, restart it.")
