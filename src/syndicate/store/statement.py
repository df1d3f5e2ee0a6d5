"""Statements that are handed to the driver as they are written.

On the hot path of mail SQLAlchemy's own statements cost more than what the database does for them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult

from syndicate.store.database import Transaction

Values = Mapping[str, Any]
_LIST = re.compile(r"\bIN :(\w+)")
_NAME = re.compile(r"(?<!:):(\w+)")


class Statement:
    """SQL with parameters such as `:row`; `IN :rows` takes a list of numbers."""

    def __init__(self, sql: str) -> None:
        self._lists = _LIST.findall(sql)
        self._sqlite = _LIST.sub(r"IN (SELECT value FROM json_each(:\1))", sql)
        self._server = _NAME.sub(r"%(\1)s", _LIST.sub(r"= ANY(:\1)", sql))

    def __call__(self, tx: Transaction, values: Values) -> CursorResult[Any]:
        """Run it once; values are as the database keeps them (times in microseconds)."""
        if tx.dialect.name != "sqlite":
            return tx.exec_driver_sql(self._server, dict(values))
        written = {name: json.dumps(list(values[name])) for name in self._lists}
        return tx.exec_driver_sql(self._sqlite, {**values, **written})

    def for_each(self, tx: Transaction, rows: Sequence[Values]) -> None:
        """Run it for each row, of which there may be none; there are no lists in it."""
        if rows:
            sql = self._sqlite if tx.dialect.name == "sqlite" else self._server
            tx.exec_driver_sql(sql, [dict(row) for row in rows])
