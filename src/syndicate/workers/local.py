"""The embedded runner: one thread plans and publishes, one sends; what is due is in the database."""

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from time import monotonic

from msgspec.structs import replace

from syndicate.config import FILE
from syndicate.content import watch
from syndicate.errors import SyndicateError
from syndicate.jobs.collect import collect
from syndicate.jobs.deliver import deliver
from syndicate.jobs.due import due
from syndicate.jobs.polls import Polls
from syndicate.jobs.recover import Seat
from syndicate.model import Event, Work
from syndicate.services import Services
from syndicate.store.witness import SendingHeldError
from syndicate.workers.fetcher import Fetcher
from syndicate.workers.pinger import Pinger
from syndicate.workers.publishing import publish_files
from syndicate.workers.systemd import notify
from syndicate.workers.verbs import VERBS, WITHOUT_A_SEAT

POLL_S = 2.0  # how soon work that other processes made due is seen
SCAN_S = 15.0  # how soon a page is seen of which the operating system did not tell
MAIL_S = 15.0  # how soon the sending thread looks again for letters whose wait has ended
COUNT_S = 60.0  # how often it is written who asked for feeds: a kill loses a minute of counts
ROUNDS = 8  # cut, publish, render and finish follow from each other: more in one tick is a mistake
FAULT_S = 60.0  # how long sending rests after the server refused us, and an error is not repeated


