"""Freezing an edition for a million subscriptions, beside a bare INSERT ... SELECT (issue 3).

The baseline inserts as many rows of one constant variant into the same table with the same indexes.
Each runs in a process of its own, whose greatest memory is told.

    python -m bench.freeze [SUBSCRIPTIONS]
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from sqlalchemy import text

from bench.edition import prepared
from syndicate.jobs.editions import cut
from syndicate.jobs.slots import slot_by_hand
from syndicate.model import silent
from syndicate.services import Services, open_services

SUBSCRIPTIONS = 1_000_000
_LIMIT_S = 1800
_BARE = text("""
    INSERT INTO delivery (key, kind, edition, subscription, variant, address_key, state, after_seq,
        upto_seq, day, not_before, attempts, was_unknown, lane)
    SELECT 'e:1:' || s.id, 'bulk', 1, s.id, 1, p.address_key, 'pending', 0, 1, '2026-05-16', 0, 0, 0,
        p.lane
    FROM subscription s JOIN subscriber p ON p.id = s.subscriber
""")


def main(count: int) -> None:
    """Measure both on copies of one database, and print their ratio."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        print(f"making {count} subscriptions ...", flush=True)
        prepared(made, 25, count).store.close()
        bare = _measured("bare", made)  # it is undone at its end
        freeze = _measured("freeze", made)
    print(f"bare INSERT ... SELECT  {bare['seconds']:8.1f} s")
    print(
        f"cut and freeze          {freeze['seconds']:8.1f} s, {freeze['mb']:.0f} MB (wanted: 250)"
    )
    print(f"ratio                   {freeze['seconds'] / bare['seconds']:8.2f} (wanted: below 3)")


def _measured(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.freeze", what, str(folder)]
    done = subprocess.run(command, check=True, timeout=_LIMIT_S, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _timed(work: Callable[[], object]) -> None:
    begun = monotonic()
    work()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": monotonic() - begun, "mb": memory}))


def _bare(services: Services) -> None:
    """Insert, and take it all back: the second measurement begins as the first."""
    with services.store.writer.connect() as connection, connection.begin() as transaction:
        now = {"now": 0}
        connection.execute(
            text(
                "INSERT INTO edition (id, newsletter, slot, state, cut, blocked, created) "
                "VALUES (1, 'digest', 'bare', 'draft', 1, 0, :now)"
            ),
            now,
        )
        connection.execute(
            text(
                "INSERT INTO variant (id, edition, hash, language, depth, reference, withdrawn) "
                "VALUES (1, 1, 'bare', 'ja', 'summaries', 0, 0)"
            )
        )
        _timed(lambda: connection.execute(_BARE))
        transaction.rollback()


def _freeze(services: Services) -> None:
    newsletter, now = services.newsletter("digest"), services.clock()
    slot = slot_by_hand(newsletter, now)
    _timed(lambda: cut(services.store, newsletter, slot, "1", now, silent))


if __name__ == "__main__":
    if sys.argv[1:2] in (["bare"], ["freeze"]):
        {"bare": _bare, "freeze": _freeze}[sys.argv[1]](open_services(Path(sys.argv[2])))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else SUBSCRIPTIONS)
