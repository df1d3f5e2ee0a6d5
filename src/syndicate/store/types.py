"""Column types that both databases hold strictly.

SQLite's STRICT tables know INTEGER, TEXT, REAL, BLOB and ANY only, and a 64-bit key autoincrements
there only when its type is exactly INTEGER.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import REAL, BigInteger, Dialect, Double, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Int = BigInteger().with_variant(Integer(), "sqlite")
Blob = LargeBinary
Str = Text
Real: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 19  # of 2**63


def is_number(text: str) -> bool:
    """Whether a text is a number that a column can hold: 64 bits."""
    return text.isdecimal() and len(text) < _DIGITS


def to_micros(value: datetime) -> int:
    """Return UTC microseconds since 1970 of a zone-aware time."""
    return (value - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """Return the zone-aware UTC time of microseconds since 1970."""
    return _EPOCH + value * _MICROSECOND


class Instant(TypeDecorator[datetime]):
    """A point in time: zone-aware `datetime` in code, UTC microseconds in the database."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Write a time."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read a time."""
        return None if value is None else from_micros(value)
