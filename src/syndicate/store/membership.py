"""Who may be frozen into an edition: named tests, asked together by a freeze and apart by a forecast."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import TextClause, bindparam, text

from syndicate.model import EVERYBODY, Narrowing
from syndicate.store import holdings
from syndicate.store.database import Transaction
from syndicate.store.types import to_micros

Audience = Literal["calendar", "article", "all", "recipients"]

_READERS = "s.newsletter = :newsletter AND p.address_key IS NOT NULL"
_PEOPLE = "subscription s JOIN subscriber p ON p.id = s.subscriber"
_TESTS: Mapping[str, str] = {
    "held": "s.state = 'active'",
    "suppressed": "NOT EXISTS (SELECT 1 FROM suppression x WHERE x.address_key = p.address_key)",
    "paused": "(s.paused_until IS NULL OR s.paused_until <= :now)",
}
# Of a re-subscription the last confirmation counts.
_JOINED = """EXISTS (SELECT 1 FROM consent n
    WHERE n.subscription = s.id AND n.kind = 'confirmed' AND n.at >= :joined)"""
_PROFILE = "s.profile IN (SELECT f.id FROM profile f WHERE {test})"
_CHOSE = "EXISTS (SELECT 1 FROM {items} WHERE j.value IN :{name})"
_ITEMS = {
    "sqlite": "json_each(f.filters, '$.{name}') j",
    "postgresql": "json_array_elements_text(CAST(f.filters AS JSON) -> '{name}') j(value)",
}
# `failed` letters count for cadence, cancelled ones do not; nor do those of a clock that was ahead.
_DUE: Mapping[Audience, Mapping[str, str]] = {
    "calendar": {
        "cadence": """(s.cadence <> 'each' AND NOT EXISTS (
            SELECT 1 FROM delivery c
            WHERE c.subscription = s.id AND c.state <> 'cancelled'
            AND c.day >= CASE s.cadence WHEN 'daily' THEN :day WHEN 'weekly' THEN :week ELSE :month END
            AND c.day <= CASE s.cadence WHEN 'daily' THEN :day WHEN 'weekly' THEN :sunday ELSE :last END))
        """
    },
    "article": {"cadence": "s.cadence = 'each'"},
    "all": {},
    "recipients": {
        "recipients": """EXISTS (SELECT 1 FROM delivery r
            WHERE r.subscription = s.id AND r.edition = :recipients AND r.state IN ('sent', 'unknown'))
        """
    },
}
_COUNTS = """
    SELECT CASE {cases} END AS why, COUNT(*) FROM {people}
    WHERE {readers} AND s.state IN ('active', 'held') GROUP BY why
"""
_OBJECTION = "SELECT CASE {cases} END FROM {people} WHERE {readers} AND s.id = :subscription"


class Membership(Struct, frozen=True):
    """The member test of one edition. `day` is the local date of its slot.

    `recipients` is the edition whose readers are meant, where the audience says so. `relogged` are
    the few articles that were logged more than once: who holds them counts. `narrowing` is to whom
    the newsletter goes at all; `joined` is its day as a point in time.
    """

    newsletter: str
    day: date
    audience: Audience
    recipients: int | None = None
    relogged: tuple[int, ...] = ()
    narrowing: Narrowing = EVERYBODY
    joined: datetime | None = None

    @property
    def goes_on(self) -> bool:
        """Whether its letters move their readers on in the news, and count for cadence."""
        return self.audience != "recipients"

    def parameters(self, now: datetime) -> dict[str, Any]:
        """Return the statements' parameters."""
        given: dict[str, Any] = {"newsletter": self.newsletter, "now": to_micros(now)}
        if self.audience == "calendar":
            given |= {
                "day": self.day.isoformat(),
                "week": (self.day - timedelta(days=self.day.weekday())).isoformat(),
                "month": self.day.replace(day=1).isoformat(),
                "sunday": (self.day + timedelta(days=6 - self.day.weekday())).isoformat(),
                "last": self.day.replace(
                    day=monthrange(self.day.year, self.day.month)[1]
                ).isoformat(),
            }
        if self.audience == "recipients":
            given["recipients"] = self.recipients
        if self.relogged:
            given["articles"] = self.relogged
        if self.joined:
            given["joined"] = to_micros(self.joined)
        for number, one in enumerate(self.narrowing.languages):
            given[f"language_{number}"] = f"{one.lower()}-%"
        return given | self._chosen()

    def statement(self, tx: Transaction, sql: str) -> TextClause:
        """Return a statement with this member test in it."""
        tests = self._tests(tx)
        holds = holdings.noted(tx) if self.relogged else ""
        return self._bound(
            sql,
            member=" AND ".join((_READERS, *tests.values())),
            people=_PEOPLE + (f" LEFT JOIN ({holds}) h ON h.subscription = s.id" if holds else ""),
            held="COALESCE(h.held, '')" if holds else "CAST('' AS TEXT)",
        )

    def counts(self, tx: Transaction, now: datetime) -> dict[str, int]:
        """Count the readers, those who left apart: members under "", others by their first failed test."""
        found = tx.execute(self._asked(_COUNTS, self._tests(tx)), self._known(now))
        return {row[0] or "": row[1] for row in found}

    def objection(self, tx: Transaction, subscription: int, now: datetime) -> str | None:
        """Return which narrowing leaves a subscription out, None for none."""
        if not (tests := self._narrowed(tx)):
            return None
        given = self._known(now) | {"subscription": subscription}
        found: str | None = tx.scalar(self._asked(_OBJECTION, tests), given)
        return found

    def _tests(self, tx: Transaction) -> dict[str, str]:
        return {**_TESTS, **self._narrowed(tx), **_DUE[self.audience]}

    def _narrowed(self, tx: Transaction) -> dict[str, str]:
        """Return the tests of the newsletter's own audience, of profiles once for all who share one."""
        tests = {}
        if self.narrowing.languages:
            numbers = range(len(self.narrowing.languages))
            spoken = (f"LOWER(f.language) || '-' LIKE :language_{n}" for n in numbers)
            tests["languages"] = _PROFILE.format(test=" OR ".join(spoken))
        for name in self._chosen():
            chose = _CHOSE.format(items=_ITEMS[tx.dialect.name].format(name=name), name=name)
            tests[name] = _PROFILE.format(test=chose)
        return tests | ({"joined": _JOINED} if self.joined else {})

    def _chosen(self) -> dict[str, tuple[str, ...]]:
        lists = {"tags": self.narrowing.tags, "series": self.narrowing.series}
        return {name: chosen for name, chosen in lists.items() if chosen}

    def _known(self, now: datetime) -> dict[str, Any]:
        """Return the parameters of a question that no held revision has to do with."""
        return {name: one for name, one in self.parameters(now).items() if name != "articles"}

    def _asked(self, sql: str, tests: Mapping[str, str]) -> TextClause:
        cases = (f"WHEN NOT ({test}) THEN '{name}'" for name, test in tests.items())
        return self._bound(sql, cases=" ".join(cases), people=_PEOPLE, readers=_READERS)

    def _bound(self, sql: str, **parts: str) -> TextClause:
        written = sql.format(**parts)
        lists = [name for name in ("articles", *self._chosen()) if f":{name}" in written]
        return text(written).bindparams(*(bindparam(name, expanding=True) for name in lists))
