"""The templates: whose count first, and where what they were compiled to is kept."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from syndicate import __version__

FOLDER = ".compiled"  # in a publication; what lies there is made again if it is gone


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates beside the publication: to compile those of one page takes longer than to draw it.

    One counts for the very text that it was compiled from, by this release. Where nothing can be kept,
    nothing is.
    """

    def __init__(self, folder: Path) -> None:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder), f"{__version__}-{jinja2.__version__}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def environment(folders: Sequence[Path], publication: Path) -> Environment:
    """Return the templates of these folders, the first before the others, one file at a time.

    Each is read once: what an editor approved, and what files are noted to be made from, stays so.
    """
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(["html"]),
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(publication / FOLDER),
    )
