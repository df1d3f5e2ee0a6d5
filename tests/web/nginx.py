"""A real nginx with deploy/nginx.conf, on a publication of a test's own."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.acceptance.program import wait_for
from tests.conftest import CHECKOUT

PROGRAM = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
needed = pytest.mark.skipif(
    PROGRAM is None and "CI" not in os.environ, reason="needs nginx (.ci/run installs it)"
)
_AROUND = """
{modules}
{user}
worker_processes 1;
daemon off;
pid {own}/pid;
error_log {own}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {own}/body;
    proxy_temp_path {own}/proxy;
    fastcgi_temp_path {own}/fastcgi;
    uwsgi_temp_path {own}/uwsgi;
    scgi_temp_path {own}/scgi;
    include {own}/site.conf;
}}
"""


def site(publication: Path, program_port: int, port: int) -> str:
    """deploy/nginx.conf, changed where it says so."""
    text = (CHECKOUT / "deploy" / "nginx.conf").read_text("utf-8")
    changes = {
        "/var/lib/syndicate/": f"{publication}/",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "http://127.0.0.1:8000;": f"http://127.0.0.1:{program_port};",
    }
    if BROTLI.exists():
        changes["# brotli_static on;"] = "brotli_static on;"
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def running(written: Callable[[int], str]) -> Iterator[int]:
    """Run nginx with what is `written` for a port inside its `http`; yield the port."""
    assert PROGRAM
    with TemporaryDirectory(prefix="syndicate-nginx-") as name:
        own = Path(name)
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        (own / "site.conf").write_text(written(port), "utf-8")
        user = "user root;" if os.getuid() == 0 else ""  # a test's folders are its own user's
        modules = f"load_module {BROTLI};" if BROTLI.exists() else ""
        (own / "nginx.conf").write_text(_AROUND.format(own=own, user=user, modules=modules))
        process = subprocess.Popen([PROGRAM, "-p", str(own), "-c", str(own / "nginx.conf")])
        try:
            wait_for(lambda: process.poll() is not None or _listens(port))
            assert process.poll() is None, (own / "errors").read_text()
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
