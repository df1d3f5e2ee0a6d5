"""The golden set, byte for byte: after a change on purpose, `pytest --regold`, and read the diff."""

from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.digests import fill, render, stencil
from syndicate.digests.pattern import Field
from syndicate.markup import html_text
from tests.digests.editions import EDITIONS
from tests.digests.samples import ENVIRONMENT, EXPECTED, PUBLICATION, RECIPIENT, SENDER


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_is_written_as_expected(
    name: str, golden: Callable[[Path, bytes], None]
) -> None:
    letter = render(EDITIONS[name], PUBLICATION, ENVIRONMENT)
    url = RECIPIENT.unsubscribe_url
    mark = next(mark for mark, field in letter.sentinels.items() if field == Field.UNSUBSCRIBE_URL)
    golden(EXPECTED / f"{name}.html", letter.html.replace(mark, html_text(url)).encode())
    golden(EXPECTED / f"{name}.txt", letter.text.replace(mark, url).encode())
    golden(EXPECTED / f"{name}.eml", fill(stencil(letter, EDITIONS[name], SENDER), RECIPIENT))


def test_nothing_else_is_expected() -> None:
    endings = ("eml", "html", "txt")
    names = sorted(f"{name}.{ending}" for name in EDITIONS for ending in endings)
    assert names == sorted(path.name for path in EXPECTED.iterdir())
