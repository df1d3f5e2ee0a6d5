"""Pictures beside pages, copied once: the name of each is that of its bytes."""

from collections.abc import Iterator
from functools import partial

from syndicate.content import bytes_of
from syndicate.jobs.planning.library import Library, Planned
from syndicate.store import pictures


def picture_files(library: Library) -> Iterator[Planned]:
    """The pictures of published articles. Raises PictureLost when one is made whose file is gone."""
    for media, files in pictures.published(library.tx).items():
        yield Planned(media, media, partial(bytes_of, media, library.folders, files), lasting=True)
