"""The steps by which published files are made and put in place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from syndicate import output
from syndicate.content import PictureLost
from syndicate.jobs.planning import Made, Planned
from syndicate.jobs.planning.gate import Unfit
from syndicate.output import Sizes
from syndicate.store.outputs import Output


class Task(NamedTuple):
    """A file to be made, and what is known of the one that stands in its place."""

    planned: Planned
    known: Output | None

    @property
    def is_page(self) -> bool:
        """Whether it is a page: there are many of these, and all are small."""
        return self.planned.look is not None


@dataclass(frozen=True, slots=True)
class Came:
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


def make(root: Path, tasks: Iterable[Task]) -> Iterator[Came]:
    """Make files and put them in place, in their order; pages that follow each other in steps.

    All are drawn, then all are looked at, and so on: where each page goes through the steps by itself
    they push each other out of the processor's caches (0033).
    """
    for are_pages, some in groupby(tasks, lambda task: task.is_page):
        for together in [list(some)] if are_pages else ([task] for task in some):
            yield from _together(root, together)


def is_there(root: Path, known: Output) -> bool:
    """Whether a file stands as it was made, with its compressed forms."""
    return output.is_there(root, known.path, Sizes(known.size, known.br, known.gz))


def is_whole(root: Path, known: Output) -> bool:
    """Whether the very text stands that was made, also in each compressed form."""
    if not is_there(root, known):
        return False
    forms = [ending for ending, size in ((".br", known.br), (".gz", known.gz)) if size is not None]
    texts = [output.read(root, known.path)]
    texts += [output.expanded(one, output.read(root, known.path + one) or b"") for one in forms]
    return all(text is not None and sha256(text).hexdigest() == known.digest for text in texts)


_NOTHING = Made(b"")


@dataclass(slots=True)
class _Work:
    """A file on its way: each step adds to what is known of it, until it `came`."""

    root: Path
    task: Task
    made: Made = _NOTHING
    digest: str = ""
    beside: Mapping[str, bytes] = field(default_factory=dict)
    came: Came | None = None


def _together(root: Path, tasks: Sequence[Task]) -> Iterator[Came]:
    works = [_Work(root, task) for task in tasks]
    for step in (_draw, _look, _compress, _put):
        for work in works:
            if work.came is None:
                step(work)
    return (work.came for work in works if work.came)


def _draw(work: _Work) -> None:
    planned = work.task.planned
    try:
        work.made = planned.drawn()
    except PictureLost as error:
        work.came = Came(planned.path, lost=str(error))
    except Unfit as error:
        work.came = Came(planned.path, unfit=str(error), culprits=error.culprits)


def _look(work: _Work) -> None:
    work.made = work.task.planned.looked(work.made)


def _compress(work: _Work) -> None:
    """Compress what is made, unless it stands already with the same bytes."""
    (planned, known), (data, pieces, links) = work.task, work.made
    work.digest = sha256(data).hexdigest()
    if known and known.digest == work.digest and is_there(work.root, known):
        file = replace(known, inputs=planned.inputs, pieces=pieces, links=links)
        work.came = Came(planned.path, file)
    else:
        work.beside = output.compressed(planned.path, data)


def _put(work: _Work) -> None:
    planned, (data, pieces, links) = work.task.planned, work.made
    changed, sizes = output.publish(work.root, planned.path, data, work.beside)
    stands = (work.digest, sizes.plain, sizes.br, sizes.gz, pieces, links)
    work.came = Came(planned.path, Output(planned.path, planned.inputs, *stands), changed)
