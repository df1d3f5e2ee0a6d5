"""A small edition, byte for byte: after a change on purpose, `pytest --regold`, and read the diff."""

from collections.abc import Callable
from pathlib import Path

from syndicate.digests import fill, render, stencil
from syndicate.digests.pattern import Field
from syndicate.markup import html_text
from tests.digests.samples import EDITION, ENVIRONMENT, EXPECTED, PUBLICATION, RECIPIENT, SENDER

RENDERED = render(EDITION, PUBLICATION, ENVIRONMENT)
MARK = next(mark for mark, field in RENDERED.sentinels.items() if field == Field.UNSUBSCRIBE_URL)
URL = RECIPIENT.unsubscribe_url

Golden = Callable[[Path, bytes], None]


def test_the_html_is_as_expected(golden: Golden) -> None:
    golden(EXPECTED / "edition.html", RENDERED.html.replace(MARK, html_text(URL)).encode())


def test_the_text_is_as_expected(golden: Golden) -> None:
    golden(EXPECTED / "edition.txt", RENDERED.text.replace(MARK, URL).encode())


def test_the_letter_is_as_expected(golden: Golden) -> None:
    golden(EXPECTED / "edition.eml", fill(stencil(RENDERED, EDITION, SENDER), RECIPIENT))
