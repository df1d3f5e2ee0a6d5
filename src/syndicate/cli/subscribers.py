"""Commands about subscribers: add, import, list."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.progress import counted
from syndicate.cli.terminal import AsJson, complain, opened, show_json, show_table
from syndicate.errors import SyndicateError
from syndicate.model import Newsletter as NewsletterRecord

if TYPE_CHECKING:
    from syndicate.jobs.subscribe import Person

app = typer.Typer(help="Who gets a newsletter.", no_args_is_help=True)

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
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    newsletter: Newsletter = "",
    evidence: Evidence = "",
    name: Annotated[str, typer.Option("--name", help="The reader's name.")] = "",
    language: Language = "",
    *,
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> None:
    """Subscribe one reader who has given consent. No letter goes out."""
    from syndicate.jobs.subscribe import Person

    person = Person(email, name, language)
    _add(
        context, [(0, person)], newsletter, "added", evidence, confirmed=confirmed, as_json=as_json
    )


@app.command("import")
def import_subscribers(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV in UTF-8; a column email.")],
    newsletter: Newsletter = "",
    evidence: Evidence = "",
    language: Language = "",
    *,
    confirmed: Confirmed = False,
    as_json: AsJson = False,
) -> None:
    """Subscribe the readers of a CSV file, whose header names email and perhaps name, language."""
    from syndicate.jobs.subscribe import Person, read_csv

    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            people = (
                (line, Person(one.address, one.name, one.language or language))
                for line, one in read_csv(text, str(file))
            )
            source = f"import {file.name}"
            _add(
                context, people, newsletter, source, evidence, confirmed=confirmed, as_json=as_json
            )
    except OSError as error:
        raise SyndicateError(f"{file}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SyndicateError(f"{file}: is not UTF-8 text. Save it as CSV in UTF-8.") from None


def _add(
    context: typer.Context,
    people: "Iterable[tuple[int, Person]]",
    newsletter: str,
    source: str,
    evidence: str,
    *,
    confirmed: bool,
    as_json: bool,
) -> None:
    from syndicate.jobs import subscribe

    if not confirmed:
        complain(
            "say --confirmed if you have these readers' consent: "
            "letters that ask for it are not there yet."
        )
        raise typer.Exit(2)
    services = opened(context)
    chosen = services.newsletter(newsletter or _only(services.newsletters))
    with counted("reading subscribers") as advance:
        report = subscribe.add(
            services.store,
            services.keys,
            chosen.name,
            chosen.language,
            _each(people, advance),
            subscribe.Consent(source, evidence),
            services.clock(),
            services.tell,
        )
    if as_json:
        show_json(report)
    else:
        typer.echo(
            f"{chosen.name}: {report.added} added, {report.unchanged} there already, "
            f"{report.left} had left, {report.suppressed} suppressed, {len(report.refused)} refused; "
            "0 letters sent"
        )
    for line, reason in report.refused:
        complain(f"line {line}: {reason}" if line else reason)
    if report.refused:
        raise typer.Exit(1)


def _each(
    people: "Iterable[tuple[int, Person]]", advance: Callable[[], None]
) -> "Iterator[tuple[int, Person]]":
    for one in people:
        advance()
        yield one


def _only(newsletters: Iterable[NewsletterRecord]) -> str:
    """Return the newsletter that is meant when none is named."""
    names = [one.name for one in newsletters]
    if len(names) != 1:
        raise SyndicateError(f"Name one with --newsletter: {', '.join(names) or 'there is none'}.")
    return names[0]


@app.command("list")
def list_subscribers(
    context: typer.Context, newsletter: Newsletter = "", *, as_json: AsJson = False
) -> None:
    """List the subscriptions, oldest first."""
    from syndicate.store import subscribers

    services = opened(context)
    name = services.newsletter(newsletter).name if newsletter else None
    with services.store.read() as tx:
        found = list(subscribers.listed(tx, name))
    if as_json:
        show_json(found)
        return
    show_table(
        (
            (one.address or "(erased)", one.newsletter, one.state, one.language, one.name)
            for one in found
        ),
        otherwise="There are no subscribers yet.",
    )
