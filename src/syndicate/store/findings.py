"""What a log proves, kept in a file of its own while it is read: memory stays flat however long it is."""

import sqlite3
from types import TracebackType
from typing import Self

_TABLES = """
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE named (queue TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE arrived (id TEXT PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID;
"""


class Findings:
    """Message-IDs of letters that arrived, each with the line that says so.

    They lie in a file that SQLite makes, and that is gone with the context.
    """

    def __enter__(self) -> Self:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(_TABLES)
        self._file.execute("BEGIN")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def name(self, queue: str, message_id: str) -> None:
        """Note which letter a queue id stands for."""
        self._file.execute("INSERT OR REPLACE INTO named VALUES (?, ?)", (queue, message_id))

    def forget(self, queue: str) -> None:
        """Free a queue id."""
        self._file.execute("DELETE FROM named WHERE queue = ?", (queue,))

    def named(self, queue: str) -> str | None:
        """Return the Message-ID that a queue id stands for."""
        row = self._file.execute("SELECT id FROM named WHERE queue = ?", (queue,)).fetchone()
        return str(row[0]) if row else None

    def add(self, message_id: str, line: str) -> None:
        """Note that a letter arrived; the first line that says so is kept."""
        self._file.execute("INSERT OR IGNORE INTO arrived VALUES (?, ?)", (message_id, line))

    def find(self, name: str) -> str | None:
        """Return the line about the letter whose Message-ID has `name` before its @."""
        # "A" is what follows "@": the ids between are those that begin with the name and an @.
        row = self._file.execute(
            "SELECT line FROM arrived WHERE id > ? AND id < ?", (f"{name}@", f"{name}A")
        ).fetchone()
        return str(row[0]) if row else None

    def __len__(self) -> int:
        """Return how many letters arrived."""
        return int(self._file.execute("SELECT COUNT(*) FROM arrived").fetchone()[0])
