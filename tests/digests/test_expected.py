"""A small edition, byte for byte. After a change on purpose, write the new files and read the diff."""

from syndicate.digests import fill, render, stencil
from syndicate.digests.pattern import Field
from syndicate.markup import html_text
from tests.digests.samples import EDITION, ENVIRONMENT, EXPECTED, PUBLICATION, RECIPIENT, SENDER

RENDERED = render(EDITION, PUBLICATION, ENVIRONMENT)
MARK = next(mark for mark, field in RENDERED.sentinels.items() if field == Field.UNSUBSCRIBE_URL)
URL = RECIPIENT.unsubscribe_url


def test_the_html_is_as_expected() -> None:
    expected = (EXPECTED / "edition.html").read_text(encoding="utf-8")
    assert RENDERED.html.replace(MARK, html_text(URL)) == expected


def test_the_text_is_as_expected() -> None:
    expected = (EXPECTED / "edition.txt").read_text(encoding="utf-8")
    assert RENDERED.text.replace(MARK, URL) == expected


def test_the_letter_is_as_expected() -> None:
    expected = (EXPECTED / "edition.eml").read_bytes()
    assert fill(stencil(RENDERED, EDITION, SENDER), RECIPIENT) == expected
