"""Statements that are handed to the driver as they are written.

On the hot path of mail SQLAlchemy's own statements cost more than what the database does for them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from syndicate.store.database import Transaction, explained

Values = Mapping[str, Any]
_LIST = re.compile(r"\bIN :(\w+)")
_NAME = re.compile(r"(?<!:):(\w+)")


class Rows(Protocol):
    """What a statement found, as plain tuples; to read them all is what ends the statement."""

    def fetchall(self) -> list[Any]:
        """Return them all."""
        ...

    def __iter__(self) -> Iterator[Any]:
        """Yield them."""
        ...


class Statement:
    """SQL with parameters such as `:row`; `IN :rows` takes a list."""

    def __init__(self, sql: str) -> None:
        self._lists = _LIST.findall(sql)
        self._sqlite = _LIST.sub(r"IN (SELECT value FROM json_each(:\1))", sql)
        self._server = _NAME.sub(r"%(\1)s", _LIST.sub(r"= ANY(:\1)", sql))

    def __call__(self, tx: Transaction, values: Values) -> Rows:
        """Run it once; values are as the database keeps them (times in microseconds)."""
        on_file = tx.dialect.name == "sqlite"
        if on_file and self._lists:
            values = {**values, **{one: json.dumps(list(values[one])) for one in self._lists}}
        try:
            rows: Rows = _driver(tx).execute(self._sqlite if on_file else self._server, values)
        except Exception as error:
            raise explained(tx, error) from error
        return rows

    def for_each(self, tx: Transaction, rows: Sequence[Values]) -> None:
        """Run it for each row, of which there may be none; there are no lists in it."""
        if not rows:
            return
        sql = self._sqlite if tx.dialect.name == "sqlite" else self._server
        try:
            _driver(tx).cursor().executemany(sql, rows)
        except Exception as error:
            raise explained(tx, error) from error


def _driver(tx: Transaction) -> Any:
    return tx.connection.driver_connection
