import pytest

from syndicate.store.database import Store
from tests.world import World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
