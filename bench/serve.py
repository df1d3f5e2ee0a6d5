"""One feed of 64 KB, compressed beforehand: whole, and to programs that hold it already (issue 5).

The daemon on one core, wrk on the other; in the daemon's place in turn nginx with
deploy/nginx.conf, and a bare nginx, which serves one folder with fixed headers and open files kept.
Debian's packages nginx, libnginx-mod-http-brotli-static and wrk are needed.

    python -m bench.serve [SECONDS]
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from tests.acceptance.pages import FIRST, page, write
from tests.acceptance.program import Program
from tests.web import nginx

SECONDS = 5
_LASTING = "keepalive_requests 1000000000;\n"
_ROUNDS = 5
_CONNECTIONS = 32
_SIZE = 64 * 1024  # bytes of the compressed feed
_PATH = "tags/bench/feed.atom"  # the program does not know it, and leaves it as it is
_SERVER, _LOAD = {0}, {1}  # cores


def main(seconds: int) -> None:
    """Measure the servers in turn, and print the ratios of the best that each reached.

    Other work on the machine only ever takes from a rate: the best of several turns is the least disturbed.
    """
    if not (shutil.which("wrk") and nginx.PROGRAM and nginx.BROTLI.exists() and os.cpu_count()):
        raise SystemExit("bench.serve needs wrk, nginx and its module brotli_static: see above")
    found: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name, _servers(Path(name) / "publication") as ports:
        for _ in range(_ROUNDS):
            for who, port in ports.items():
                for what, headers in _asked(port).items():
                    found.setdefault((who, what), []).append(_load(port, headers, seconds))
    for (who, what), rates in found.items():
        print(f"{who:10} {what}  {max(rates):8.0f} a second  {[round(one) for one in rates]}")
    for what, wanted in (("200", 0.45), ("304", 0.33)):
        for who in ("nginx", "bare nginx"):
            ratio = max(found["syndicate", what]) / max(found[who, what])
            print(f"{what}: {ratio:.2f} of {who} (wanted: {wanted})")


@contextmanager
def _servers(folder: Path) -> Iterator[dict[str, int]]:
    """Run the daemon and nginx on the same files, both on the servers' core."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _SERVER)  # who is started takes it over
    try:
        program = Program(folder)
        program("init")
        write(folder / "content", {"a.txt": page(FIRST)})
        program("build")
        with program.daemon() as daemon:
            port = urlsplit(daemon.address).port
            assert port
            place = folder / "public" / _PATH
            place.parent.mkdir(parents=True)
            place.write_bytes(b"<feed/>" * 60_000)
            place.with_name(f"{place.name}.br").write_bytes(os.urandom(_SIZE))
            with (
                nginx.running(lambda own: _LASTING + nginx.site(folder, port, own)) as theirs,
                nginx.running(lambda own: _LASTING + _bare(folder / "public", own)) as bare,
            ):
                yield {"nginx": theirs, "bare nginx": bare, "syndicate": port}
    finally:
        os.sched_setaffinity(0, everywhere)


def _bare(root: Path, port: int) -> str:
    return f"""
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100;
    types {{ application/atom+xml atom; }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
        brotli_static on;
        add_header Cache-Control "public, max-age=1800";
        add_header Vary Accept-Encoding;
        add_header X-Content-Type-Options nosniff;
        add_header Link '<https://example.com/feed.atom>; rel="self"';
    }}
    """


def _asked(port: int) -> dict[str, dict[str, str]]:
    """Return the headers for each answer wanted, and insist that it is what comes."""
    accept = {"Accept-Encoding": "br, gzip"}
    with urlopen(Request(f"http://127.0.0.1:{port}/{_PATH}", headers=accept)) as answer:
        assert answer.headers["content-encoding"] == "br"
        assert len(answer.read()) == _SIZE
        return {"200": accept, "304": {**accept, "If-None-Match": answer.headers["etag"]}}


def _load(port: int, headers: dict[str, str], seconds: int) -> float:
    """Return the answers a second."""
    named = [f"-H{name}: {value}" for name, value in headers.items()]
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", *named]
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/{_PATH}"],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, _LOAD),
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    assert "Socket errors" not in done.stdout, done.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert rate, done.stdout
    return float(rate[1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
