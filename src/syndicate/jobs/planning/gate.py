"""The gate before publication: a document with an error is not put in place (FEEDS.md, "never broken").

Pages are looked at by `Library.page`; here an article is told from the template of its page. Entries
that are copied from the document that stands have passed the gate before: what is looked at is the head
of a document and what was written anew, so that it costs what changed.
"""

from collections.abc import Callable, Iterable

from syndicate.errors import SyndicateError
from syndicate.feeds import FeedFormat, Item
from syndicate.feeds.leads import leads
from syndicate.feeds.validator import Fault, Place, validate
from syndicate.feeds.validator.content import html
from syndicate.markup import article_body
from syndicate.model import Entry, Feed, Link


class Unfit(SyndicateError):
    """A document that readers would stumble over. `culprits` are articles and why; () is a feed's head."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        every = tuple(faults)
        self.culprits = {one.entry: _reason(one) for one in reversed(every) if one.entry}
        super().__init__("; ".join(dict.fromkeys(map(_reason, every))))


def _reason(fault: Fault) -> str:
    return f"{fault.rule}: {fault.message}" + (f" [{fault.reference}]" if fault.reference else "")


def pass_gate(form: FeedFormat, feed: Feed, entries: Iterable[bytes]) -> tuple[Link, ...]:
    """Return where the head of a document and some entries of it lead; Unfit if they have an error."""
    document = form.write(feed, entries)
    faults = [one for one in validate(document) if one.level == "error"]
    if faults:
        raise Unfit(faults)
    # RSS demands an address of a page, also where there is no site.
    has_front = feed.page_path is not None
    return tuple(one for one in leads(document, feed.base_url) if one.target or has_front)


def pass_article(entry: Entry, draw: Callable[[], str]) -> str:
    """Draw the page of an article, or raise Unfit where the article is at fault, and no template."""
    place, article = Place("page", entry.uid), entry.article
    if acts := [one for one in html(place, article.html or "") if one.rule == "active-content"]:
        raise Unfit(acts)
    try:
        return draw()
    except Exception as error:
        try:
            article_body(article, str, str, str)
        except Exception:  # noqa: BLE001 - whatever it is, it is the article's
            raise Unfit([_not_written(place, error)]) from error
        raise


def _not_written(place: Place, error: Exception) -> Fault:
    return place.error("not-written", f"cannot be written: {error}", "")


def written(form: FeedFormat, item: Item) -> bytes:
    """Write an entry, or raise Unfit: one article that cannot be written holds up no other."""
    try:
        return form.entry(item)
    except Exception as error:
        raise Unfit([_not_written(Place("entry", item.uid), error)]) from error
