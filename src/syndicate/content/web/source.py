"""What a source lists now, whatever its kind."""

from collections.abc import Callable

from msgspec.structs import replace

from syndicate.content.web import feed, sitemap, wordpress
from syndicate.content.web.listing import Listed, Listing, good
from syndicate.model import Source
from syndicate.net import Answer, Client


def read_source(
    source: Source,
    client: Client,
    hold: Callable[[], None],
    *,
    etag: str | None = None,
    modified: str | None = None,
) -> Listing:
    """Ask what a source lists: `same` if it is as it was when it said `etag` and `modified`.

    `hold` is called before each further request: a list of hundreds takes longer than anybody waits for one.
    Raises ListingRefused (AnswerRefused among them), Unreachable and Forbidden.
    """

    def get(address: str) -> Answer:
        hold()
        return good(client.get(address))

    if source.lists == "pages":
        return Listing(tuple(Listed(one, one) for one in source.addresses), whole=True)
    (address,) = source.addresses
    if source.lists == "wordpress":
        return wordpress.read_list(wordpress.endpoint(address), get, source.limit)
    answer = client.get(address, etag=etag, modified=modified)
    if answer.status == 304:
        return Listing(same=True, etag=etag, modified=modified)
    good(answer)
    is_feed = source.lists == "feed"
    listing = feed.read_feed(answer) if is_feed else sitemap.read_sitemap(answer, get)
    if len(listing.pages) > source.limit:
        listing = replace(listing, pages=sitemap.newest_first(listing.pages))
    if listing.index:  # what an index names may change while it stays the same
        return listing
    return replace(listing, etag=answer.etag, modified=answer.modified)
