"""How many letters an address may be sent at a stranger's wish (MAIL.md, "Consent")."""

from collections.abc import Sequence
from datetime import datetime, timedelta

A_DAY = timedelta(days=1)
A_MONTH = timedelta(days=30)
MOST_A_MONTH = 3


def may_have_one_more(earlier: Sequence[datetime], now: datetime) -> bool:
    """Whether one more may go to an address that had letters at these times: one a day, three in 30 days."""
    recent = [at for at in earlier if at > now - A_MONTH]
    return len(recent) < MOST_A_MONTH and not any(at > now - A_DAY for at in recent)
