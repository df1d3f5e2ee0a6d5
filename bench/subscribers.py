"""Taking in a million readers from a CSV file, beside a plain `sqlite3` insert of the same rows (issue 7).

The baseline reads the same file with the csv module and inserts address, name and language into a table
with one unique index, a transaction for each thousand rows, as durable as ours. Each runs in a process of
its own, whose greatest memory is told.

    python -m bench.subscribers [ROWS]
"""

import csv
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import monotonic

from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.intake import take_in
from syndicate.jobs.people import preset, read
from syndicate.jobs.sheet import BATCH, reading
from syndicate.jobs.subscribe import Consent
from syndicate.model import silent
from syndicate.services import open_services

ROWS = 1_000_000
_LIMIT_S = 3600


def main(count: int) -> None:
    """Measure both in one run, and print their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"writing {count} rows ...", flush=True)
        _write(folder / "readers.csv", count)
        make_publication(folder / "news", new_settings("content"))
        plain = _measured("plain", folder)
        first = _measured("import", folder)
        again = _measured("import", folder)
    for what, found in (("plain sqlite3", plain), ("import", first), ("the same once more", again)):
        rate = count / found["seconds"]
        print(f"{what:20} {found['seconds']:8.1f} s {rate:10.0f} rows/s {found['mb']:6.0f} MB")
    print(f"ratio                {first['seconds'] / plain['seconds']:8.1f}")


def _write(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("email", "name", "language"))
        writer.writerows(
            (f"reader{n}@host{n % 5000}.example.com", f"山田 {n}", "ja" if n % 3 else "en")
            for n in range(count)
        )


def _measured(what: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.subscribers", what, str(folder)]
    done = subprocess.run(command, check=True, timeout=_LIMIT_S, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _plain(folder: Path) -> None:
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE reader (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, language TEXT) STRICT"
    )
    with (folder / "readers.csv").open(encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        for some in _batches(rows):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO reader (email, name, language) VALUES (?, ?, ?)", some
            )
            connection.execute("COMMIT")


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _import(folder: Path) -> None:
    services = open_services(folder / "news")
    with reading(folder / "readers.csv") as first, reading(folder / "readers.csv") as text:
        take_in(
            services.store,
            services.keys,
            "digest",
            "ja",
            read(first, "readers.csv", preset("", {}), silent_warning),
            read(text, "readers.csv", preset("", {}), silent_warning),
            Consent("import readers.csv"),
            services.clock(),
            silent,
            confirmed=True,
        )


def silent_warning(_text: str) -> None:
    """There is nothing to warn of."""


if __name__ == "__main__":
    if sys.argv[1:2] in (["plain"], ["import"]):
        begun = monotonic()
        {"plain": _plain, "import": _import}[sys.argv[1]](Path(sys.argv[2]))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": monotonic() - begun, "mb": memory}))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
