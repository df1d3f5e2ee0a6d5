"""What a source lists now, whatever its kind."""

from dataclasses import replace

from syndicate.content.web import feed, sitemap, wordpress
from syndicate.content.web.listing import Listed, Listing, ListingRefused, good, shown
from syndicate.model import Source
from syndicate.net import Answer, Client


def read_source(
    source: Source, client: Client, *, etag: str | None = None, modified: str | None = None
) -> Listing:
    """Ask what a source lists: `same` if it is as it was when it said `etag` and `modified`.

    Raises ListingRefused (AnswerRefused among them), Unreachable and Forbidden.
    """

    def get(address: str) -> Answer:
        return good(client.get(address))

    if source.lists == "pages":
        return Listing(tuple(Listed(one, one) for one in source.addresses), whole=True)
    (address,) = source.addresses
    try:
        if source.lists == "wordpress":
            return wordpress.read_list(wordpress.endpoint(address), get, source.limit)
        answer = client.get(address, etag=etag, modified=modified)
        if answer.status == 304:
            return Listing(same=True, etag=etag, modified=modified)
        read = sitemap.read_sitemap if source.lists == "sitemap" else _read_feed
        listing = read(good(answer), get)
    except ListingRefused as error:
        raise _named(error, address) from None
    pages = sitemap.newest(listing.pages, source.limit)
    if listing.index:  # what an index names may change while it stays the same
        return replace(listing, pages=pages)
    return replace(listing, pages=pages, etag=answer.etag, modified=answer.modified)


def _read_feed(answer: Answer, _get: object) -> Listing:
    return feed.read_feed(answer)


def _named(error: ListingRefused, address: str) -> ListingRefused:
    """Put the address before a reason that does not begin with one."""
    text = str(error)
    host = shown(address).partition("/")[0]
    if text.startswith(host):
        return error
    return ListingRefused(f"{shown(address)}: {text.rstrip('.')}.")
