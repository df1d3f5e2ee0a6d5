"""The command check: every problem of the content, and what to do."""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from threading import Event as Signal
from typing import TYPE_CHECKING

import click

from syndicate.cli.progress import drawn
from syndicate.cli.terminal import as_json, many, opened, say, show_json

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate.jobs.check import Finding
    from syndicate.services import Services


@click.command()
@click.option("--links", is_flag=True, help="Ask every cited source whether it is still there.")
@as_json
@click.pass_context
def check(context: click.Context, *, links: bool, as_json: bool) -> None:
    """Print every problem of pages and templates, by file, and what to do. Status 1 if one is refused.

    Templates of your own lie in templates/: copies of ours, which `doctor` says the place of.
    """
    from syndicate.jobs import notes
    from syndicate.jobs.check import Finding, by_file
    from syndicate.jobs.check import check as job
    from syndicate.jobs.templates import broken_templates

    with drawn("asking for sources", "link.") as tell:
        services = opened(context, tell=tell)
        found = job(
            services.store,
            services.folders,
            services.about,
            services.newsletters,
            services.rules,
            services.clock(),
        )
        own = services.folder / "templates"
        broken = broken_templates(services.about, services.environment, own, services.clock())
        folders = services.settings.content_folders(services.folder)
        noted = notes.broken(services.store, folders, [one.name for one in services.newsletters])
        found = by_file(
            (
                *found,
                *broken,
                *_unwritten(services, own),
                *(Finding(file, "template-idle", said) for file, said in services.idle_templates()),
                *noted,
                *(_dead(services) if links else ()),
            )
        )
    if as_json:
        show_json(found)
    else:
        for file, some in groupby(found, key=lambda one: one.file):
            click.echo(file)
            for one in some:
                say(f"  {one.level:7}  {one.code}: {one.message}")
        click.echo(_total(found) if found else "No problem was found.")
    if any(one.level == "error" for one in found):
        sys.exit(1)


def _total(found: "Sequence[Finding]") -> str:
    """Count what was found by what it is: pages, templates, editors' notes, warnings."""
    refused = sum(one.level == "error" for one in found)
    templates, notes = (sum(one.code == code for one in found) for code in ("template", "note"))
    said = [many(refused - templates - notes, "page is refused", "pages are refused")]
    if templates:
        said.append(many(templates, "template does not work", "templates do not work"))
    if notes:
        said.append(many(notes, "editor's note is refused", "editors' notes are refused"))
    return ", ".join((*said, many(len(found) - refused, "warning", "warnings")))


def _unwritten(services: "Services", own: "Path") -> "Iterator[Finding]":
    """Write a sample letter of each newsletter where the templates of letters are overridden."""
    from syndicate.digests.error import DigestError
    from syndicate.jobs.check import Finding
    from syndicate.jobs.rules import SETTINGS

    if not (own / "digest").is_dir():
        return
    for one in services.newsletters:
        try:
            services.rehearse(one)
        except DigestError as error:
            found = re.search(r"digest/[\w./-]+\.(?:html|txt|css)", str(error))
            file = f"{own.name}/{found[0]}" if found else SETTINGS
            yield Finding(file, "template", f"the letter of {one.name}: {error}", "error")


def _dead(services: "Services") -> "Iterator[Finding]":
    """Find sources that do not answer. Asking takes a while: one request at a time to a host."""
    from syndicate.jobs.check import Finding
    from syndicate.jobs.links import dead_sources
    from syndicate.jobs.rules import SETTINGS
    from syndicate.workers.fetcher import fetching

    client = fetching(services, Signal()).client
    for one in dead_sources(services.store, client, services.tell):
        code = "source-dead" if one.sure else "source-silent"
        advice = "Mend or remove it." if one.sure else "Look at it in a browser."
        message = f"{one.name} ({one.address}): {one.reason.rstrip('.')}. {advice}"
        yield from (Finding(file, code, message) for file in one.files or (SETTINGS,))
