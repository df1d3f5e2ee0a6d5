"""End the editions whose letters are all at their end."""

from datetime import datetime

from syndicate.model import EditionState, Event, Tell
from syndicate.store import editions
from syndicate.store.database import Store


def finish(store: Store, now: datetime, tell: Tell) -> tuple[str, ...]:
    """Mark as done what has no open letter; return the editions' names."""
    with store.write() as tx:
        sending = editions.in_state(tx, EditionState.SENDING)
        done = tuple(one.name for one in sending if editions.finish(tx, one.id, now))
    for name in done:
        tell(Event("edition.done", {"edition": name}))
    return done
