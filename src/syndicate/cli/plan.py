"""`syndicate plan`: the coming editions."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from syndicate.cli.reach import left_out
from syndicate.cli.terminal import Whole, as_json, many, number, opened, show_json

if TYPE_CHECKING:
    from syndicate.jobs.coming import Coming, LeftOut

_ALIKE = 5  # articles that one edition leaves out for the same reason and that are named


@click.command()
@number("--days", type=Whole(1, 366), default=14, help="How far ahead.")
@as_json
@click.pass_context
def plan(context: click.Context, *, days: int, as_json: bool) -> None:
    """Show every coming edition: when, its articles, how many get it, and what is left out and why.

    It is what will be if nothing more is published until then. Slots without a letter stand in one line.
    """
    from syndicate.jobs import notes
    from syndicate.jobs.plan import plan as job

    services = opened(context)
    found = job(
        services.store,
        services.newsletters,
        days,
        services.clock(),
        {
            one.name: note
            for one in services.newsletters
            if (note := notes.waiting(services.settings.content_folders(services.folder), one.name))
        },
    )
    if as_json:
        show_json([_record(one) for one in found])
        return
    if not found:
        click.echo("No edition is due: no newsletter has a schedule.")
    for one, more in _folded(found):
        _show(one)
        if more:
            click.echo(f"  and {len(more)} more without a letter, until {more[-1].local}")


def _folded(found: Iterable["Coming"]) -> list[tuple["Coming", list["Coming"]]]:
    """Put slots for which nobody is due a letter below the first of their newsletter's row of them."""
    shown: list[tuple[Coming, list[Coming]]] = []
    rows: dict[str, list[Coming]] = {}
    for one in found:
        is_empty = not one.letters and not one.edition and not one.articles
        if is_empty and one.newsletter in rows:
            rows[one.newsletter].append(one)
            continue
        shown.append((one, []))
        if is_empty:
            rows[one.newsletter] = shown[-1][1]
        else:
            rows.pop(one.newsletter, None)
    return shown


def _show(one: "Coming") -> None:
    letters = many(one.letters, "letter", "letters") if one.letters else "nobody is due a letter"
    draft = f"  {one.edition}" if one.edition else ""
    click.echo(f"{one.newsletter}  {one.local} {one.zone}{draft}  {letters}")
    if readers := left_out(one.readers_left_out):
        click.echo(f"  readers{readers.lower()}")
    if one.waits:
        click.echo(f"  waits for approval: {one.waits}")
    if one.subject:
        click.echo(f"  subject: {one.subject}")
    if one.preheader:
        click.echo(f"  preheader: {one.preheader}")
    if one.opening:
        click.echo(f"  opening words: {one.opening[0]}")
    for article in one.articles:
        kind = "" if article.kind == "new" else f"  ({article.kind})"
        click.echo(f"  {article.title}{kind}")
    for line in _left_out(one.left_out):
        click.echo(f"  left out: {line}")


def _left_out(found: Iterable["LeftOut"]) -> Iterator[str]:
    """Name some articles that are left out for each reason, and count the others."""
    by_code: dict[str, list[LeftOut]] = {}
    for gone in found:
        by_code.setdefault(gone.code, []).append(gone)
    for code, alike in by_code.items():
        yield from (f"{gone.title}: {gone.reason}" for gone in alike[:_ALIKE])
        if len(alike) > _ALIKE:
            yield f"{len(alike) - _ALIKE} more ({code}): --json names all"


def _record(one: "Coming") -> dict[str, object]:
    return {
        "newsletter": one.newsletter,
        "edition": one.edition,
        "slot": one.slot,
        "at": one.at,
        "local": one.local,
        "zone": one.zone,
        "letters": one.letters,
        "readers_left_out": dict(one.readers_left_out),
        "waits": one.waits,
        "subject": one.subject,
        "preheader": one.preheader,
        "opening": list(one.opening),
        "articles": [
            {"article": a.article, "title": a.title, "language": a.language, "kind": a.kind}
            for a in one.articles
        ],
        "left_out": [
            {"article": a.article, "title": a.title, "code": a.code, "reason": a.reason}
            for a in one.left_out
        ],
    }
