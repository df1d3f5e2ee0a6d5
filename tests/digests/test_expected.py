"""The golden set, byte for byte: after a change on purpose, `pytest --regold`, and read the diff."""

from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.digests.letter import fill, stencil
from syndicate.digests.pattern import BODY_FIELDS
from syndicate.digests.render import render
from syndicate.markup import html_text
from tests.digests.editions import EDITIONS
from tests.digests.samples import ENVIRONMENT, EXPECTED, PUBLICATION, RECIPIENT, SENDER


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_is_written_as_expected(
    name: str, golden: Callable[[Path, bytes], None]
) -> None:
    letter = render(EDITIONS[name], PUBLICATION, ENVIRONMENT)
    html, text = letter.html, letter.text
    for field in BODY_FIELDS:
        mark = next(mark for mark, its in letter.sentinels.items() if its is field)
        url = getattr(RECIPIENT, field)
        html, text = html.replace(mark, html_text(url)), text.replace(mark, url)
    golden(EXPECTED / f"{name}.html", html.encode())
    golden(EXPECTED / f"{name}.txt", text.encode())
    golden(EXPECTED / f"{name}.eml", fill(stencil(letter, EDITIONS[name], SENDER), RECIPIENT))


def test_nothing_else_is_expected() -> None:
    endings = ("eml", "html", "txt")
    names = sorted(f"{name}.{ending}" for name in EDITIONS for ending in endings)
    assert names == sorted(path.name for path in EXPECTED.iterdir())
