"""Points in time as feeds show them: never the clock's, in whole seconds since RSS has no finer."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from syndicate.model import Feed

_TAG_DAY = re.compile(r"tag:[^,]*,(\d{4}-\d{2}-\d{2}):")
_EPOCH = datetime.fromtimestamp(0, UTC)


def whole_second(moment: datetime) -> datetime:
    """Cut a point in time to the second, so that every format shows the same; it needs a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no timezone")
    return moment.replace(microsecond=0)


def feed_updated(feed: Feed) -> datetime:
    """Return when the feed last changed: its newest significant edit (RFC 4287 4.1.1).

    Without entries nothing has changed since the day in the feed's `tag:` URI (RFC 4151), on which
    its identity was made; a URI without such a day gives the epoch.
    """
    return whole_second(feed.updated) if feed.updated is not None else _identity_day(feed.uid)


def rfc822(moment: datetime) -> str:
    """Write a point in time for RSS: English names, whatever the process's locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _identity_day(uid: str) -> datetime:
    found = _TAG_DAY.match(uid)
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else _EPOCH
