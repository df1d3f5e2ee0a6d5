"""All readers as a table that any program can open: no cell of it is a formula."""

import csv
from pathlib import Path

from syndicate.errors import SyndicateError
from syndicate.jobs.sheet import defused
from syndicate.store import private, subscribers
from syndicate.store.database import Store

COLUMNS = ("email", "name", "newsletter", "status", "language", "joined", "suppressed")


def export_file(store: Store, file: Path, newsletter: str | None) -> int:
    """Write every subscription whose reader was not erased; nobody else may read the file. How many."""
    count = 0
    try:
        with (
            open(file, "w", encoding="utf-8-sig", newline="", opener=private.opener) as text,
            store.read() as tx,
        ):
            writer = csv.writer(text)
            writer.writerow(COLUMNS)
            for one in subscribers.listed(tx, newsletter):
                if one.address is not None:
                    cells = (one.address, one.name, one.newsletter, one.state, one.language)
                    rest = (one.created.isoformat(), one.suppressed or "")
                    writer.writerow([defused(cell) for cell in (*cells, *rest)])
                    count += 1
    except OSError as error:
        raise SyndicateError(f"{file}: cannot be written ({error.strerror}).") from None
    return count
