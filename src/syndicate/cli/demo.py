"""The command demo: the whole main job once, on sample pages, with nothing leaving the machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndicate.cli.terminal import as_json, called, show_json
from syndicate.errors import ConfigError

if TYPE_CHECKING:
    from syndicate.cli.building import Built
    from syndicate.model import Edition
    from syndicate.services import Services

DEFAULT = Path("syndicate-demo")

_SETTINGS = """\
# A scratch publication, made by: syndicate demo. Delete the folder to begin anew.

[publication]
title = "みちしお便り"
description = "毎朝の学びを、わかりやすい連載でお届けします。"
base_url = "http://127.0.0.1:8000"
language = "ja"
zone = "Asia/Tokyo"
author = "みちしお便り編集部"

[[newsletters]]
name = "digest"
title = "みちしお便り"
cron = "0 7 * * *"

[mail]
from = "newsletter@example.com"
transport = "maildir"
maildir = "mail"

[legal]
profile = "jp"
sender = "みちしお便り編集部"
address = "東京都 (見本の住所)"
contact = "editor@example.com"
"""
_READERS = (
    ("hanako@example.com", "花子", "ja"),
    ("taro@example.com", "太郎", "ja"),
    ("alice@example.com", "Alice", "en"),
)


@click.command()
@as_json
@click.pass_context
def demo(context: click.Context, *, as_json: bool) -> None:
    """Run the whole main job on sample pages, into a local mailbox; again: nothing is new.

    The folder is the demo's own, and the environment is not asked: nothing leaves this machine.
    """
    from syndicate.cli import building, work
    from syndicate.cli.setup import copy_sample_pages, make_publication
    from syndicate.services import open_services

    folder = (context.obj or DEFAULT).absolute()
    _require_own(folder)
    make_publication(folder, _SETTINGS, environment=False)
    copy_sample_pages(folder)
    services = open_services(folder, environment=False)
    built = building.build(services)
    if not as_json:
        for line in _built(services, built):
            click.echo(line)
    _subscribe(services)
    work.send(services)  # what a run that was killed left undone comes first
    newsletter = services.newsletter("digest")
    cut = work.cut_edition(services, newsletter)
    sent = work.send(services)
    edition = cut.edition or _latest(services)
    if as_json:
        name = edition.name if edition else None
        show_json(
            {
                "folder": str(folder),
                "built": built,
                "edition": name,
                "reason": cut.reason,
                "sent": sent,
            }
        )
        return
    if edition is None:
        click.echo(f"edition    none: {cut.reason}")
        return
    click.echo(_edition(services, edition, "" if cut.edition else f"   ({cut.reason})"))
    click.echo(
        f"letters    {sent.sent} written to a local mailbox; nothing left this machine"
        if sent.sent
        else "letters    none: nobody is mailed twice"
    )
    click.echo(_check(services, edition))
    click.echo(f"look       {' · '.join(_looks(services, edition))}")
    click.echo(
        f"browse     {called()} -C {_short(folder)} run   then open {services.about.base_url}"
    )


def _require_own(folder: Path) -> None:
    """Refuse a real publication: its readers would be mailed sample pages."""
    from syndicate.config import FILE

    file = folder / FILE
    try:
        own = file.read_text(encoding="utf-8") == _SETTINGS
    except FileNotFoundError:
        own = not folder.is_dir() or not any(folder.iterdir())
    except (OSError, UnicodeDecodeError):
        own = False
    if not own:
        raise ConfigError(
            f"{folder}: this is not the demo's own folder, and nothing was changed. Name a new one: "
            f"{called()} -C DIR demo"
        )


def _built(services: "Services", built: "Built") -> Iterator[str]:
    from syndicate import feeds
    from syndicate.store import articles, series

    found = built.collected
    languages = ", ".join(f"{count} {language}" for language, count in found.languages)
    come = (
        f"{len(found.new) + len(found.changed)} pages    {languages}"
        if languages
        else "nothing new"
    )
    yield f"picked up  {come} · refused {len(found.refused)} · warnings {len(found.warnings)}"
    with services.store.read() as tx:
        known, count = series.load(tx), articles.count(tx)
    for one in known.values():
        parts = " · ".join(f"{part.number} {part.title}" for part in one.parts)
        ids = sorted((part.article_id, part.number) for part in one.parts if part.article_id)
        arrived = ", ".join(str(number) for _, number in ids)
        yield f"series     {one.title}  {parts}   (arrived {arrived}; put in order)"
    shown = min(count, feeds.WINDOW)
    names = " · ".join(f"feed.{one.ending} {shown}" for one in feeds.FORMATS)
    yield f"feeds      {names} · one set per series"


def _subscribe(services: "Services") -> None:
    from syndicate.jobs.subscribe import Consent, Person, add

    people = [(0, Person(*reader)) for reader in _READERS]
    consent = Consent("demo", "sample reader")
    add(
        services.store,
        services.keys,
        "digest",
        "ja",
        people,
        consent,
        services.clock(),
        services.tell,
    )


def _latest(services: "Services") -> "Edition | None":
    from syndicate.store import editions

    with services.store.read() as tx:
        found = [one for one in editions.listed(tx, "digest") if one.started]
    return found[-1] if found else None


def _edition(services: "Services", edition: "Edition", note: str) -> str:
    from syndicate.store import editions, variants

    with services.store.read() as tx:
        readers = sum(editions.tally(tx, edition.id).values())
        renderings = variants.of_edition(tx, edition.id)
    languages = ", ".join(one.language for one in renderings)
    largest = max((one.html_size or 0 for one in renderings), default=0) / 1024
    return (
        f"edition    {edition.name}  {readers} readers, {len(renderings)} renderings ({languages}), "
        f"{largest:.0f} KB of at most 100{note}"
    )


def _check(services: "Services", edition: "Edition") -> str:
    from syndicate.store import editions

    with services.store.read() as tx:
        tally = editions.tally(tx, edition.id)
    pending = tally["pending"] + tally["sending"]
    ends = " + ".join(
        f"{name} {tally[name]}" for name in ("sent", "failed", "unknown", "cancelled")
    )
    return f"check      frozen {sum(tally.values())} = {ends} + pending {pending}"


def _looks(services: "Services", edition: "Edition") -> Iterator[str]:
    """Write the digest beside the publication, to be opened by a person; name what to look at."""
    from syndicate import output
    from syndicate.jobs.preview import preview

    newsletter = services.newsletter("digest")
    name = f"digest-{edition.number}"
    html = preview(
        services.store,
        newsletter,
        edition,
        services.about,
        services.environment,
        services.clock(),
    ).html.encode()
    output.write(services.folder, f"{name}.html", html)
    letter = next(
        (
            data
            for file in sorted((services.folder / "mail" / "new").iterdir())
            if f"\nTo: {_READERS[0][0]}\n".encode() in (data := file.read_bytes())
        ),
        None,
    )
    if letter:
        output.write(services.folder, f"{name}.eml", letter)
    for path in (
        services.public / "index.html",
        services.folder / f"{name}.html",
        services.folder / f"{name}.eml",
        services.public / "feed.atom",
    ):
        if path.exists():
            yield _short(path)


def _short(path: Path) -> str:
    """Name a path from where the user stands."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
