"""A reader's preferences, from the link in every letter. It names no address: letters get forwarded."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from starlette.requests import Request
from starlette.responses import Response

from syndicate import addresses, feeds, language, tokens
from syndicate.errors import TokenRefused
from syndicate.jobs import account, preferences, private_feed
from syndicate.jobs.leave import has_left, reader_of, unsubscribe
from syndicate.jobs.preferences import PreferencesRefused
from syndicate.model import Cadence, Depth, Filters, Newsletter, Preferences
from syndicate.store import articles, series, tags
from syndicate.store.witness import tell_of_departure
from syndicate.web.asking import (
    Form,
    network_of,
    opened,
    page,
    problem,
    services_of,
    spoken,
    text,
)

_UNKNOWN = "This link is not one of ours."
_WORDS = {
    Cadence.EACH: "With each article",
    Cadence.DAILY: "Once a day at most",
    Cadence.WEEKLY: "Once a week at most",
    Cadence.MONTHLY: "Once a month at most",
    Depth.HIGHLIGHTS: "Highlights only",
    Depth.SUMMARIES: "Summaries",
    Depth.FULL: "Everything",
}
_MOST_TAGS = 100  # boxes on a page
C = TypeVar("C", Cadence, Depth)


def ask(request: Request) -> Response:
    """Show what a reader has chosen."""
    return _with_subscription(request, _show)


def change(request: Request, form: Form) -> Response:
    """Do what a button of the page asks for: save, make or revoke the feed, send the account link."""
    actions = {
        "feed": _make_feed,
        "revoke": _revoke_feed,
        "account": _send_link,
    }
    act = actions.get(text(form, "do"), _save)
    return _with_subscription(request, lambda one, subscription: act(one, subscription, form))


def _with_subscription(request: Request, act: Callable[[Request, int], Response]) -> Response:
    subscription = opened(request, tokens.PREFERENCES)
    if isinstance(subscription, Response):
        return subscription
    if _newsletter(request, subscription) is None:
        return problem(request, TokenRefused(_UNKNOWN))
    return act(request, subscription)


def _newsletter(request: Request, subscription: int) -> Newsletter | None:
    services = services_of(request)
    found = reader_of(services.store, subscription)
    return next((one for one in services.newsletters if found and one.name == found[0]), None)


def _save(request: Request, subscription: int, form: Form) -> Response:
    services = services_of(request)
    newsletter = _newsletter(request, subscription)
    before = preferences.read(services.store, subscription)
    assert newsletter is not None
    assert before is not None
    try:
        wanted = _wanted(form, before, newsletter)
        preferences.change(
            services.store, newsletter, subscription, wanted, services.clock(), services.tell
        )
    except PreferencesRefused as error:
        return _show(request, subscription, error=error)
    return _show(request, subscription, done="Your settings are saved.")


def _wanted(form: Form, before: Preferences, newsletter: Newsletter) -> Preferences:
    """Read the form. Raises PreferencesRefused."""
    zone = text(form, "zone") or None
    return Preferences(
        language=text(form, "language") or before.language,
        cadence=_choice("cadence", Cadence, text(form, "cadence"), before.cadence),
        depth=_choice("depth", Depth, text(form, "depth"), before.depth),
        filters=Filters(*(_ticked(form, name) for name in ("languages", "tags", "series"))),
        hour=_hour(text(form, "hour")),
        zone=zone,
        paused_until=_day(text(form, "paused_until"), zone or newsletter.zone),
    )


def _choice(field: str, kind: type[C], value: str, before: C) -> C:
    try:
        return kind(value) if value else before
    except ValueError:
        raise PreferencesRefused(field, "Please choose one of what is offered.") from None


def _ticked(form: Form, name: str) -> tuple[str, ...]:
    return tuple(value for value in form.get(name, ()) if value)


def _hour(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 2):
        raise PreferencesRefused("hour", "Please choose one of what is offered.")
    return int(value)


def _day(value: str, zone: str) -> datetime | None:
    """Return the beginning of a local day."""
    if not value:
        return None
    if zone not in available_timezones():
        raise PreferencesRefused("zone", "Please choose one of what is offered.")
    try:
        day = datetime.strptime(value, "%Y-%m-%d")  # noqa: DTZ007 - a day of the reader's zone
    except ValueError:
        raise PreferencesRefused(
            "paused_until", "This is not a day: write it as 2027-01-31."
        ) from None
    return datetime.combine(day.date(), time(), ZoneInfo(zone))


def _make_feed(request: Request, subscription: int, form: Form) -> Response:
    services = services_of(request)
    private_feed.offer(services.store, subscription, services.clock(), services.tell)
    if text(form, "instead") and unsubscribe(
        services.store, subscription, "feed instead", services.clock(), services.tell
    ):
        tell_of_departure(services.store, services.folder)
    return _show(request, subscription, done="Your feed is ready.")


def _revoke_feed(request: Request, subscription: int, _form: Form) -> Response:
    services = services_of(request)
    private_feed.revoke(services.store, subscription, services.tell)
    return _show(request, subscription, done="The feed's address does not work any more.")


def _send_link(request: Request, subscription: int, _form: Form) -> Response:
    """Send the reader's own link to the address that is kept, whoever presses the button."""
    services, words = services_of(request), _spoken(request, subscription)
    account.ask_for_link(
        services.store, services.keys, subscription, words, network_of(request), services.clock()
    )
    return page(request, "link_sent.html", words=words)


