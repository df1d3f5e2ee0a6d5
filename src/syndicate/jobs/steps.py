"""The steps by which published files are made and put in place."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import groupby, islice
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from syndicate import output
from syndicate.content import PictureLost
from syndicate.jobs.planning import Library, Planned
from syndicate.jobs.planning.gate import Unfit
from syndicate.output import Sizes
from syndicate.steps import Steps, in_step
from syndicate.store.outputs import Output

_TOGETHER = 36  # pages: of more the texts and trees push each other out of the caches


class Task(NamedTuple):
    """A file to be made, what is known of the one that stands in its place, and the name of its bundle."""

    planned: Planned
    known: Output | None
    bundle: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a page: there are many of these, and all are small."""
        return self.planned.look is not None


class Came(Struct, frozen=True):
    """What became of a file: `file` is what stands now, None where it could not be made.

    `lost` is why a picture could not be copied; `unfit` why a feed was not put in place, and `culprits`
    whose fault that is.
    """

    path: str
    file: Output | None = None
    changed: bool = False
    lost: str | None = None
    unfit: str | None = None
    culprits: Mapping[str, str] = field(default_factory=dict)


def make(library: Library, tasks: Iterable[Task]) -> Iterator[Came]:
    """Make files and put them in place, in their order; pages that follow each other in steps.

    All are drawn, then all are looked at, and so on: where each page goes through the steps by itself
    they push each other out of the processor's caches (0033).
    """
    for are_pages, some in groupby(tasks, lambda task: task.is_page):
        while together := list(islice(some, _TOGETHER if are_pages else 1)):
            library.fetch([one for task in together if (one := task.planned.article)])
            yield from in_step(_made(library, task.planned, task.known) for task in together)


def is_there(library: Library, known: Output) -> bool:
    """Whether a file stands as it was made, with its compressed forms where such are wanted."""
    if (known.br is not None) != _has_forms(library, known.path):
        return False
    return output.is_there(library.root, known.path, Sizes(known.size, known.br, known.gz))


def _has_forms(library: Library, path: str) -> bool:
    return library.about.compress and output.is_text(path)


def is_whole(library: Library, known: Output) -> bool:
    """Whether the very text stands that was made, also in each compressed form, and none that was not."""
    if not is_there(library, known):
        return False
    root = library.root
    texts = [output.read(root, known.path)]
    for ending, size in zip(output.FORMS, (known.br, known.gz), strict=True):
        small = output.read(root, known.path + ending)
        if size is not None:
            texts.append(output.expanded(ending, small or b""))
        elif small is not None:
            return False
    return all(text is not None and sha256(text).hexdigest() == known.digest for text in texts)


def _made(library: Library, planned: Planned, known: Output | None) -> Steps[Came]:
    """Make a file, step by step; what stands already with the same bytes is not compressed again."""
    try:
        made = planned.drawn()
    except PictureLost as error:
        return Came(planned.path, lost=str(error))
    except Unfit as error:
        return Came(planned.path, unfit=str(error), culprits=error.culprits)
    yield
    data, pieces, links = planned.looked(made)
    yield
    digest = sha256(data).hexdigest()
    if known and known.digest == digest and is_there(library, known):
        return Came(planned.path, replace(known, inputs=planned.inputs, pieces=pieces, links=links))
    beside = dict[str, bytes]()
    for ending in output.FORMS if _has_forms(library, planned.path) else ():
        beside[ending] = output.compressed(planned.path, data, ending)
        yield
    changed, sizes = output.publish(library.root, planned.path, data, beside, new=known is None)
    stands = (digest, sizes.plain, sizes.br, sizes.gz, pieces, links)
    return Came(planned.path, Output(planned.path, planned.inputs, *stands), changed)
