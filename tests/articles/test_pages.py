"""Whole pages: what is expected of them stands beside them, and nothing of them is lost."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from syndicate.articles import parse, to_record
from syndicate.model import Page
from tests.articles.samples import MODEL, PAGES, expected

_TOLD = {"source_date", "language"}
_MARKS = re.compile(
    "💡|✅|\ufe0f|⇒|さらに読む|Read more|次のページを読む|Next page|"
    r"(?:出典|Source)[/／](?:画像元|Image)[:：]|(?:公開日|Published)[:：].*|\s"
)

needs_model = pytest.mark.skipif(
    not MODEL.is_file(), reason="the model page is not shared with this checkout"
)
each_page = pytest.mark.parametrize(
    "file",
    [PAGES / "oven.txt", PAGES / "trains.txt", pytest.param(MODEL, marks=needs_model)],
    ids=["oven", "trains", "model"],
)


def _record(file: Path) -> dict[str, object]:
    return to_record(parse(Page(file.name, file.read_bytes()), "en"))


def _outlined(value: object) -> object:
    """Put length and hash in the place of each text, so that expectations quote nobody."""
    if isinstance(value, str):
        return {"length": len(value), "sha256": sha256(value.encode()).hexdigest()}
    if isinstance(value, list):
        return [_outlined(one) for one in value]
    if isinstance(value, dict):
        return {key: one if key in _TOLD else _outlined(one) for key, one in value.items()}
    return value


def _texts(value: object, key: str = "") -> Iterator[str]:
    """Yield every text of a record that came from the page."""
    if isinstance(value, str) and key not in _TOLD:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name != "warnings":
                yield from _texts(one, name)


@pytest.mark.parametrize("name", ["oven", "trains"])
def test_a_page_is_read_as_expected(name: str) -> None:
    assert _record(PAGES / f"{name}.txt") == expected(f"{name}.json")


@needs_model
def test_the_model_page_is_read_as_expected() -> None:
    assert _outlined(_record(MODEL)) == expected("model.json")


@needs_model
def test_the_model_page_has_its_shape() -> None:
    article = parse(Page("model.txt", MODEL.read_bytes()), "en")
    assert (len(article.highlights), len(article.lead)) == (3, 2)
    dates = [section.source_date for section in article.sections]
    assert dates == [date(2025, 5, 16), date(2025, 7, 15)]
    for section in article.sections:
        assert section.heading
        assert section.teaser_question
        assert section.teaser_answer
        counts = (len(section.intro), len(section.key_points), len(section.sources))
        assert (*counts, len(section.body)) == (2, 3, 1, 8)
        assert section.sources[0].url.isascii()
        assert section.body[0].endswith("。")
    assert article.next_title
    assert article.language == "ja"
    assert article.warnings == ()


@each_page
def test_no_line_can_be_taken_away_unnoticed(file: Path) -> None:
    lines = [line for line in file.read_text("utf-8").split("\n") if line.strip()]
    whole = _record(file)
    for at in range(len(lines)):
        without = "\n".join(lines[:at] + lines[at + 1 :])
        record = to_record(parse(Page(file.name, without.encode()), "en"))
        assert {**record, "warnings": ()} != {**whole, "warnings": ()}, lines[at]


@each_page
def test_every_character_of_a_page_but_its_marks_is_in_the_record_once(file: Path) -> None:
    page = _MARKS.sub("", file.read_text("utf-8"))
    record = re.sub(r"\s", "", "".join(_texts(_record(file))))
    assert Counter(record) == Counter(page)


@each_page
def test_every_line_of_a_page_is_in_the_record(file: Path) -> None:
    texts = [re.sub(r"\s", "", text) for text in _texts(_record(file))]
    for line in file.read_text("utf-8").split("\n"):
        rest = _MARKS.sub("", line)
        parts = [text for text in texts if text and text in rest]
        assert rest in "".join(parts), line
