"""Templates are compiled once, and what they were compiled from is what counts."""

import marshal
import os
import pickle
import stat
from io import BytesIO
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from syndicate import templates
from syndicate.errors import TemplateRefused
from syndicate.markup.templates import draw


def drawn(publication: Path, **values: object) -> str:
    """Draw the page as another process would."""
    return draw(templates.environment([publication], publication), "page.html", values)


def write(publication: Path, text: str) -> None:
    (publication / "page.html").write_text(text, encoding="utf-8")


def kept(publication: Path) -> list[Path]:
    return list((publication / templates.FOLDER).iterdir())


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    write(tmp_path, "Hello, {{ name }}\n")
    assert drawn(tmp_path, name="<b>") == "Hello, &lt;b&gt;"
    (file,) = kept(tmp_path)
    before = file.stat()
    assert drawn(tmp_path, name="<b>") == "Hello, &lt;b&gt;"
    assert file.stat().st_ino == before.st_ino
    assert file.stat().st_mtime_ns == before.st_mtime_ns


def test_another_text_counts_at_once(tmp_path: Path) -> None:
    for text in ("one", "two", "one"):
        write(tmp_path, text)
        assert drawn(tmp_path) == text


def test_what_is_damaged_is_compiled_again(tmp_path: Path) -> None:
    write(tmp_path, "Hello, {{ name }}\n")
    drawn(tmp_path, name="you")
    (file,) = kept(tmp_path)
    data = file.read_bytes()
    checked = before_code(data)
    cuts = [data[:length] for length in (*range(len(checked) + 20), *range(0, len(data), 50))]
    zeros = [
        data[:length] + bytes(len(data) - length) for length in (0, len(bc_magic), len(checked))
    ]
    for damaged in (*cuts, *zeros, bc_magic + b"by hand", checked + marshal.dumps(5)):
        file.write_bytes(damaged)
        assert drawn(tmp_path, name="you") == "Hello, you"
        assert file.read_bytes() == data


def before_code(data: bytes) -> bytes:
    """Return what stands before the code in a compiled template."""
    stream = BytesIO(data)
    stream.seek(len(bc_magic))
    pickle.load(stream)  # the digest of what it was compiled from
    return data[: stream.tell()]


def test_what_others_can_write_is_not_run(tmp_path: Path) -> None:
    write(tmp_path, "Hello")
    drawn(tmp_path)
    (file,) = kept(tmp_path)
    folder = file.parent
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    theirs = compile("raise SystemExit", "theirs", "exec")
    file.write_bytes(before_code(file.read_bytes()) + marshal.dumps(theirs))
    with pytest.raises(SystemExit):
        drawn(tmp_path)
    for mode in (0o777, 0o770, 0o702):
        folder.chmod(mode)
        assert drawn(tmp_path) == "Hello"
    folder.chmod(0o700)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert drawn(tmp_path) == "Hello"


def test_what_another_user_owns_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "Hello")
    drawn(tmp_path)
    (file,) = kept(tmp_path)
    file.write_bytes(b"theirs")
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    assert drawn(tmp_path) == "Hello"
    assert file.read_bytes() == b"theirs"


def test_where_nothing_can_be_kept_pages_are_drawn_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "Hello")
    (tmp_path / templates.FOLDER).write_text("in the way", encoding="utf-8")
    assert drawn(tmp_path) == "Hello"


def test_a_mistake_is_told_alike_the_second_time(tmp_path: Path) -> None:
    write(tmp_path, "\n{{ nothing.there }}\n")
    said = []
    for _ in range(2):
        with pytest.raises(TemplateRefused) as refused:
            drawn(tmp_path)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert "page.html" in said[0]
