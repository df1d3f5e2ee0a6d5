"""A reader's preferences for one newsletter, looked at and changed."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from msgspec.structs import replace

from syndicate.articles import tag_key
from syndicate.errors import LanguageRefused, SyndicateError
from syndicate.language import speaks
from syndicate.language import tag as language_tag
from syndicate.model import Event, Filters, Newsletter, Preferences, Tell
from syndicate.store import precedence, preferences, series
from syndicate.store.database import Store

LONGEST_PAUSE = timedelta(days=366)  # who wants no letter for longer wants to leave
MOST_CHOICES = 100  # of one filter: more were chosen by no person, and each set is kept
_LAST_HOUR = 23


class PreferencesRefused(SyndicateError):
    """Something that a reader wants cannot be; `field` says which (a name of Preferences or Filters)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read(store: Store, subscription_id: int) -> Preferences | None:
    """Return what a subscription's reader wants, None when there is no such subscription."""
    with store.read() as tx:
        return preferences.get(tx, subscription_id)


def change(
    store: Store,
    newsletter: Newsletter,
    subscription_id: int,
    wanted: Preferences,
    now: datetime,
    tell: Tell,
) -> Preferences:
    """Write what a subscription's reader wants from now on, and return it in its one spelling.

    A pause that is over is none. A cadence that was chosen before stays possible, even where the
    newsletter offers it no more. Letters come only in languages that we have words in. Raises
    PreferencesRefused.
    """
    with store.write() as tx:
        precedence.people(tx, [subscription_id])
        before = preferences.get(tx, subscription_id)
        if before is None:
            raise PreferencesRefused("subscription", "There is no such subscription.")
        chosen = _checked(wanted, before, newsletter, series.slugs(tx), now)
        if chosen != before:
            preferences.put(tx, subscription_id, chosen)
    if chosen != before:
        tell(Event("preferences.changed", {"subscription": subscription_id}))
    return chosen


def _checked(
    wanted: Preferences,
    before: Preferences,
    newsletter: Newsletter,
    known_series: Collection[str],
    now: datetime,
) -> Preferences:
    if wanted.cadence not in {*newsletter.cadences, before.cadence}:
        offered = ", ".join(newsletter.cadences)
        raise PreferencesRefused(
            "cadence", f"{newsletter.title} does not come {wanted.cadence}; it offers: {offered}."
        )
    if wanted.hour is not None and not 0 <= wanted.hour <= _LAST_HOUR:
        raise PreferencesRefused("hour", f"{wanted.hour} is no hour of a day: choose 0 to 23.")
    if wanted.zone is not None and wanted.zone not in available_timezones():
        raise PreferencesRefused(
            "zone", f"There is no time zone {wanted.zone!r}: choose one such as Asia/Tokyo."
        )
    return replace(
        wanted,
        language=_spoken(wanted.language),
        filters=_filters(wanted.filters, before.filters, known_series),
        paused_until=_pause(wanted.paused_until, now),
    )


def _filters(wanted: Filters, before: Filters, known_series: Collection[str]) -> Filters:
    for slug in wanted.series:
        if slug not in known_series and slug not in before.series:
            raise PreferencesRefused("series", f"There is no series {slug!r}.")
    return Filters(
        languages=_few("languages", (_language("languages", one) for one in wanted.languages)),
        tags=_few("tags", map(tag_key, wanted.tags)),
        series=_few("series", wanted.series),
    )


def _few(field: str, chosen: Iterable[str]) -> tuple[str, ...]:
    found = tuple(sorted({one for one in chosen if one}))
    if len(found) > MOST_CHOICES:
        raise PreferencesRefused(
            field, f"{len(found)} are too many: choose {MOST_CHOICES} at most."
        )
    return found


def _language(field: str, text: str) -> str:
    try:
        return language_tag(text)
    except LanguageRefused as error:
        raise PreferencesRefused(field, str(error)) from None


def _spoken(text: str) -> str:
    """Read the language of the letters: one without a catalogue would be shown and not be obeyed."""
    chosen = _language("language", text)
    if not speaks(chosen):
        raise PreferencesRefused("language", "Please choose one of what is offered.")
    return chosen


def _pause(until: datetime | None, now: datetime) -> datetime | None:
    if until is None or until <= now:
        return None
    if until > now + LONGEST_PAUSE:
        raise PreferencesRefused(
            "paused_until",
            "A pause lasts a year at most: choose an earlier day.",
        )
    return until
