"""Pictures beside a page: which are taken, how they are measured, and what is never read."""

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from syndicate.content import Folder, Found, PictureLost, bytes_of, find_picture, scan
from syndicate.content.pictures import PICTURE_LIMIT
from tests.pictures import picture


@pytest.fixture
def page(tmp_path: Path) -> Found:
    below = tmp_path / "content" / "below"
    below.mkdir(parents=True)
    (below / "a.md").write_text("# A\n\nText.\n")
    (found,) = scan(Folder(tmp_path / "content", "content"), lambda name: name.endswith(".md"))
    assert isinstance(found, Found)
    return found


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp", "avif"])
def test_a_picture_is_named_by_its_bytes_and_measured(page: Found, ending: str) -> None:
    data = picture(page.file.parent / f"p.{ending}", (40, 30))
    found = find_picture(page, f"p.{ending}")
    assert (found.media, found.width, found.height, found.size) == (
        f"media/{sha256(data).hexdigest()[:16]}.{ending}",
        40,
        30,
        len(data),
    )
    assert (found.path, found.code, found.reason) == (f"content/below/p.{ending}", "", "")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("p.png", "below/p.png"),
        ("./x/../p.png?v=2#top", "below/p.png"),
        ("../p.png", "p.png"),
        ("/img/p.png", "img/p.png"),
        ("my%20p.png", "below/my p.png"),
        ("図.png", "below/図.png"),
        ("%E5%9B%B3.png", "below/図.png"),
    ],
)
def test_an_address_is_taken_from_the_page_or_from_the_content_directory(
    page: Found, url: str, file: str
) -> None:
    picture(page.root / file)
    assert find_picture(page, url).path == f"content/{file}"
    assert find_picture(page, url).media is not None


def test_a_picture_that_lies_on_its_side_is_measured_as_it_is_shown(page: Found) -> None:
    exif, made = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(made, "JPEG", exif=exif)
    (page.file.parent / "p.jpg").write_bytes(made.getvalue())
    found = find_picture(page, "p.jpg")
    assert (found.width, found.height) == (30, 40)


@pytest.mark.parametrize(
    ("url", "code", "reason"),
    [
        ("none.png", "image-missing", "is not there: add it"),
        ("../../secret.png", "image-refused", "lies outside the content directory: copy it there"),
        ("out.png", "image-refused", "leads out of the content directory: copy the file"),
        ("%00.png", "image-refused", "lies outside the content directory"),
        (".hidden.png", "image-refused", "begins with “.” or “_”: rename it"),
        ("_drafts/p.png", "image-refused", "begins with “.” or “_”: rename it"),
        ("pipe.png", "image-refused", "not a regular file"),
        ("loop.png", "image-missing", "is not there"),
        ("text.png", "image-refused", "is no PNG, JPEG, GIF, WebP or AVIF picture: convert it"),
        ("drawn.svg", "image-refused", "is no PNG, JPEG, GIF, WebP or AVIF picture: convert it"),
        ("bomb.png", "image-refused", "has more than 100,000,000 pixels: make it smaller"),
        ("large.png", "image-refused", "bytes are more than the"),
        ("http://[", "image-missing", "is not there"),
        ("a" * 5000, "image-missing", "is not there"),
    ],
)
def test_what_is_no_picture_is_said_and_left_alone(
    page: Found, url: str, code: str, reason: str
) -> None:
    beside = page.file.parent
    picture(page.root.parent / "secret.png")
    (beside / "out.png").symlink_to(page.root.parent / "secret.png")
    (beside / "loop.png").symlink_to("loop.png")
    os.mkfifo(beside / "pipe.png")
    for name in (".hidden.png", "_drafts/p.png"):
        picture(beside / name)
    (beside / "text.png").write_text("no picture")
    (beside / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (beside / "bomb.png").write_bytes(promising(60_000, 60_000))
    with (beside / "large.png").open("wb") as large:
        large.truncate(PICTURE_LIMIT + 1)
    found = find_picture(page, url)
    assert (found.media, found.code) == (None, code)
    assert reason in found.reason


def promising(width: int, height: int) -> bytes:
    """A PNG whose header alone is large."""
    made = BytesIO()
    made.write(b"\x89PNG\r\n\x1a\n")
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    PngImagePlugin.putchunk(made, b"IHDR", head)
    PngImagePlugin.putchunk(made, b"IDAT", b"")
    return made.getvalue()


def test_bytes_are_given_only_while_they_are_those_that_were_picked_up(page: Found) -> None:
    folders = [Folder(page.root.parent / "other", "other"), Folder(page.root, "content")]
    data = picture(page.file.parent / "p.png")
    found = find_picture(page, "p.png")
    assert found.media is not None
    paths = ["content/gone.png", found.path]
    assert bytes_of(found.media, folders, paths) == data
    picture(page.file.parent / "p.png", colour="blue")
    with pytest.raises(PictureLost, match=r"^content/gone\.png: was changed or taken away"):
        bytes_of(found.media, folders, paths)
