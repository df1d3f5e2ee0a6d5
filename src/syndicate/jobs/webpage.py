"""What an answer makes of a page on the web: kept, as it was, gone, a copy, or not to be read."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles import parse
from syndicate.articles.likeness import is_edit
from syndicate.articles.series import title_key
from syndicate.content.web import feed, names, revisit
from syndicate.content.web.listing import AnswerRefused, ListingRefused, shown
from syndicate.content.web.mirror import Mirror
from syndicate.content.web.page import Fetched, read_page, sidecar
from syndicate.content.web.wordpress import Post
from syndicate.errors import PageRefused
from syndicate.model import Page, Source
from syndicate.net import Answer
from syndicate.store.sources import WebPage

_DOUBTED = timedelta(days=1)  # sites are mended over night


class Landed(Struct, frozen=True):
    """A page after it was asked for: `changed` if its text did, `following` the parts it leads to.

    `again` if it has to be asked for once more, at its old address.
    """

    page: WebPage
    changed: bool = False
    following: tuple[str, ...] = ()
    again: bool = False


def broken(page: WebPage, reason: str, now: datetime, wanted: datetime | None = None) -> WebPage:
    """A page that could not be read: what is kept of it stays, and it is tried again."""
    failures = page.failures + 1
    at = revisit.after_failure(failures, now, wanted)
    return replace(page, failures=failures, error=reason, next_try=at)


def forbidden(page: WebPage, reason: str, now: datetime) -> WebPage:
    """A page that robots.txt keeps us from: what was kept before stays."""
    at = revisit.after_end(page.failures, now)
    page = replace(page, failures=page.failures + 1, error=reason, next_try=at)
    return page if page.files else replace(page, state="refused")


def settle(
    page: WebPage,
    answer: Answer,
    pages: Mapping[str, WebPage],
    source: Source,
    mirror: Mirror,
    now: datetime,
) -> Landed:
    """Decide by an answer, and bring the page's file up to date. `pages` are all of the source, by key."""
    if answer.status == 304:
        return Landed(_as_it_was(page, source, now))
    if answer.gone and page.moved:  # where it had moved to: perhaps it is back
        return Landed(replace(page, moved=None, etag=None, modified=None), again=True)
    if answer.gone:
        mirror.drop(page.files)
        return Landed(_gone(page, answer, now))
    if answer.status != 200:
        return Landed(broken(page, str(AnswerRefused(answer)), now, answer.retry))
    if _is_copy(page, answer, pages):
        mirror.drop(page.files)
        return Landed(replace(_as_it_was(page, source, now), state="copy", files=()))
    return _read(page, answer, pages, source, mirror, now)


def _is_copy(page: WebPage, answer: Answer, pages: Mapping[str, WebPage]) -> bool:
    """Whether an answer is that of another page of the source, by its address."""
    other = pages.get(answer.address)
    return other is not None and other.key != page.key and other.state in {"listed", "kept"}


def _read(
    page: WebPage,
    answer: Answer,
    pages: Mapping[str, WebPage],
    source: Source,
    mirror: Mirror,
    now: datetime,
) -> Landed:
    try:
        fetched = read_page(answer)
        instead = _instead(page, fetched, mirror)
    except ListingRefused as error:
        return Landed(broken(page, str(error), now))
    except Exception as error:  # noqa: BLE001 - a library stumbles over it: the other pages go on
        reason = f"{shown(page.address)}: cannot be read ({type(error).__name__}: {error})."
        return Landed(broken(page, reason, now))
    if instead is None:
        return _kept(page, answer, fetched, source, mirror, now)
    if names.place(answer.address) != names.place(page.moved or page.address):
        reason = f"{shown(page.address)}: leads to {shown(answer.address)}, which is another page."
        return Landed(broken(page, reason, now))
    page = replace(page, instead=instead, instead_since=page.instead_since or now)
    if _is_believed(page, pages, now):
        return _kept(page, answer, fetched, source, mirror, now)
    reason = f"{shown(page.address)}: another text stands there. What was there is kept for a day."
    return Landed(broken(page, reason, now))


