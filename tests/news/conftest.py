import pytest

from syndicate.store.database import Store
from tests.news.paper import Paper


@pytest.fixture
def paper(store: Store) -> Paper:
    return Paper(store)
