"""The fetching of pages from the web, as a daemon's thread and as one command do it."""

from dataclasses import replace
from pathlib import Path
from threading import Event as Signal

from syndicate import __version__
from syndicate.content import Folder
from syndicate.content.web import mirror
from syndicate.jobs.fetch import Fetching, fetch, rehearse
from syndicate.jobs.visit import Visited
from syndicate.net import Client, Limits, networks
from syndicate.services import Services


def fetching(services: Services, stop: Signal) -> Fetching:
    """Return what visits to the sources need, with a way out to the web as the settings allow it."""
    net = services.settings.net
    client = Client(
        f"syndicate/{__version__} (+{services.about.base_url})",
        services.clock,
        allowed=networks(net.allow),
        limits=Limits(net.seconds, net.megabytes * 1024 * 1024, net.pause),
    )
    return Fetching(services.store, client, services.folder, services.clock, services.tell, stop)


def fetch_due(services: Services, stop: Signal | None = None) -> tuple[Visited, ...]:
    """Fetch the sources that are due."""
    configured = services.settings.source_records()
    return fetch(fetching(services, stop or Signal()), configured) if configured else ()


def rehearse_all(services: Services, to: Path) -> tuple[tuple[Visited, ...], list[Folder]]:
    """Fetch every source into copies below `to`; return what came of it, and the folders of the copies."""
    configured = services.settings.source_records()
    trial = replace(fetching(services, Signal()), folder=to)
    visited = rehearse(trial, services.folder, configured) if configured else ()
    return visited, mirror.folders(to, [one.name for one in configured])
