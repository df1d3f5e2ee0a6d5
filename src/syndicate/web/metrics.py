"""What Prometheus asks of the running daemon. The library prometheus_client is fenced here.

Counters come from what jobs tell in this process; gauges are read from the store when asked. Labels
take few values, whatever a list holds: domains that are no large provider are `other`.
"""

from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address, ip_network

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request

from syndicate.config import WebSection
from syndicate.jobs.slots import schedule
from syndicate.model import DeliveryState, EditionState, Event, Tell
from syndicate.outbox.domains import GROUPS, shown
from syndicate.services import Services
from syndicate.store import activity, control
from syndicate.store.database import Transaction

CONTENT_TYPE = CONTENT_TYPE_LATEST
OUTCOMES = ("sent", "failed", "unknown", "deferred")
_FORWARDED = ("forwarded", "x-forwarded-for", "via")


def may_read(request: Request, web: WebSection) -> bool:
    """Whether a request comes from where metrics may be read (`web.metrics`).

    Behind a proxy that is not trusted everybody seems to be that proxy: its requests are refused.
    """
    if not web.trusted_proxies and any(name in request.headers for name in _FORWARDED):
        return False
    try:
        peer = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return any(peer in ip_network(one) for one in web.metrics)


class Metrics:
    """The metrics of one daemon."""

    def __init__(self, services: Services, sending_held: Callable[[], bool] = bool) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Stored(services, sending_held))
        self._clock = services.clock
        self._attempts = self._counter(
            "attempts", "Attempts to send a letter, by what came of them.", "outcome", "group"
        )
        for outcome in OUTCOMES:
            for group in GROUPS:
                self._attempts.labels(outcome, group)
        self._files = self._counter("files_published", "Files written, feeds among them.")
        self._feeds = self._counter("feeds_published", "Feeds written.", "format")
        for form in ("rss", "atom", "json"):
            self._feeds.labels(form)
        self._trips = self._counter("breaker_trips", "Times that an edition stopped by itself.")
        self._problems = self._counter("problems", "Warnings and errors in the log.", "event")
        self._published = Gauge(
            "syndicate_last_publish_timestamp_seconds",
            "When files changed last, since this process began; 0 if not yet.",
            registry=self._registry,
        )

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"syndicate_{name}", text, labels, registry=self._registry)

    def hearing(self, tell: Tell) -> Tell:
        """Return a `tell` that counts events before it passes them on."""

        def heard(event: Event) -> None:
            self.count(event)
            tell(event)

        return heard

    def count(self, event: Event) -> None:
        """Count one event."""
        room, _, what = event.name.partition(".")
        if room == "delivery" and what in OUTCOMES:
            self._attempts.labels(what, shown(event.values.get("lane"))).inc()
        elif event.name == "file.written":
            self._count_file(str(event.values.get("path", "")))
        elif event.name == "publication.published":
            self._published.set(self._clock().timestamp())
        elif event.name == "breaker.tripped":
            self._trips.inc()
        if event.level in ("warning", "error"):
            self._problems.labels(event.name).inc()

    def _count_file(self, path: str) -> None:
        self._files.inc()
        name = path.rpartition("/")[2]
        if name in ("feed.rss", "feed.atom", "feed.json"):
            self._feeds.labels(name.removeprefix("feed.")).inc()

    def text(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Stored(Collector):
    """What the store knows, read anew for each answer."""

    def __init__(self, services: Services, sending_held: Callable[[], bool]) -> None:
        self._services, self._held = services, sending_held

    def describe(self) -> Iterable[Metric]:
        """Name nothing in advance: that would ask the store while the program starts."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read the gauges."""
        with self._services.store.read() as tx:
            yield from self._editions(tx)
            yield from self._pace(tx)
            halted = control.all_paused(tx) is not None
        yield _gauge("sending_paused", "1: an operator holds all sending.", halted)
        yield _gauge("sending_held", "1: this copy of the database must not send.", self._held())
        slots = _family("next_slot_timestamp_seconds", "When an edition is due.", "newsletter")
        for one in self._services.newsletters:
            planned = schedule(one)
            if planned and (slot := planned.next(self._services.clock())):
                slots.add_metric([one.name], slot.at.timestamp())
        yield slots

    def _editions(self, tx: Transaction) -> Iterator[Metric]:
        letters = _family("deliveries", "Letters of unfinished editions.", "edition", "state")
        paused = _family("edition_paused", "1: an unfinished edition is paused.", "edition")
        breaker = _family("edition_stopped", "1: it stopped by itself (breaker).", "edition")
        waiting = 0
        for one in activity.sending(tx):
            name, resting = one.edition.name, one.edition.state is EditionState.PAUSED
            for state, number in one.states.items():
                letters.add_metric([name, state], number)
            paused.add_metric([name], resting)
            breaker.add_metric([name], resting and one.edition.held is not None)
            waiting += 0 if resting else one.states[DeliveryState.PENDING]
        yield from (letters, paused, breaker)
        yield _gauge("letters_waiting", "Letters that wait in editions that send.", waiting)

    def _pace(self, tx: Transaction) -> Iterator[Metric]:
        now = self._services.clock()
        oldest = activity.oldest_due(tx, now)
        age = (now - oldest).total_seconds() if oldest else 0
        yield _gauge("oldest_waiting_seconds", "How long a letter that could leave waits.", age)
        rate = activity.lately(tx, now).rate
        yield _gauge("letters_per_second", "Letters sent a second in the last minute.", rate)
        lanes = _family("lane_rate", "Letters a second that a limited lane may send.", "group")
        slowest: dict[str, float] = {}
        for lane, allowed in activity.limited(tx).items():
            group = shown(lane)
            slowest[group] = min(allowed, slowest.get(group, allowed))
        for group, allowed in slowest.items():
            lanes.add_metric([group], allowed)
        yield lanes


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"syndicate_{name}", text, value=value)


def _family(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"syndicate_{name}", text, labels=labels)