def _instead(page: WebPage, fetched: Fetched, mirror: Mirror) -> str | None:
    """Return the title of a text that says nothing of what is kept of the page; None if it does.

    The site is being mended, or its front page stands in the place of what it took away: that would be
    a new article for everybody.
    """
    if not page.files:
        return None
    name = page.files[0]
    try:
        before = mirror.read(name)
        if before == fetched.data:
            return None
        kept = parse(Page(name, before), "en")
        found = parse(Page(f"instead{fetched.ending}", fetched.data), "en")
    except (OSError, PageRefused):
        return None
    return None if is_edit(kept, found) else title_key(found.title)


def _is_believed(page: WebPage, pages: Mapping[str, WebPage], now: datetime) -> bool:
    """Whether a text has stood in the place of another for a day, and in that of no other page."""
    alike = [one for one in pages.values() if one.instead == page.instead and one.key != page.key]
    return not alike and page.instead_since is not None and now - page.instead_since >= _DOUBTED


def _as_it_was(page: WebPage, source: Source, now: datetime) -> WebPage:
    at = revisit.after_success(source.every, page.changed or now, now)
    page = replace(page, instead=None, instead_since=None)
    return replace(page, state="kept", failures=0, error=None, next_try=at)


def _gone(page: WebPage, answer: Answer, now: datetime) -> WebPage:
    """A page that is no longer there, or never was: that is said, since somebody named it."""
    was_there = bool(page.files) or (page.state == "gone" and page.error is None)
    return replace(
        page,
        state="gone",
        files=(),
        etag=None,
        modified=None,
        instead=None,
        instead_since=None,
        failures=page.failures + 1 if page.state == "gone" else 1,
        error=None if was_there else str(AnswerRefused(answer)),
        next_try=revisit.after_end(page.failures if page.state == "gone" else 0, now),
    )


def _kept(
    page: WebPage, answer: Answer, fetched: Fetched, source: Source, mirror: Mirror, now: datetime
) -> Landed:
    # A part that another page led to often bears that page's canonical address: its own is surer.
    # A relative one on the page says nothing in a file.
    canonical = (None if page.via else fetched.canonical) or answer.address
    side = sidecar(date=page.published or _last_change(page, fetched, source), canonical=canonical)
    stem = names.stem(page.key, page.address)
    files, differs = mirror.keep(stem, {fetched.ending: fetched.data}, {fetched.ending: side})
    mirror.drop(set(page.files) - set(files))
    changed = _changed(page, differs=differs, now=now)
    after = replace(
        page,
        state="kept",
        files=files,
        moved=answer.moved or page.moved,
        instead=None,
        instead_since=None,
        etag=answer.etag,
        modified=answer.modified,
        changed=changed,
        failures=0,
        error=None,
        next_try=revisit.after_success(source.every, changed, now),
    )
    return Landed(after, changed=differs and bool(page.files), following=fetched.following)


def _last_change(page: WebPage, fetched: Fetched, source: Source) -> datetime | None:
    """When a page changed by its feed: of one without any date nothing else is known."""
    is_all = source.lists == "feed" and not fetched.dated
    return feed.moment(page.version) if is_all else None


def _changed(page: WebPage, *, differs: bool, now: datetime) -> datetime:
    """When its text last changed; at first sight, when it was published."""
    if page.changed is None:
        return min(page.published or now, now)
    return now if differs else page.changed


def settle_post(page: WebPage, post: Post | None, mirror: Mirror, now: datetime) -> Landed:
    """Keep the parts of a WordPress post as a file each; the list says when it has to be read again."""
    if post is None or not post.parts:
        what = "has no text" if post else "is listed, and not given"
        return Landed(broken(page, f"{shown(page.address)}: {what}. Look at the post.", now))
    endings = [
        ".html" if number == 1 else f"_{number}.html" for number in range(1, len(post.parts) + 1)
    ]
    several = len(post.parts) > 1
    pages = {ending: text.encode() for ending, text in zip(endings, post.parts, strict=True)}
    sides = {
        ending: sidecar(
            date=post.published,
            canonical=post.part_address(number),
            series=post.title if several else None,
            part=number if several else None,
        )
        for number, ending in enumerate(endings, 1)
    }
    files, differs = mirror.keep(names.stem(page.key, page.address), pages, sides)
    mirror.drop(set(page.files) - set(files))
    after = replace(
        page,
        state="kept",
        files=files,
        changed=_changed(page, differs=differs, now=now),
        failures=0,
        error=None,
        next_try=None,
    )
    return Landed(after, changed=differs and bool(page.files))
