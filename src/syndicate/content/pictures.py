"""Pictures beside a page: found below the content directory, known by their bytes, never decoded."""

import stat
import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from syndicate.content.directory import Folder
from syndicate.errors import SyndicateError

PICTURE_LIMIT = 10 * 1024 * 1024  # bytes
PIXEL_LIMIT = 100_000_000  # what a browser can still draw; a header may promise any number
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4 A: from 5 on the picture lies on its side
_LYING = 5
_BOMB = f"has more than {PIXEL_LIMIT:,} pixels: make it smaller"
_HASH_DIGITS = 16


class PictureLost(SyndicateError):
    """A picture that was picked up is there no more, or has other bytes: the next pass says so."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that a page shows. `url` is its address as the page has it; sizes in bytes and pixels.

    `media` is its published path; None where `reason` says why it is not published. A file that is
    not there has the size and time -1.
    """

    url: str
    file: Path
    size: int = -1
    modified_ns: int = -1
    media: str | None = None
    width: int | None = None
    height: int | None = None
    code: Literal["", "image-missing", "image-refused"] = ""
    reason: str = ""


def look(file: Path) -> tuple[int, int]:
    """Return a file's size in bytes and its time in nanoseconds; -1 and -1 where there is none."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return -1, -1
    return status.st_size, status.st_mtime_ns


def find_picture(folder: Folder, page: str, url: str) -> Picture:
    """Find the picture that the page at path `page` names by the relative `url`, and read its size.

    An address that begins with `/` begins at the content directory.
    """
    try:
        name = unquote(urlsplit(url).path)
    except ValueError:
        name = url
    below = page.removeprefix(f"{folder.name}/") if folder.name else page
    beside = folder.path if name.startswith("/") else (folder.path / below).parent
    file = beside / name.lstrip("/")
    size, modified_ns = look(file)
    picture = Picture(url, file, size, modified_ns)
    try:
        real, root = file.resolve(), folder.path.resolve()
    except (OSError, RuntimeError, ValueError):
        return _not(picture, "image-missing", "cannot be followed: mend the address")
    if not real.is_relative_to(root):
        return _not(picture, "image-refused", "lies outside the content directory: copy it there")
    if any(part.startswith((".", "_")) for part in real.relative_to(root).parts):
        return _not(picture, "image-refused", "has a name that begins with “.” or “_”: rename it")
    if size < 0:
        return _not(picture, "image-missing", "is not there: add it, or mend the address")
    return _read(picture, real)


def copy_of(media: str, files: list[Path]) -> bytes:
    """Return the bytes of a published picture from the first file that has them, or raise PictureLost."""
    wanted = Path(media).stem
    for file in files:
        try:
            if look(file)[0] <= PICTURE_LIMIT and file.is_file():
                data = file.read_bytes()
                if sha256(data).hexdigest()[:_HASH_DIGITS] == wanted:
                    return data
        except OSError:
            continue
    named = files[0] if files else media
    raise PictureLost(f"{named}: was changed or taken away meanwhile. Run build again.")


def _read(picture: Picture, real: Path) -> Picture:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - a pass without pictures starts faster

    try:
        if unfit := _unfit(picture, real):
            return _not(picture, "image-refused", unfit)
        with real.open("rb") as opened, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(opened, formats=tuple(_ENDINGS)) as image:
                (width, height), ending = image.size, _ENDINGS[image.format or ""]
                if image.getexif().get(_ORIENTATION, 1) >= _LYING:
                    width, height = height, width
            if width * height > PIXEL_LIMIT:
                return _not(picture, "image-refused", _BOMB)
            opened.seek(0)
            digest = sha256(opened.read(PICTURE_LIMIT + 1)).hexdigest()[:_HASH_DIGITS]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _not(picture, "image-refused", _BOMB)
    except UnidentifiedImageError:
        return _not(picture, "image-refused", "is no PNG, JPEG, GIF or WebP picture: convert it")
    except Exception as error:  # noqa: BLE001 - Pillow's readers raise whatever broken bytes lead to
        return _not(picture, "image-refused", f"cannot be read ({error}): mend or replace it")
    return Picture(
        picture.url,
        picture.file,
        picture.size,
        picture.modified_ns,
        f"media/{digest}.{ending}",
        width,
        height,
    )


def _unfit(picture: Picture, real: Path) -> str:
    """Say why a file is not even opened; "" when it may be."""
    if not stat.S_ISREG(real.stat().st_mode):
        return "is not a regular file: remove it"
    if picture.size > PICTURE_LIMIT:
        size = f"{picture.size:,} bytes, more than the {PICTURE_LIMIT:,} allowed"
        return f"has {size}: make it smaller"
    return ""


def _not(picture: Picture, code: Literal["image-missing", "image-refused"], reason: str) -> Picture:
    return Picture(
        picture.url, picture.file, picture.size, picture.modified_ns, code=code, reason=reason
    )
