"""Commands about series: list, show."""

import click

from syndicate.cli import nouns
from syndicate.cli.terminal import as_json, opened, show_json, show_table
from syndicate.errors import SyndicateError
from syndicate.model import Part, Series


@nouns.series.command("list")
@as_json
@click.pass_context
def list_series(context: click.Context, *, as_json: bool) -> None:
    """List all series."""
    from syndicate.store import series

    with opened(context).store.read() as tx:
        known = list(series.load(tx).values())
    if as_json:
        show_json([_record(one) for one in known])
        return
    show_table(
        ((one.slug, f"{_come(one)} of {one.total} parts", one.title) for one in known),
        otherwise="There are no series yet.",
    )


@nouns.series.command("show")
@click.argument("series_", metavar="SERIES", help="Its slug, as in series list.")
@as_json
@click.pass_context
def show_series(context: click.Context, *, series_: str, as_json: bool) -> None:
    """Show the parts of a series in order, with what is known of a part that has not come."""
    from syndicate.store import series

    with opened(context).store.read() as tx:
        found = next((one for one in series.load(tx).values() if one.slug == series_), None)
    if found is None:
        raise SyndicateError(f"There is no series {series_!r}. See: syndicate series list")
    if as_json:
        show_json(_record(found))
        return
    click.echo(found.title)
    show_table(
        ((part.number, part.title, part.slug or _told(found, part)) for part in found.parts),
        otherwise="",
    )


def _told(series: Series, part: Part) -> str:
    """Say what is known of a part that has not come."""
    before = series.parts[part.number - 2] if part.number > 1 else None
    if before and before.published:
        return f"(has not come yet; should follow {before.slug})"
    return "(announced, has not come yet)"


def _come(series: Series) -> int:
    return sum(part.published for part in series.parts)


def _record(series: Series) -> dict[str, object]:
    return {
        "slug": series.slug,
        "title": series.title,
        "total": series.total,
        "parts": [_part(part) for part in series.parts],
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "number": part.number,
        "title": part.title,
        "slug": part.slug,
        "id": part.uid,
        "published": part.published,
    }
