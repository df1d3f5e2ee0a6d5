"""Sitemaps and indexes of them (sitemaps.org, protocol 0.9), gzip too; read without DTDs."""

from collections.abc import Callable

from lxml import etree

from syndicate.content.web import feed
from syndicate.content.web.listing import AnswerRefused, Listed, Listing, ListingRefused, refused
from syndicate.content.web.names import is_same_site, joined
from syndicate.content.web.patience import BUSY, IN_A_ROW
from syndicate.errors import SyndicateError
from syndicate.net import Answer, Unreachable
from syndicate.net.inflate import unpacked

CHILDREN = 500  # sitemaps of one index that are read: of a thousand pages each, as many write them
PAGES = 1_000_000  # that are listed at most: a source keeps a tenth of them
_LARGEST = 50 * 1024 * 1024  # bytes, unpacked: the protocol's own limit

Get = Callable[[str], Answer]


def read_sitemap(answer: Answer, get: Get) -> Listing:
    """Read a sitemap, or an index with all that it names. Raises ListingRefused.

    Of an index no more is asked for once the site is busy, or does not answer a few times in a row.
    Only pages of the sitemap's own site count, as the protocol has it.
    """
    root = tree(answer)
    kind = _local(root)
    if kind == "urlset":
        return Listing(_pages(root, answer.address))
    if kind in {"rss", "feed", "RDF"}:  # the protocol allows feeds as well
        return feed.read_feed(answer)
    if kind != "sitemapindex":
        raise refused(answer, f"<{kind}> is no sitemap: correct its address")
    return _index(root, answer.address, get)


def _index(root: etree._Element, base: str, get: Get) -> Listing:
    pages: dict[str, Listed] = {}
    faults, in_a_row = [], 0
    children = [one.address for one in _pages(root, base)]
    if len(children) > CHILDREN:
        faults.append(f"of {len(children)} sitemaps in the index the first {CHILDREN} are read")
    for address in children[:CHILDREN]:
        try:
            answer = get(address)
            inner = tree(answer)
            if _local(inner) == "sitemapindex":
                raise refused(answer, "is an index inside an index: name it as a source of its own")
            pages |= {one.key: one for one in _pages(inner, answer.address)}
            in_a_row = 0
        except SyndicateError as error:
            faults.append(str(error))
            in_a_row = in_a_row + 1 if _is_down(error) else 0
            if in_a_row >= IN_A_ROW or (isinstance(error, AnswerRefused) and error.status in BUSY):
                break
        if len(pages) >= PAGES:
            faults.append(f"the index lists more pages than the first {len(pages)}, which are read")
            break
    if faults and not pages:
        raise ListingRefused(faults[0])
    return Listing(tuple(pages.values()), index=True, faults=tuple(faults))


def _is_down(error: SyndicateError) -> bool:
    """Whether the site did not answer, or could not: it is not asked hundreds of times more."""
    if isinstance(error, AnswerRefused):
        return error.status >= 500
    return isinstance(error, Unreachable)


def tree(answer: Answer) -> etree._Element:
    """Read XML. Raises ListingRefused for what is none, or has a DTD."""
    data = unpacked(answer.body, _LARGEST)
    # Entities stay unresolved, and libxml2 bounds what it expands in attributes.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: etree._Element = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refused(answer, f"is no XML that can be read ({error})") from None
    if root.getroottree().docinfo.doctype:
        raise refused(answer, "has a DTD, which is not read: take it out")
    return root


def _pages(root: etree._Element, base: str) -> tuple[Listed, ...]:
    found: dict[str, Listed] = {}
    for entry in root:
        said = {_local(one): (one.text or "").strip() for one in entry}
        address = joined(base, said.get("loc", "")) if said.get("loc") else None
        if address and is_same_site(address, base):
            found.setdefault(address, Listed(address, address, said.get("lastmod") or None))
    return tuple(found.values())


def newest_first(pages: tuple[Listed, ...]) -> tuple[Listed, ...]:
    """Order pages by their last change, so that of too many those count that changed last."""
    return tuple(sorted(pages, key=lambda one: one.version or "", reverse=True))


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
