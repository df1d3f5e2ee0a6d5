"""End the editions whose letters are all at their end."""

from collections.abc import Sequence
from datetime import datetime

from syndicate.jobs.editions import freeze_blocked
from syndicate.model import EditionState, Event, Newsletter, Tell
from syndicate.store import control, editions, evidence, news
from syndicate.store.database import Store


def finish(
    store: Store, newsletters: Sequence[Newsletter], version: str, now: datetime, tell: Tell
) -> tuple[str, ...]:
    """Mark as done what has no open letter; return the editions' names.

    First those are frozen who had to be left out, since an earlier letter of theirs was on its way;
    and what came back too late for the end of its edition is set right. Where the newsletter says so,
    what may have arrived is sent once more.
    """
    by_name = {one.name: one for one in newsletters}
    done: list[str] = []
    with store.write() as tx:
        news.lock(tx, *by_name)  # an edition that is ended here is cancelled by nobody meanwhile
        control.sweep(tx, now)
        for one in editions.in_state(tx, EditionState.SENDING):
            newsletter = by_name.get(one.newsletter)
            if not editions.can_end(tx, one.id):
                continue
            if newsletter and freeze_blocked(tx, one, newsletter, version, now):
                continue
            resends = newsletter is not None and newsletter.unknown == "resend"
            if resends and evidence.send_once_more(tx, one.id, now):
                continue
            if editions.finish(tx, one.id, now):
                done.append(one.name)
    for name in done:
        tell(Event("edition.done", {"edition": name}))
    return tuple(done)
