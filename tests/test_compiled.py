"""Templates are compiled once, and what they were compiled from is what counts."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_what_is_damaged_is_compiled_again(tmp_path: Path, share: float) -> None:
    write(tmp_path, "Hello, {{ name }}\n")
    drawn(tmp_path, name="you")
    (file,) = kept(tmp_path)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    assert drawn(tmp_path, name="you") == "Hello, you"
    assert file.read_bytes() == data


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
