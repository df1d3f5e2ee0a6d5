"""The way out to the web, as the settings allow it."""

from syndicate import __version__
from syndicate.net import Client, Limits, networks
from syndicate.services import Services


def way_out(services: Services, pause: float) -> Client:
    """Return the client that asks the web as the settings allow, `pause` seconds between two to one host."""
    net = services.settings.net
    return Client(
        f"syndicate/{__version__} (+{services.about.base_url})",
        services.clock,
        allowed=networks(net.allow),
        limits=Limits(net.seconds, net.megabytes * 1024 * 1024, pause),
    )
