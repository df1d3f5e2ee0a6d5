"""Pictures beside a page: found below the content directory, known by their bytes, never decoded."""

import os
import posixpath
import time
import warnings
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from syndicate.content.directory import PATH_BYTES, PATIENCE_S, SETTLED_S, Folder, Found, is_fresh
from syndicate.content.opening import AstrayError, read_within
from syndicate.errors import SyndicateError
from syndicate.model import media_path

PICTURE_LIMIT = 20 * 1024 * 1024  # bytes: what a camera makes, and readers still load
PIXEL_LIMIT = 100_000_000  # what a browser can still draw; a header may promise any number
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4 A: from 5 on the picture lies on its side
_LYING = 5
_BOMB = f"has more than {PIXEL_LIMIT:,} pixels: make it smaller"

Code = Literal["", "image-missing", "image-refused"]


class PictureLost(SyndicateError):
    """A picture that was picked up is there no more, or has other bytes: the next pass says so."""


class Picture(Struct, frozen=True):
    """A file that a page shows: `url` is its address on the page, `path` its name, as pages have theirs.

    `media` is its published path; None where `code` and `reason` say why it is not published. Sizes
    are bytes and pixels. A file that is not there has the size and time -1.
    """

    url: str
    path: str
    size: int = -1
    modified_ns: int = -1
    media: str | None = None
    width: int | None = None
    height: int | None = None
    code: Code = ""
    reason: str = ""


def look(root: Path, folder: str, path: str) -> tuple[int, int]:
    """Return size in bytes and time in nanoseconds of the file `path`; -1 and -1 where there is none.

    Outside the content directory there is none: nobody looks there.
    """
    if path.startswith("/") or ".." in path.split("/") or path != _cut(path):
        return -1, -1
    try:
        status = (root / _below(path, folder)).stat()
    except (OSError, ValueError):
        return -1, -1
    return status.st_size, status.st_mtime_ns


def find_picture(page: Found, url: str) -> Picture:
    """Find the picture that a page names by the relative `url`, and read its size.

    An address that begins with `/` begins at the content directory.
    """
    path = _path(page, url)
    if path is None:
        outside = "lies outside the content directory: copy it there"
        return _not(Picture(url, _cut(url)), "image-refused", outside)
    picture = Picture(url, _cut(path))
    if any(part.startswith((".", "_")) for part in _below(path, page.folder).split("/")):
        return _not(picture, "image-refused", "has a name that begins with “.” or “_”: rename it")
    file = page.root / _below(path, page.folder)
    picture = Picture(url, _cut(path), *look(page.root, page.folder, path))
    if picture.size < 0:
        return _not(picture, "image-missing", "is not there: add it, or mend the address")
    try:
        data, status = _settled(file, page.root)
    except AstrayError as error:
        return _not(picture, "image-refused", str(error))
    except (OSError, RuntimeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        return _not(
            picture, "image-refused", f"cannot be read ({why}): make it readable for this user"
        )
    return _measured(replace(picture, size=status.st_size, modified_ns=status.st_mtime_ns), data)


def bytes_of(media: str, folders: Sequence[Folder], paths: Sequence[str]) -> bytes:
    """Return the bytes of a published picture from the first file that has them, or raise PictureLost."""
    for path in paths:
        for folder in folders:
            if folder.name and not path.startswith(f"{folder.name}/"):
                continue
            try:
                root = folder.path.resolve()
                data, _ = read_within(root / _below(path, folder.name), root, PICTURE_LIMIT)
            except (AstrayError, OSError, RuntimeError):
                continue
            if media_path(sha256(data).hexdigest(), media.rpartition(".")[2]) == media:
                return data
    named = paths[0] if paths else media
    raise PictureLost(f"{named}: was changed or taken away meanwhile. Bring it back, or run build.")


def _path(page: Found, url: str) -> str | None:
    """Return the name of the file that an address means; None if it leads out of the directory."""
    try:
        name = unquote(urlsplit(url).path)
    except ValueError:
        name = url
    if "\0" in name:
        return None
    beside = page.folder if name.startswith("/") else posixpath.dirname(page.path)
    path = posixpath.normpath(posixpath.join(beside, name.lstrip("/")))
    inside = path.startswith(f"{page.folder}/") if page.folder else not path.startswith("../")
    return path if inside and path != ".." else None


def _cut(path: str) -> str:
    """Return a path; of what is too long to be a page's picture, the beginning."""
    return path.encode()[:PATH_BYTES].decode(errors="ignore")


def _below(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder}/") if folder else path


def _settled(file: Path, root: Path) -> tuple[bytes, os.stat_result]:
    """Read a picture once it is no longer being written; after some patience, as it is."""
    patience = time.monotonic() + PATIENCE_S
    while True:
        data, status = read_within(file, root, PICTURE_LIMIT)
        if not is_fresh(status.st_mtime_ns) or time.monotonic() >= patience:
            return data, status
        time.sleep(SETTLED_S)


def _measured(picture: Picture, data: bytes) -> Picture:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - a pass without pictures starts faster

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(_ENDINGS)) as image:
                (width, height), ending = image.size, _ENDINGS[image.format or ""]
                if image.getexif().get(_ORIENTATION, 1) >= _LYING:
                    width, height = height, width
    except Image.DecompressionBombError:
        return _not(picture, "image-refused", _BOMB)
    except UnidentifiedImageError:
        return _not(
            picture, "image-refused", "is no PNG, JPEG, GIF, WebP or AVIF picture: convert it"
        )
    except Exception as error:  # noqa: BLE001 - Pillow's readers raise whatever broken bytes lead to
        return _not(picture, "image-refused", f"cannot be read ({error}): mend or replace it")
    if width * height > PIXEL_LIMIT:
        return _not(picture, "image-refused", _BOMB)
    media = media_path(sha256(data).hexdigest(), ending)
    return replace(picture, media=media, width=width, height=height)


def _not(picture: Picture, code: Code, reason: str) -> Picture:
    return replace(picture, code=code, reason=reason)
