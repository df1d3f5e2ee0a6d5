"""What passes a reader's filters."""

from collections.abc import Collection

import pytest

from syndicate.model import Filters


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(), True),
        (Filters(languages=("en",)), True),
        (Filters(languages=("EN-gb",)), True),
        (Filters(languages=("en-US",)), False),
        (Filters(languages=("e",)), False),
        (Filters(languages=("ja", "en")), True),
        (Filters(tags=("sea", "moon")), True),
        (Filters(tags=("moon",)), False),
        (Filters(series=("lens",)), True),
        (Filters(series=("len",)), False),
        (Filters(languages=("en",), tags=("moon",)), False),
    ],
)
def test_an_article_has_to_pass_every_list(filters: Filters, passes: bool) -> None:
    assert filters.passes("en-GB", {"sea", "light"}, "lens") is passes


@pytest.mark.parametrize("tags", [(), {"sea"}])
def test_who_follows_series_gets_no_article_that_stands_alone(tags: Collection[str]) -> None:
    assert not Filters(series=("lens",)).passes("en", tags, None)
