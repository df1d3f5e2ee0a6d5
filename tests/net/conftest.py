from collections.abc import Iterator

import pytest

from tests.net.site import Site, running


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on this machine."""
    with running() as one:
        yield one