class Runner:
    """Runs due work until stopped. Without a `seat` nothing is sent, and pages go on."""

    def __init__(self, services: Services, seat: Seat | None, polls: Polls | None = None) -> None:
        """Run what is due for a publication; `polls` are the web server's, and are written now and then."""
        self._polls, self._saved_at = polls or Polls(), monotonic()
        self._services, self._seat = services, seat
        self._settings = _mark(services.file)
        self.sending_held = seat is None  # or the witness objects since
        self._planning = services.telling(self._tell)
        self._woken, self._mail, self._stop = Signal(), Signal(), Signal()
        self._pages = Signal()  # there may be something new in the content directories
        self._alive_at = monotonic()
        self._complaints: dict[
            str, tuple[str, float]
        ] = {}  # the last reason of each, and when told
        self._pinger = Pinger(services, self._stop, self._guarded)
        self._threads = [
            Thread(target=self._plan, name="planner"),
            Thread(target=self._watch, name="watch"),
            self._pinger,
        ]
        if services.settings.sources:
            self._threads.append(Fetcher(services, self._stop, self._guarded, self._look))
        if seat is not None:
            self._threads.append(Thread(target=self._send, args=(seat,), name="post"))

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look at once for what is due."""
        self._woken.set()

    def _look(self) -> None:
        """Pick up pages at once."""
        self._pages.set()
        self._woken.set()

    def quiet_for(self) -> float:
        """Return for how many seconds the planner has shown no life."""
        return monotonic() - self._alive_at

    def stop(self) -> None:
        """Finish what is under way, and end."""
        self._stop.set()
        self._woken.set()
        self._mail.set()
        self._pinger.end()
        for thread in self._threads:
            thread.join()
        self._guarded("counting polls", self._save_polls)

    def _tell(self, event: Event) -> None:
        """Tell, and show systemd that work goes on: one tick may take longer than the watchdog waits."""
        self._services.tell(event)
        self._show_life()

    def _show_life(self) -> None:
        self._alive_at = monotonic()
        notify("WATCHDOG=1")

    def _plan(self) -> None:
        whole = True  # the first time, files are published even if nothing is known to be new
        scan_at = monotonic()
        while not self._stop.is_set():
            scan = self._pages.is_set() or monotonic() >= scan_at
            self._pages.clear()
            self._guarded("planning", partial(self._tick, whole=whole, scan=scan))
            scan_at = monotonic() + SCAN_S if scan else scan_at
            whole = False
            if monotonic() >= self._saved_at + COUNT_S:
                self._guarded("counting polls", self._save_polls)
            self._show_life()
            self._woken.wait(POLL_S)
            self._woken.clear()

    def _save_polls(self) -> None:
        self._saved_at = monotonic()
        one = self._services
        self._polls.save(one.store, one.about.zone, one.clock())

    def _watch(self) -> None:
        places = [folder.path for folder in self._services.folders]
        while not self._stop.is_set():
            self._guarded("watching", partial(watch, places, self._look, self._stop))
            if not self._stop.is_set():  # it could not: so look as often as it would have told
                self._stop.wait(POLL_S)
                self._look()

    def _tick(self, *, whole: bool, scan: bool) -> None:
        """Pick up pages, then do what is due until nothing more comes of it."""
        one = self._planning
        if scan:
            self._look_at_settings()
            collect(
                one.store,
                one.folders,
                one.about,
                one.newsletters,
                one.clock(),
                one.tell,
                rules=replace(one.rules, leave_unfinished=True),
            )
        if whole:
            publish_files(one)
        failed = set[str]()
        for _ in range(ROUNDS):
            with one.store.read() as tx:
                work = [
                    some
                    for some in due(tx, one.newsletters, one.version, one.clock(), one.rules.grace)
                    if some.key not in failed and self._is_ours(some)
                ]
            for some in work:
                if not self._guarded(some.key, partial(self._do, some)):
                    failed.add(some.key)  # the others go on; it is tried again at the next tick
            if not work or self._stop.is_set():
                break

    def _look_at_settings(self) -> None:
        """Tell once of each change of the settings that this process goes on without it."""
        found = _mark(self._services.file)
        if found not in {None, self._settings}:
            self._settings, what = found, {"file": FILE, "advice": "restart `run` to use them"}
            self._services.tell(Event("settings.changed", what, "warning"))

    def _is_ours(self, work: Work) -> bool:
        """Other threads deliver and ping; without a seat nothing is made that would be sent."""
        if work.verb == "deliver":
            self._mail.set()
            return False
        if work.verb == "ping":
            self._pinger.wake()
            return False
        return self._seat is not None or work.verb in WITHOUT_A_SEAT

    def _do(self, work: Work) -> bool:
        """Do one piece of work; always True, what fails is an exception."""
        try:
            VERBS[work.verb](self._planning, work)
        except SyndicateError:
            self._planning.forget_templates()  # it may be one of them, and be mended until the next time
            raise
        return True

    def _send(self, seat: Seat) -> None:
        while not self._stop.is_set():
            rest = self._guarded("sending", partial(self._deliver, seat)) or MAIL_S
            self._mail.wait(rest)
            self._mail.clear()

    def _deliver(self, seat: Seat) -> float:
        """Send what is due; return for how many seconds to rest."""
        one = self._services
        try:
            report = deliver(
                one.store,
                one.transport(),
                seat,
                one.letter,
                one.clock,
                one.tell,
                self._stop,
                way=one.way,
            )
        except SendingHeldError:
            self.sending_held = True
            raise
        self.sending_held = False
        if report.stopped:
            one.tell(Event("sending.refused", {"reply": report.stopped}, "error"))
            self._stop.wait(FAULT_S)
        return MAIL_S

    def _guarded(self, doing: str, step: Callable[[], float | None]) -> float | None:
        """Run a step; what it cannot do is told, and tried again the next time."""
        try:
            return step()
        except SyndicateError as error:
            self._complain(doing, str(error))
        except Exception:  # noqa: BLE001 - a daemon goes on with everything else
            self._complain(doing, traceback.format_exc())
        return None

    def _complain(self, doing: str, reason: str) -> None:
        """Tell what failed: at once, and while it stays the same once in a while."""
        before, at = self._complaints.get(doing, ("", 0.0))
        if reason != before or monotonic() >= at + FAULT_S:
            self._complaints[doing] = (reason, monotonic())
            self._services.tell(Event("runner.failed", {"doing": doing, "reason": reason}, "error"))


def _mark(file: Path) -> tuple[int, int] | None:
    """Return what changes with a file, None while there is none: an editor may just be saving it."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
