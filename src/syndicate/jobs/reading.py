"""Read the pages that are new or changed, outside any transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from syndicate.articles import Transcript, parsing, transcribe, wanted
from syndicate.articles.metadata import one_line
from syndicate.content import (
    Found,
    Skipped,
    StillWrittenError,
    VanishedError,
    find_picture,
    look,
    read,
)
from syndicate.errors import PageRefused
from syndicate.jobs.crew import MANY, Crew, shared
from syndicate.jobs.illustrate import with_files
from syndicate.jobs.rules import Rules
from syndicate.model import Article, Event, Notice, Page, Tell
from syndicate.steps import Steps, in_step
from syndicate.store.found import KnownPage, KnownPicture

_FEW = 10  # pages: of more the texts and trees push each other out of the caches
_SMALL = 65_536  # bytes
_Asked = tuple[Found | Skipped, KnownPage | None]  # a file, and how it was found before


class Reading(Struct, frozen=True):
    """A page as it was read: what it says, or (in `page.refused`) why it cannot be an article."""

    page: KnownPage
    text: Transcript | None = None
    pictures: tuple[KnownPicture, ...] = ()

    @property
    def warnings(self) -> Sequence[Notice]:
        """What an editor should look at in it."""
        return self.text.warnings if self.text else ()


def is_news(
    found: Found | Skipped,
    page: KnownPage | None,
    pictures: Mapping[str, Sequence[KnownPicture]],
) -> bool:
    """Whether a file, known as `page`, is to be looked at: a pass costs a stat for one that did not change.

    So do its pictures: a page whose picture changed, or came at last, is read again.
    """
    if page is None or page.gone is not None:
        return True
    if isinstance(found, Skipped):
        return page.refused != _reason(found)
    if (page.size, page.modified_ns) != found.stamp:
        return True
    shown = pictures.get(found.path)
    return shown is not None and any(
        look(found.root, found.folder, one.path) != (one.size, one.modified_ns) for one in shown
    )


def _read(
    found: Found | Skipped, before: KnownPage | None, language: str, rules: Rules
) -> Steps[Reading | None]:
    """Read a page, step by step. One that is refused keeps the article that it held before.

    None: it is there no more, or still being written and left to the next pass by the rules.
    """
    held = before.article_id if before else None
    if isinstance(found, Skipped):
        return Reading(KnownPage(found.path, 0, 0, "", held, _reason(found), None))
    try:
        found, data, sidecar = read(found, rules.max_bytes)
    except VanishedError:
        return None
    except StillWrittenError as unfinished:
        if rules.leave_unfinished:
            return None
        found, data, sidecar = unfinished.found, unfinished.data, unfinished.sidecar
    except PageRefused as error:
        return Reading(KnownPage(found.path, *found.stamp, "", held, str(error), None))
    yield
    digest = sha256(data + (sidecar or b"")).hexdigest()
    page = KnownPage(found.path, *found.stamp, digest, held, None, None)
    try:
        article = yield from parsing(Page(found.path, data, sidecar), language)
        yield
        return _illustrated(page, article, found)
    except PageRefused as error:
        refused = str(error)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a library stumbles over it, one in Rust by no Exception
        what = f"{type(error).__name__}: {error}"[:200]
        refused = f"{found.path}: cannot be read ({what}). Write it otherwise, and report this."
    return Reading(replace(page, refused=one_line(refused)))


def _illustrated(page: KnownPage, article: Article, found: Found) -> Reading:
    """Find the pictures that lie beside a page."""
    urls = wanted(article)
    if not urls:
        return Reading(page, transcribe(article))
    beside = [find_picture(found, url) for url in urls]
    article = with_files(article, beside, lambda one: one.media)
    far = article.metadata.canonical is not None  # then a file that is not there need not come
    kept = [one for one in beside if one.media or not far]
    pictures = [KnownPicture(one.path, one.size, one.modified_ns, one.media) for one in kept]
    return Reading(page, transcribe(article), tuple(pictures))


def read_pages(
    found: Iterable[Found | Skipped],
    known: Mapping[str, KnownPage],
    language: str,
    rules: Rules,
    tell: Tell,
    crew: Crew,
) -> Iterator[Reading]:
    """Read pages in their order: many of them by a crew, and each of many is told of."""
    work = partial(_readings, language=language, rules=replace(rules, series=()))
    asked = ((page, known.get(page.path)) for page in found)
    first = list(islice(asked, MANY))
    if len(first) < MANY:
        yield from work(first)
        return
    for reading in shared(work, chain(first, asked), crew):
        tell(Event("page.read", {"page": reading.page.path}, "debug"))
        yield reading


def _readings(some: Iterable[_Asked], language: str, rules: Rules) -> Iterator[Reading]:
    for few in _at_once(some):
        yield from filter(None, in_step(_read(*asked, language, rules) for asked in few))


def _at_once(some: Iterable[_Asked]) -> Iterator[Sequence[_Asked]]:
    """Part files into those that are read at once: a few small ones, since what is made of each is kept."""
    few, size = list[_Asked](), 0
    for found, before in some:
        more = found.size if isinstance(found, Found) else 0
        if few and (len(few) == _FEW or size + more > _SMALL):
            yield few
            few, size = [], 0
        few.append((found, before))
        size += more
    if few:
        yield few


def _reason(skipped: Skipped) -> str:
    return f"{skipped.path}: {skipped.reason}."
