"""Publish: make the files whose inputs changed, and swap each in whole (FEEDS.md, "never broken")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment

from syndicate import addresses, output
from syndicate.content import Folder, PictureLost
from syndicate.jobs.history import keep_history
from syndicate.jobs.leads import Met, settle
from syndicate.jobs.planning import Library, Planned, open_library, plan
from syndicate.jobs.planning.gate import Unfit
from syndicate.model import Event, Newsletter, Publication, Tell
from syndicate.output import Sizes
from syndicate.store import links, outputs, pings, publication, redirects
from syndicate.store.database import Store
from syndicate.store.lock import only_one
from syndicate.store.outputs import Output

BATCH = 200  # files between two notes in the manifest: a kill costs at most so many renderings


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did: the paths that changed, those taken away, and how many stand now.

    `unfit` are the ids of articles that would break a feed, and why: feeds with them stay as they were.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    files: int = 0
    unfit: Mapping[str, str] = field(default_factory=dict)


def publish(
    store: Store,
    about: Publication,
    newsletters: Sequence[Newsletter],
    folders: Sequence[Folder],
    environment: Environment,
    version: str,
    root: Path,
    tell: Tell,
) -> Published:
    """Bring the output directory up to date; files whose bytes stay the same are not touched.

    Two processes that publish stand in line. Raises OutputRefused, TemplateRefused.
    """
    output.prepare(root)
    with only_one(root.with_name(f".{root.name}.publishing"), "publishing", wait=True):
        behind, met = _keep_history(store, about), Met()
        with store.read() as tx:
            origin = publication.origin(tx)
            if origin is None:
                return Published()
            known = outputs.manifest(tx)
            library = open_library(
                tx, root, origin, about, newsletters, folders, environment, version
            )
            files, written, unfit = _make_all(store, library, root, known, met, tell)
            output.write_maps(root, about.base_url, about.hubs, redirects.load(tx), files)
        removed = sorted(known.keys() - files)
        for path in removed:
            output.remove(root, path)
        _note_end(store, removed, behind)
        settle(store, met, files, tell)
    if written or removed:
        tell(Event("publication.published", {"written": len(written), "removed": len(removed)}))
    return Published(tuple(written), tuple(removed), len(files), unfit)


def _keep_history(store: Store, about: Publication) -> int | None:
    """Keep the history of what changed; up to which change, None where nothing did.

    What is picked up from here on is in no history yet, and is left to the next publish.
    """
    with store.read() as tx:
        if publication.behind(tx) is None:
            return None
    with store.write() as tx:
        keep_history(tx, about)
        return publication.behind(tx)


def _make_all(
    store: Store,
    library: Library,
    root: Path,
    known: Mapping[str, Output],
    met: Met,
    tell: Tell,
) -> tuple[set[str], list[str], dict[str, str]]:
    """Make what does not stand; return the paths of all files, of those that changed, and who is unfit."""
    files, written, made = set[str](), list[str](), list[Output]()
    unfit: dict[str, str] = {}
    for planned in plan(library):
        files.add(planned.path)
        if _stands(root, planned, known.get(planned.path)):
            continue
        try:
            changed, file = _make(root, planned, known.get(planned.path))
        except PictureLost as error:  # everything else is published all the same
            tell(Event("picture.lost", {"path": planned.path, "reason": str(error)}, "error"))
            continue
        except Unfit as error:  # what stands in its place is the last good state
            unfit |= error.culprits
            tell(Event("feed.unfit", {"path": planned.path, "reason": str(error)}, "error"))
            continue
        made.append(file)
        met.add([file])
        if changed:
            written.append(planned.path)
            tell(Event("file.written", {"path": planned.path}, "debug"))
        if len(made) == BATCH:
            _note_made(store, library, made, known)
            made.clear()
    _note_made(store, library, made, known)
    return files, written, unfit


def _stands(root: Path, planned: Planned, known: Output | None) -> bool:
    """Whether a file was made from the same inputs, or is to last, and is still there."""
    return (
        known is not None
        and (planned.lasting or known.inputs == planned.inputs)
        and _is_there(root, known)
    )


def _is_there(root: Path, known: Output) -> bool:
    return output.is_there(root, known.path, Sizes(known.size, known.br, known.gz))


def _make(root: Path, planned: Planned, known: Output | None) -> tuple[bool, Output]:
    """Make a file and put it in place; what stands there with the same bytes is not compressed again."""
    data, pieces, links = planned.made()
    digest = sha256(data).hexdigest()
    if known and known.digest == digest and _is_there(root, known):
        return False, replace(known, inputs=planned.inputs, pieces=pieces, links=links)
    changed, sizes = output.publish(root, planned.path, data)
    return changed, Output(
        planned.path, planned.inputs, digest, sizes.plain, sizes.br, sizes.gz, pieces, links
    )


def _note_made(
    store: Store, library: Library, made: Sequence[Output], known: Mapping[str, Output]
) -> None:
    """Note files, and with them that hubs are to be told of feeds: a kill cannot come between."""
    if not made:
        return
    feeds = {one.path: one.digest for one in made if addresses.is_feed(one.path)}
    for path in feeds.keys() & known.keys():
        if known[path].digest == feeds[path]:
            del feeds[path]
    with store.write() as tx:
        outputs.save(tx, made)
        links.put(tx, made)
        pings.arm(tx, feeds, library.about.hubs)


def _note_end(store: Store, removed: Sequence[str], behind: int | None) -> None:
    if not removed and behind is None:
        return
    with store.write() as tx:
        outputs.forget(tx, list(removed))
        links.forget(tx, removed)
        links.doubt(tx, removed)
        if behind is not None:
            publication.set_published(tx, behind)
