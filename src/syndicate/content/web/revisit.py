"""When the web is asked again: pure sums of time."""

from datetime import datetime, timedelta

_WAITS = [timedelta(minutes=one) for one in (1, 2, 5, 15, 30)]  # then hourly, then daily
_HOURLY = 24
LONGEST = timedelta(days=7)
_GONE = [*(timedelta(hours=one) for one in (1, 4, 12, 24, 48, 96)), LONGEST]


def after_failure(failures: int, now: datetime, wanted: datetime | None = None) -> datetime:
    """Return when to try again after so many failures in a row, not before the site wants it."""
    if failures <= len(_WAITS):
        wait = _WAITS[max(failures, 1) - 1]
    else:
        wait = timedelta(hours=1) if failures <= len(_WAITS) + _HOURLY else timedelta(days=1)
    return max(now + wait, wanted or now)


def after_success(every: timedelta, changed: datetime, now: datetime) -> datetime:
    """Return when a page is looked at again: the longer it has stayed the same, the later.

    A quarter of that time, at least `every` and at most a week.
    """
    return now + max(every, min((now - changed) / 4, LONGEST))


def after_end(gone_for: int, now: datetime) -> datetime:
    """Return when to look whether a page that was gone so many times in a row has come back.

    A few times on the first day: a site that is being mended says for an hour that nothing is there, and
    the article stays for the time of grace.
    """
    return now + _GONE[min(gone_for, len(_GONE) - 1)]


def is_past(gone_for: int) -> bool:
    """Whether a page has been gone for so many times in a row that it is no longer waited for."""
    return gone_for >= len(_GONE)
