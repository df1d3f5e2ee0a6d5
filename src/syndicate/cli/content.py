"""Commands about pages: parse, build."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli.progress import drawn
from syndicate.cli.sources import show_visits
from syndicate.cli.terminal import PATH, as_json, complain, folder_of, many, opened, say, show_json

if TYPE_CHECKING:
    from syndicate.cli.building import Built
    from syndicate.jobs.collect import Collected
    from syndicate.jobs.publish import Published
    from syndicate.model import Article


@click.command()
@click.argument("pages", nargs=-1, required=True, type=PATH, metavar="PAGE...", help="Page files.")
@as_json
@click.pass_context
def parse(context: click.Context, *, pages: tuple[Path, ...], as_json: bool) -> None:
    """Read pages and show what they say. Needs no publication, and takes the language of one."""
    from syndicate import articles
    from syndicate.content import sidecar
    from syndicate.errors import PageRefused
    from syndicate.model import Page

    refused, (language, roots) = False, _where(folder_of(context))
    for path in pages:
        try:
            page = Page(
                str(path), _bytes_of(path), sidecar.read(path, path.parent.resolve(), str(path))
            )
            article = _illustrated(path, articles.parse(page, language), roots)
        except PageRefused as error:
            complain(str(error))
            refused = True
            continue
        if as_json:
            show_json({"path": str(path), **articles.to_record(article)})
        else:
            _show(path, article)
    if refused:
        sys.exit(1)


def _where(folder: Path) -> tuple[str, list[Path]]:
    """Return the language of pages that do not show theirs, and the content directories, of a publication."""
    from syndicate import config

    if not (folder / config.FILE).is_file():
        return "en", []
    settings = config.load(folder)
    roots = [(folder / one).resolve() for one in settings.content.directories]
    return settings.publication.language, roots


def _illustrated(path: Path, article: "Article", roots: Sequence[Path]) -> "Article":
    """Measure the pictures beside a page, which keep the addresses that they have on it."""
    from syndicate.articles import wanted

    urls = wanted(article)
    if not urls:
        return article
    from syndicate.content import Found, find_picture
    from syndicate.jobs.illustrate import with_files

    file = path.resolve()
    root = next((one for one in roots if file.is_relative_to(one)), file.parent)
    page = Found(file.relative_to(root).as_posix(), str(file), root, 0, 0)
    return with_files(article, [find_picture(page, url) for url in urls], lambda one: one.url)


def _bytes_of(path: Path) -> bytes:
    from syndicate.errors import PageRefused

    try:
        return path.read_bytes()
    except OSError as error:
        raise PageRefused(f"{path}: cannot be read ({error.strerror}).") from None


def _show(path: Path, article: "Article") -> None:
    click.echo(f"{path}  {article.language}  {article.title}")
    for highlight in article.highlights:
        click.echo(f"  💡 {highlight}")
    for section in article.sections:
        sources = ", ".join(source.name for source in section.sources)
        click.echo(f"  § {section.heading or '-'}  {section.source_date or 'no date'}  {sources}")
    if article.next_title:
        click.echo(f"  next: {article.next_title}")
    for image in article.images:
        size = f"{image.width}x{image.height}  " if image.width and image.height else ""
        click.echo(f"  picture: {image.url}  {size}{image.alt or '-'}")
    for notice in article.warnings:
        click.echo(f"  warning: {notice.code}: {notice.message}")


@click.command()
@click.option("--backlog", is_flag=True, help="Publish what is new, and never mail it.")
@click.option("--dry-run", is_flag=True, help="Say what would be picked up, and change nothing.")
@click.option(
    "--accept-removals",
    is_flag=True,
    help="Let articles leave that stay because so many pages were gone at once.",
)
@as_json
@click.pass_context
def build(
    context: click.Context, *, backlog: bool, dry_run: bool, accept_removals: bool, as_json: bool
) -> None:
    """Fetch from the web what is due, pick up pages and publish, once."""
    from syndicate.cli import building

    gc.freeze()  # what is loaded stays: the collector need not go through it again and again
    with drawn("reading and publishing", ("source.read", "page.read", "file.")) as tell:
        services = opened(context, tell=tell)
        built = building.build(services, backlog=backlog, dry_run=dry_run, accept=accept_removals)
    if as_json:
        show_json(built)
    else:
        _report(built, services.rules.guard, dry_run=dry_run)
    for _, reason in built.collected.refused:
        complain(reason)
    if built.collected.refused:
        sys.exit(1)


def _report(built: "Built", guard: float, *, dry_run: bool) -> None:
    found = built.collected
    _report_pages(found, dry_run=dry_run)
    show_visits(built.web, dry_run=dry_run)
    _report_news(built, dry_run=dry_run)
    _report_losses(built, guard, dry_run=dry_run)
    if found.drafts or found.scheduled:
        drafts = many(len(found.drafts), "draft", "drafts")
        click.echo(
            f"kept back  {drafts}, {len(found.scheduled)} scheduled: not published nor mailed yet"
        )
    if found.backlog:
        old = many(len(found.backlog), "page is", "pages are")
        click.echo(f"backlog    {old} published and never mailed")
    if found.strays:
        ends = "the name of a page ends in .txt, .md, .markdown, .html or .htm"
        click.echo(f"not a page {_names(found.strays)} ({ends})")
    for path, notice in (*found.warnings, *found.alone):
        click.echo(f"warning    {path}: {notice.code}: {notice.message}")
    for file, said in built.idle:
        click.echo(f"warning    {file} {said}")
    if not dry_run:
        _report_published(built.published)
        _report_hubs(built)


def _report_pages(found: "Collected", *, dry_run: bool) -> None:
    would = "would pick up" if dry_run else "picked up"
    counts = [
        f"{len(paths)} {kind}"
        for kind, paths in (
            ("new", found.new),
            ("changed", found.changed),
            ("moved", found.moved),
            ("gone", found.gone),
            ("back", found.back),
            ("refused", found.refused),
        )
        if paths
    ]
    pages = many(found.pages, "page", "pages")
    click.echo(f"{would}  {', '.join(counts) or 'nothing new'} of {pages}")
    _report_arrivals(found)
    if found.still_refused:
        still = many(found.still_refused, "page is", "pages are")
        say(f"refused    {still} still refused, as said before: syndicate check")


def _report_arrivals(found: "Collected") -> None:
    """Name the pages that came, unless they are many: their counts were said."""
    came = (("new", found.new), ("changed", found.changed), ("moved", found.moved))
    if sum(len(paths) for _, paths in came) <= _SHOWN:
        for kind, paths in came:
            for path in paths:
                click.echo(f"{kind:10} {path}")


def _report_news(built: "Built", *, dry_run: bool) -> None:
    """Say what is published at last, and how much of what comes out would be mailed."""
    found, due = built.collected, built.due
    would = "would release" if dry_run else "released  "
    if found.released:
        pages = many(len(found.released), "page that was kept back", "pages that were kept back")
        click.echo(f"{would} {pages}: {_names(found.released)}")
    first = [f"{would} {slug}: its date has come" for slug in due.articles[:_SHOWN]]
    _list(first, len(due.articles))
    counts = {"new": len(found.new), "released": len(found.released) + len(due.articles)}
    kinds = " or ".join(kind for kind, count in counts.items() if count)
    if dry_run and kinds:
        mailed = found.mailed + due.mailed
        click.echo(f"would mail {mailed} of {sum(counts.values())} {kinds} articles")


def _names(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (" ..." if len(paths) > _SHOWN else "")


def _report_losses(built: "Built", guard: float, *, dry_run: bool) -> None:
    """Say which articles lost or found their pages in this pass, and what becomes of all without one."""
    found, accepted = built.collected, built.accepted
    back = [f"back       {slug}: its page is here again" for slug in found.back[:_SHOWN]]
    _list(back, len(found.back))
    _list([f"gone       {path}" for path in found.gone[:_SHOWN]], len(found.gone))
    if accepted:
        go = "would let go" if dry_run else "let go    "
        last = accepted.leave
        when = f", the last of them at {last:%Y-%m-%d %H:%M} UTC" if last else ""
        stayed = many(accepted.articles, "article", "articles")
        click.echo(f"{go} {stayed} that stayed without a page{when}")
    would = "would withdraw" if dry_run else "withdrawn "
    gone = [f"{would} {slug}: its page is gone" for slug in built.withdrawn[:_SHOWN]]
    _list(gone, len(built.withdrawn))
    stay = 0 if accepted else found.guarded
    if stay and found.newly_guarded:
        complain(
            f"{_missing(stay)}, more than content.guard ({guard:g} %): none is withdrawn. {_EITHER}"
        )
    elif stay:
        say(f"guarded    {_missing(stay)}, so many at once that none is withdrawn. {_EITHER}")
    if (leave := found.missing - stay - len(built.withdrawn)) > 0:
        say(
            f"missing    {_missing(leave)}: published until content.grace is over; see: syndicate check"
        )


def _missing(count: int) -> str:
    return many(count, "article misses its page", "articles miss their pages")


def _list(first: Sequence[str], count: int) -> None:
    """Print the `first` lines of so many, and count the others."""
    for line in first[:_SHOWN]:
        click.echo(line)
    if count > _SHOWN:
        click.echo(f"  and {count - _SHOWN} more (all of them: --json)")


def _report_published(done: "Published") -> None:
    changed = [*done.written[:_SHOWN], *(f"{path} (removed)" for path in done.removed[:_SHOWN])]
    removed = f", {len(done.removed)} removed" if done.removed else ""
    click.echo(f"published  {len(done.written)} of {done.files} files changed{removed}")
    _list([f"  {path}" for path in changed], len(done.written) + len(done.removed))
    for slug in done.aside:
        say(f"set aside  {slug}: it would break the feeds; see: syndicate check")
    for page, address in done.dead:
        click.echo(f"warning    {page} links to {address}, where nothing is published")


def _report_hubs(built: "Built") -> None:
    hubs = built.hubs
    if hubs.heard:
        click.echo(f"told       hubs of {many(hubs.heard, 'changed feed', 'changed feeds')}")
    if hubs.waiting:
        click.echo(
            f"warning    {many(hubs.waiting, 'ping', 'pings')} of hubs failed: tried again later"
        )


_SHOWN = 20  # paths named on a terminal
_EITHER = "Bring the pages back, or say: syndicate build --accept-removals"