def _spoken(request: Request, subscription: int) -> str:
    found = reader_of(services_of(request).store, subscription)
    return spoken(request, found[1] if found else None)


def _show(
    request: Request,
    subscription: int,
    *,
    done: str = "",
    error: PreferencesRefused | None = None,
) -> Response:
    services, words = services_of(request), _spoken(request, subscription)
    newsletter = _newsletter(request, subscription)
    chosen = preferences.read(services.store, subscription)
    assert newsletter is not None
    assert chosen is not None
    say = language.catalogue(words).gettext
    zones = available_timezones()  # one that was chosen elsewhere may be none of them
    zone = chosen.zone if chosen.zone in zones else newsletter.zone
    leaving = tokens.sign(services.keys, tokens.UNSUBSCRIBE, subscription)
    return page(
        request,
        "preferences.html",
        words=words,
        status=422 if error else 200,
        newsletter_title=newsletter.title,
        action=addresses.token_path(tokens.PREFERENCES, request.path_params["token"]),
        done=say(done) if done else "",
        wrong=say(str(error)) if error else "",
        wrong_field=error.field if error else "",
        chosen=chosen,
        left=has_left(services.store, subscription),
        cadences=[(one, say(_WORDS[one])) for one in _offered(newsletter, chosen)],
        depths=[(one, say(_WORDS[one])) for one in Depth],
        letter_languages=_letter_languages(chosen.language),
        hours=range(24),
        zones=sorted(one for one in zones if "/" in one or one == "UTC"),
        zone=zone,
        pause=chosen.paused_until.astimezone(ZoneInfo(zone)).date() if chosen.paused_until else "",
        today=services.clock().astimezone(ZoneInfo(zone)).date(),
        feeds_of_mine=_feeds(request, subscription),
        leave=addresses.token_path(tokens.UNSUBSCRIBE, leaving),
        **_offers(request, chosen.filters),
    )


def _letter_languages(chosen: str) -> dict[str, str]:
    """Return the languages that we write letters in; another that a list named is written in English."""
    return _with(language.ours(), (chosen,)) if language.speaks(chosen) else language.ours()


def _offered(newsletter: Newsletter, chosen: Preferences) -> list[Cadence]:
    return [one for one in Cadence if one in newsletter.cadences or one is chosen.cadence]


def _offers(request: Request, filters: Filters) -> dict[str, Any]:
    """Return what there is to filter by, and what was chosen before: names by value."""
    with services_of(request).store.read() as tx:
        spoken_in = {row.language for row in articles.published(tx)}
        named = {key: name for its in tags.published(tx).values() for key, name in its.items()}
        all_series = {one.slug: one.title for one in series.load(tx).values()}
    names = language.ours()
    languages = {code: names.get(code.split("-")[0], code) for code in sorted(spoken_in)}
    return {
        "offered_languages": _with(languages, filters.languages),
        "offered_tags": _with(dict(sorted(named.items())[:_MOST_TAGS]), filters.tags),
        "offered_series": _with(all_series, filters.series),
    }


def _with(offered: dict[str, str], chosen: tuple[str, ...]) -> dict[str, str]:
    return {**offered, **{one: one for one in chosen if one not in offered}}


def _feeds(request: Request, subscription: int) -> list[tuple[str, str]]:
    """Return the addresses of a reader's own feed: the name of the format and the address of each."""
    services = services_of(request)
    number = private_feed.number_of(services.store, subscription)
    if number is None:
        return []
    token = tokens.sign(services.keys, tokens.FEED, number)
    path = addresses.token_path(tokens.FEED, token)
    base = services.about.base_url
    return [(one.name, addresses.absolute(base, f"{path}.{one.ending}")) for one in feeds.FORMATS]
