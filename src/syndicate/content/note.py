"""Where an editor's note for the next edition lies: `_editions/NEWSLETTER/next.md` beside the pages."""

from pathlib import Path

from syndicate.content.opening import AstrayError, read_within
from syndicate.errors import PageRefused

_LIMIT = 262_144  # bytes: a few paragraphs
NAME = "next.md"


def place(folder: Path, newsletter: str) -> Path:
    """Return the file of the note for a newsletter's next edition, in a content directory."""
    return folder / "_editions" / newsletter / NAME


def read(file: Path, folder: Path) -> tuple[str, str] | None:
    """Return what a note says, and a mark of this very file; None where there is none.

    Raises PageRefused.
    """
    try:
        data, status = read_within(file, folder.resolve(), _LIMIT)
        return data.decode("utf-8-sig"), f"{status.st_ino}:{status.st_mtime_ns}:{status.st_size}"
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        reason = "this is not UTF-8 text: save it as UTF-8"
    except AstrayError as error:
        reason = str(error)
    except OSError as error:
        reason = f"it cannot be read ({error.strerror}): make it readable for this user"
    raise PageRefused(f"{file}: {reason}.")


def put_away(file: Path, name: str) -> None:
    """Name a note after the edition that used it; where that cannot be, it stays and is not used again."""
    try:
        file.replace(file.with_name(f"{name}.md"))
    except OSError:
        return
