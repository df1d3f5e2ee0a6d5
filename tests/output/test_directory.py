"""Published files and their compressed forms."""

import gzip
import os
from pathlib import Path

import brotli
import pytest

from syndicate import output

TEXT = "港は夜も動く。\n".encode() * 100


def publish(root: Path, path: str, data: bytes) -> tuple[bool, output.Sizes]:
    forms = output.FORMS if output.is_text(path) else ()
    return output.publish(
        root, path, data, {one: output.compressed(path, data, one) for one in forms}
    )


@pytest.mark.parametrize("path", ["index.html", "feed.atom", "archive/1.json", "assets/icon.svg"])
def test_a_text_has_its_compressed_forms_beside_it(tmp_path: Path, path: str) -> None:
    changed, sizes = publish(tmp_path, path, TEXT)
    br, gz = (tmp_path / f"{path}.br").read_bytes(), (tmp_path / f"{path}.gz").read_bytes()
    assert changed
    assert (tmp_path / path).read_bytes() == brotli.decompress(br) == gzip.decompress(gz) == TEXT
    assert sizes == output.Sizes(len(TEXT), len(br), len(gz))


def test_the_same_text_is_compressed_to_the_same_bytes(tmp_path: Path) -> None:
    publish(tmp_path / "a", "feed.rss", TEXT)
    publish(tmp_path / "b", "feed.rss", TEXT)
    for ending in (".br", ".gz"):
        one, other = (tmp_path / name / f"feed.rss{ending}" for name in "ab")
        assert one.read_bytes() == other.read_bytes()
    assert (tmp_path / "a" / "feed.rss.gz").read_bytes()[4:8] == bytes(4)  # mtime, RFC 1952 2.3


def test_a_picture_stands_alone(tmp_path: Path) -> None:
    _, sizes = publish(tmp_path, "media/a.png", TEXT)
    assert sizes == output.Sizes(len(TEXT))
    assert [file.name for file in (tmp_path / "media").iterdir()] == ["a.png"]


def test_what_is_published_without_compressed_forms_leaves_none_of_an_earlier_text(
    tmp_path: Path,
) -> None:
    publish(tmp_path, "index.html", TEXT)
    assert output.publish(tmp_path, "index.html", TEXT[1:], {}) == (
        True,
        output.Sizes(len(TEXT) - 1),
    )
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize("folder", ["", "articles/", "articles/one/"])
def test_a_new_file_may_need_a_folder_or_find_others_there(tmp_path: Path, folder: str) -> None:
    path = f"{folder}index.html"
    assert output.publish(tmp_path, path, TEXT, {".gz": TEXT}, new=True)[0]
    before = (tmp_path / path).stat().st_ino
    assert not output.publish(tmp_path, path, TEXT, {}, new=True)[0]
    assert (tmp_path / path).stat().st_ino == before
    assert [file.name for file in (tmp_path / folder).iterdir() if file.is_file()] == ["index.html"]


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    publish(tmp_path, "index.html", TEXT)
    before = (tmp_path / "index.html").stat().st_ino
    assert publish(tmp_path, "index.html", TEXT)[0] is False
    assert (tmp_path / "index.html").stat().st_ino == before


@pytest.mark.parametrize("missing", ["feed.json", "feed.json.br", "feed.json.gz"])
def test_a_file_without_one_of_its_forms_is_not_there(tmp_path: Path, missing: str) -> None:
    _, sizes = publish(tmp_path, "feed.json", TEXT)
    assert output.is_there(tmp_path, "feed.json", sizes)
    (tmp_path / missing).unlink()
    assert not output.is_there(tmp_path, "feed.json", sizes)


def test_a_file_leaves_with_its_compressed_forms_and_its_folder(tmp_path: Path) -> None:
    publish(tmp_path, "series/a/feed.atom", TEXT)
    output.remove(tmp_path, "series/a/feed.atom")
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_is_just_writing_is_left_to_it(tmp_path: Path) -> None:
    other = tmp_path / ".a.html.new"
    for half in (other, tmp_path / ".a.html.1.new"):
        half.write_bytes(b"half")
        publish(tmp_path, "a.html", half.name.encode())
        assert half.read_bytes() == b"half"
    assert not list(tmp_path.glob(f".a.html*.{os.getpid()}.new"))
