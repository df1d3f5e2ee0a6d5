"""The telling of hubs, as a daemon's thread and as one command do it."""

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread

from syndicate.jobs.ping import NOTHING, Pinged, Pinging, ping
from syndicate.services import Services
from syndicate.store import pings

LOOK_S = 15.0  # how soon it is seen that a wait has ended


def pinging(services: Services, stop: Signal) -> Pinging:
    """Return what telling hubs needs; they want to hear at once, so that nothing is between two pings."""
    from syndicate.workers.outgoing import way_out  # noqa: PLC0415 - a build that tells nobody starts faster

    return Pinging(
        services.store,
        way_out(services, 0.0),
        services.about.base_url,
        services.about.hubs,
        services.clock,
        services.tell,
        stop,
    )


class Pinger(Thread):
    """Tells hubs until `stop`, so that one that does not answer holds up no publish.

    `guarded` runs a step and tells what it cannot do.
    """

    def __init__(
        self,
        services: Services,
        stop: Signal,
        guarded: Callable[[str, Callable[[], float | None]], float | None],
    ) -> None:
        super().__init__(name="pinger")
        self._pinging, self._guarded = pinging(services, stop), guarded
        self._stop_signal, self._woken = stop, Signal()

    def wake(self) -> None:
        """Look at once for what is due."""
        self._woken.set()

    def end(self) -> None:
        """Cut off what is under way, after `stop` is set."""
        self._woken.set()
        self._pinging.client.end()

    def run(self) -> None:
        """Tell hubs what is due."""
        while not self._stop_signal.is_set():
            self._guarded("telling hubs", lambda: ping(self._pinging).heard)
            self._woken.wait(LOOK_S)
            self._woken.clear()


def ping_due(services: Services) -> Pinged:
    """Tell hubs what is due, once; where none was ever named nothing is asked."""
    with services.store.read() as tx:
        if not pings.any_due(tx, services.clock()):
            return NOTHING
    return ping(pinging(services, Signal()))
