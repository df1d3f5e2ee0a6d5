"""Whether this process is of use: for proxies, supervisors and people, from anywhere."""

from collections.abc import Callable

from msgspec import Struct

from syndicate.model import EditionState
from syndicate.services import Services
from syndicate.store import control, editions

QUIET_S = 60.0  # a tick begins every 2 s and shows life with each thing it does; as in WatchdogSec=


class Vitals(Struct, frozen=True):
    """What only the daemon knows: seconds since its planner showed life, and whether it must not send."""

    quiet_for: Callable[[], float]
    sending_held: Callable[[], bool] = bool  # False


UNWATCHED = Vitals(lambda: 0.0)


class Health(Struct, frozen=True):
    """What was found; `reason` says in a plain sentence what fails, and holds no path."""

    database: str
    planner: str
    sending: str
    reason: str | None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 200 if self.reason is None else 503

    @property
    def record(self) -> dict[str, object]:
        """What is answered."""
        checks = {"database": self.database, "planner": self.planner, "sending": self.sending}
        if self.reason is None:
            return {"status": "ok", "checks": checks}
        return {"status": "failing", "reason": self.reason, "checks": checks}


def examine(services: Services, vitals: Vitals) -> Health:
    """Look at the database, the planner and sending; held or paused sending is no failure."""
    sending, reason = _sending(services, vitals)
    database = "ok" if reason is None else "failing"
    quiet = vitals.quiet_for()
    planner = "ok" if quiet <= QUIET_S else "failing"
    if planner == "failing" and reason is None:
        reason = f"The planner has shown no life for {quiet:.0f} seconds. See the log, and restart."
    return Health(database, planner, sending, reason)


def _sending(services: Services, vitals: Vitals) -> tuple[str, str | None]:
    """Return whether letters may leave, and what the database lacks if it does not answer."""
    try:
        with services.store.read() as tx:
            paused = [one.name for one in editions.in_state(tx, EditionState.PAUSED)]
            if control.all_paused(tx):
                paused = ["all"]
    except Exception as error:  # noqa: BLE001 - whatever a driver raises; its text may hold secrets
        return "unknown", f"The database does not answer ({type(error).__name__}). See the log."
    if vitals.sending_held():
        return "held", None
    return ("paused: " + ", ".join(paused) if paused else "on"), None
