"""The gate before publication: a document with an error is not put in place (FEEDS.md, "never broken").

Entries that are copied from the document that stands have passed it before: what is looked at is the
head of a document and what was written anew, so that the gate costs what changed.
"""

from collections.abc import Iterable

from syndicate.errors import SyndicateError
from syndicate.feeds import FeedFormat, Item
from syndicate.feeds.validator import Fault, Place, validate
from syndicate.model import Feed


class Unfit(SyndicateError):
    """A feed document that readers would stumble over. `culprits` are entries and why; () is its head."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        every = tuple(faults)
        self.culprits = {one.entry: _reason(one) for one in reversed(every) if one.entry}
        super().__init__("; ".join(dict.fromkeys(map(_reason, every))))


def _reason(fault: Fault) -> str:
    return f"{fault.rule}: {fault.message}" + (f" [{fault.reference}]" if fault.reference else "")


def pass_gate(form: FeedFormat, feed: Feed, entries: Iterable[bytes]) -> None:
    """Raise Unfit unless the head of a document and some entries of it are without an error."""
    faults = [one for one in validate(form.write(feed, entries)) if one.level == "error"]
    if faults:
        raise Unfit(faults)


def written(form: FeedFormat, item: Item) -> bytes:
    """Write an entry, or raise Unfit: one article that cannot be written holds up no other."""
    try:
        return form.entry(item)
    except Exception as error:
        fault = Place("entry", item.uid).error("not-written", f"cannot be written: {error}", "")
        raise Unfit([fault]) from error
