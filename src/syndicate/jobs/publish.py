"""Publish: make the files whose inputs changed, and swap each in whole (FEEDS.md, "never broken")."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from pathlib import Path

from jinja2 import Environment
from msgspec import Struct, field

from syndicate import addresses, output
from syndicate.content import Folder
from syndicate.jobs.bundles import Bundles
from syndicate.jobs.crew import Crew
from syndicate.jobs.history import keep_history
from syndicate.jobs.leads import Met, settle
from syndicate.jobs.making import Makers, Opening
from syndicate.jobs.paths import Paths
from syndicate.jobs.planning import Bundle, Library, Planned, open_library, stages
from syndicate.jobs.steps import Came, Task, is_there, is_whole
from syndicate.model import Event, Newsletter, Publication, Tell
from syndicate.store import bundles, links, marks, outputs, pings, publication, redirects
from syndicate.store.database import Store, Transaction
from syndicate.store.lock import only_one
from syndicate.store.outputs import Output

BATCH = 200  # files between two notes in the manifest: a kill costs at most so many renderings


class Published(Struct, frozen=True):
    """What a publish did: the paths that changed, those taken away, and how many stand now.

    `unfit` are the ids of articles that would break a feed, and why: feeds with them stay as they were;
    `aside` the slugs of those that were set aside for it. `dead` are links that lead nowhere since: their
    pages and addresses.
    """

    written: Sequence[str] = ()
    removed: tuple[str, ...] = ()
    files: int = 0
    unfit: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    dead: tuple[tuple[str, str], ...] = ()


def publish(
    store: Store,
    about: Publication,
    newsletters: Sequence[Newsletter],
    folders: Sequence[Folder],
    environment: Environment,
    version: str,
    root: Path,
    tell: Tell,
    opening: Opening | None = None,
    crew: Crew | None = None,
) -> Published:
    """Bring the output directory up to date; files whose bytes stay the same are not touched.

    Where much is to be made, a crew helps, whose processes open the library by `opening`. Two that
    publish stand in line. Raises OutputRefused, TemplateRefused.
    """
    output.prepare(root)
    place = root.with_name(f".{root.name}.publishing")
    with only_one(place, "publishing", wait=True), nullcontext(crew) if crew else Crew() as helpers:
        cut, behind = _begin(store, about)
        met = Met()
        with store.read() as tx:
            origin = publication.origin(tx)
            if origin is None:
                return Published()
            library = open_library(
                tx, root, origin, about, newsletters, folders, environment, version
            )
            known = Bundles(tx, root, bundles.known(tx), cut, begun=behind is not None)
            if cut:
                output.sweep(root)
            makers = Makers(library, opening, helpers)
            files, made, unfit = _make_all(store, library, known, met, makers, tell)
            try:
                removed = _tidy(library, files)
            except output.OutputRefused:  # what was made stands, and hubs are to be told
                with store.write() as writing:
                    _note_made(writing, library, known, made)
                raise
        _note_end(store, library, known, made, removed, behind)
        dead = settle(store, met, root, files, tell)
    written = Paths(path for path, changed in files.items() if changed)
    if written or removed:
        tell(Event("publication.published", {"written": len(written), "removed": len(removed)}))
    return Published(written, tuple(removed), len(files), unfit, dead=dead)


def _begin(store: Store, about: Publication) -> tuple[bool, int | None]:
    """Keep the history of what changed, and mark that a publish begins.

    Returns whether the last one did not come to its end, and up to which change this one goes: None where
    nothing changed. What is picked up from here on is in no history yet, and is left to the next publish.
    """
    with store.read() as tx:
        cut = bool(marks.get(tx, marks.PUBLISHING))
        if publication.behind(tx) is None:
            return cut, None
    with store.write() as tx:
        keep_history(tx, about)
        marks.put(tx, marks.PUBLISHING, 1)
        return cut, publication.behind(tx)


def _make_all(
    store: Store,
    library: Library,
    known: Bundles,
    met: Met,
    makers: Makers,
    tell: Tell,
) -> tuple[dict[str, bool], list[Output], dict[str, str]]:
    """Make what does not stand; return all files and whether each changed, the last to note, who is unfit."""
    files, made, unfit = dict[str, bool](), list[Output](), dict[str, str]()
    for stage in stages(library):
        for came in makers.make(_tasks(store, stage, library, known, files)):
            _tell(came, tell)
            unfit |= came.culprits
            files[came.path] = came.changed
            if came.file is None:
                known.lost.add(came.path)
                continue
            made.append(came.file)
            met.add(came.file, files)
            if len(made) == BATCH:
                with store.write() as tx:
                    _note_made(tx, library, known, made)
                made.clear()
    return files, made, unfit


def _tidy(library: Library, files: Mapping[str, bool]) -> list[str]:
    """Write the maps, and take away what is not among the files any more; return the paths of that."""
    root, about, tx = library.root, library.about, library.tx
    output.write_maps(root, about.base_url, about.hubs, redirects.load(tx), files)
    removed = sorted(path for path in outputs.paths(tx) if path not in files)
    for path in removed:
        output.remove(root, path)
    return removed


def _tasks(
    store: Store,
    stage: Iterator[Bundle],
    library: Library,
    known: Bundles,
    files: dict[str, bool],
) -> Iterator[Task]:
    """Yield what is to be made of a stage; the paths of all its files are added to `files`."""
    for bundle in stage:
        paths = known.standing(bundle)
        if paths is not None:
            files.update(dict.fromkeys(paths, False))
            continue
        plans, paths = bundle.files(), known.begin(bundle)
        while some := list(islice(plans, BATCH)):
            paths += [planned.path for planned in some]
            files.update(dict.fromkeys(paths[-len(some) :], False))
            missing = [
                task._replace(bundle=bundle.name) for task in _missing(library, some, known.cut)
            ]
            _promise(store, known, missing)
            yield from missing


def _promise(store: Store, known: Bundles, tasks: Sequence[Task]) -> None:
    """Note that files will stand that are not noted yet, and the paths of new ones.

    After a kill the manifest knows of all that may stand, so that the next publish takes away what it does
    not plan, and nothing that somebody put there by hand.
    """
    new = [task.planned.path for task in tasks if task.known is None]
    if new or (tasks and not known.begun):
        with store.write() as tx:
            known.start(tx)
            outputs.promise(tx, new)


def _missing(library: Library, some: Sequence[Planned], cut: bool) -> Iterator[Task]:
    """Yield those files that do not stand as they are planned, to the byte after one that was `cut`."""
    stands = is_whole if cut else is_there
    known = outputs.some(library.tx, [planned.path for planned in some])
    for planned in some:
        standing = known.get(planned.path)
        if not (standing and _is_same(planned, standing) and stands(library, standing)):
            yield Task(planned, None if cut else standing)


def _is_same(planned: Planned, known: Output) -> bool:
    """Whether a file was made from the same inputs, or is to last."""
    return planned.lasting or known.inputs == planned.inputs


def _tell(came: Came, tell: Tell) -> None:
    """Say what could not be made: everything else is published, and a feed stays in its last good state."""
    if came.lost:
        tell(Event("picture.lost", {"path": came.path, "reason": came.lost}, "error"))
    if came.unfit:
        tell(Event("feed.unfit", {"path": came.path, "reason": came.unfit}, "error"))
    if came.changed:
        tell(Event("file.written", {"path": came.path}, "debug"))


def _note_made(tx: Transaction, library: Library, known: Bundles, made: Sequence[Output]) -> None:
    """Note files, and with them that hubs are to be told of feeds: a kill cannot come between."""
    if not made:
        return
    feeds = {one.path: one.digest for one in made if addresses.is_feed(one.path)}
    for path, standing in outputs.some(tx, list(feeds)).items():
        if standing.digest == feeds[path]:
            del feeds[path]
    known.doubt(tx)
    outputs.save(tx, made)
    links.put(tx, made)
    pings.arm(tx, feeds, library.about.hubs)


def _note_end(
    store: Store,
    library: Library,
    known: Bundles,
    made: Sequence[Output],
    removed: Sequence[str],
    behind: int | None,
) -> None:
    if not (removed or known.is_news()) and behind is None:
        return
    with store.write() as tx:
        _note_made(tx, library, known, made)
        known.end(tx)
        outputs.forget(tx, list(removed))
        links.forget(tx, removed)
        links.doubt(tx, removed)
        if behind is not None:
            publication.set_published(tx, behind)
