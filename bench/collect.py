"""Picking up 10,000 Markdown pages of 2 KB, beside Hugo, Pelican, and reading and hashing them (issue 4).

The peers make one page an article and one feed of 20. We are measured twice: with everything that we make
if nothing is said, and without what can be left out (decision 0037), which is nearest to the peers' work.
Hugo is Debian's; Pelican is put into an environment of its own for the run. A peer that is missing is named
and passed over.

    python -m bench.collect [PAGES]
"""

import compileall
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from threading import Timer

from bench.peers import HUGO_LAYOUTS, HUGO_SETTINGS, PELICAN_SETTINGS, PELICAN_THEME

PAGES = 10_000
_PROGRAM = Path(__file__).parent.parent / "src"
_LONG_AGO = 1_700_000_000
_LIMIT_S = 3600.0
_PATIENCE_S = 120.0
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
_SETTINGS = """
[publication]
title = "Bench"
base_url = "http://127.0.0.1:8000"
language = "en"
"""
_LEAN = f"""{_SETTINGS}
[feeds]
archives = false
[output]
compress = false
"""


def main(count: int) -> None:
    """Measure everything on copies of the same pages, and print the ratios."""
    compileall.compile_dir(_PROGRAM, quiet=1)  # as pip does with what it installs
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        print(f"making {count} pages ...", flush=True)
        for who in ("syndicate", "lean", "hugo", "pelican"):
            pages(made / who / "content", count)
        bare = _timed(lambda: _read_and_hash(made / "syndicate" / "content"))
        print(f"{'reading and hashing':36} {bare:8.2f} s", flush=True)
        ours = _syndicate("everything", made / "syndicate", _SETTINGS)
        ours["daemon"] = _daemon(made / "syndicate")
        lean = _syndicate("as the peers", made / "lean", _LEAN)
        hugo = _hugo(made / "hugo")
        pelican = _pelican(made / "pelican")
    for which, found in (("everything", ours), ("as the peers", lean)):
        _ratio(f"{which}, full / reading and hashing", found, {"full": bare}, "full")
        _ratio(f"{which}, full / Hugo (wanted: 1.5)", found, hugo, "full")
        _ratio(f"{which}, full / Pelican (wanted: 0.5)", found, pelican, "full")
        _ratio(f"{which}, one changed / Hugo (wanted: 0.35)", found, hugo, "one")
        _ratio(f"{which}, one changed / Pelican, cached (wanted: 0.1)", found, pelican, "one")
    _ratio("daemon / Hugo's server (wanted: 2, and 0.15 s)", ours, hugo, "daemon")


def pages(to: Path, count: int) -> None:
    """Write the pages; they are old enough to be at rest."""
    to.mkdir(parents=True)
    for number in range(count):
        path = to / f"page-{number:06}.md"
        path.write_text(_page(number), encoding="utf-8")
        os.utime(path, (_LONG_AGO, _LONG_AGO))


def _page(number: int, more: str = "") -> str:
    words = " ".join(f"word{(number * 7919 + n * 104_729) % 9973}" for n in range(20))
    texts = "\n\n".join(
        f"Paragraph {n} of page {number}. {words}, with *emphasis* and "
        f"[a link](https://example.org/{number}/{n})."
        for n in range(8)
    )
    return (
        f"---\ntitle: Page number {number} of the garden\n"
        f"date: 2024-01-{number % 28 + 1:02}T{number % 24:02}:00:00Z\n---\n\n"
        f"{texts}\n\n## Heading\n\nThe end.{more}\n"
    )


def _syndicate(which: str, folder: Path, settings: str) -> dict[str, float]:
    (folder / "syndicate.toml").write_text(settings, encoding="utf-8")
    _run(_command(folder, "init"), folder)
    return _measured(f"syndicate, {which}", _command(folder, "build"), folder)


def _daemon(folder: Path) -> float:
    log = folder / "daemon.log"
    return _followed(
        "syndicate, everything",
        _command(folder, "run"),
        folder,
        lambda: b"daemon.ready" in log.read_bytes(),
        folder / "public" / "feed.rss",
    )


def _command(folder: Path, verb: str) -> list[str]:
    return [sys.executable, "-m", "syndicate", "-C", str(folder), verb]


def _hugo(folder: Path) -> dict[str, float]:
    if not shutil.which("hugo"):
        print("Hugo is not installed (apt-get install hugo): passed over")
        return {}
    (folder / "config.toml").write_text(HUGO_SETTINGS, encoding="utf-8")
    _write(folder / "layouts", HUGO_LAYOUTS)
    found = _measured("Hugo", ["hugo", "--quiet"], folder)
    serve = ["hugo", "server", "--renderToDisk", "--disableLiveReload", "--bind", "127.0.0.1"]
    log = folder / "daemon.log"
    found["daemon"] = _followed(
        "Hugo",
        [*serve, "--port", "1314"],
        folder,
        lambda: b"Press Ctrl+C" in log.read_bytes(),
        folder / "public" / "index.xml",
    )
    return found


def _pelican(folder: Path) -> dict[str, float]:
    try:
        venv.create(folder / "venv", with_pip=True)
        pip = [str(folder / "venv" / "bin" / "pip"), "install", "-qqq", "pelican[markdown]"]
        _run(pip, folder)
    except subprocess.CalledProcessError as error:
        print(f"Pelican cannot be installed ({error}): passed over")
        return {}
    (folder / "settings.py").write_text(PELICAN_SETTINGS, encoding="utf-8")
    _write(folder / "theme", PELICAN_THEME)
    command = [str(folder / "venv" / "bin" / "pelican"), "--settings", "settings.py", "--quiet"]
    return _measured("Pelican", command, folder)


def _measured(who: str, command: Sequence[str], folder: Path) -> dict[str, float]:
    """Run in full, and three times more with one page changed, of which the median counts."""
    full = _timed(lambda: _run(command, folder))
    print(f"{who + ', full':36} {full:8.2f} s, {_megabytes():.0f} MB at most so far", flush=True)
    ones = []
    for turn in range(3):
        _change(folder, turn)
        ones.append(_timed(lambda: _run(command, folder)))
    one = sorted(ones)[1]
    print(f"{who + ', one changed':36} {one:8.2f} s", flush=True)
    return {"full": full, "one": one}


def _change(folder: Path, turn: int) -> None:
    path = folder / "content" / "page-000027.md"  # one of the feed
    path.write_text(_page(27, f" Change {turn}."), encoding="utf-8")
    os.utime(path, (_LONG_AGO + turn + 1, _LONG_AGO + turn + 1))


def _followed(
    who: str, command: Sequence[str], folder: Path, ready: Callable[[], bool], feed: Path
) -> float:
    """Seconds from the write of a new page to the feed on disk that names it; the median of three."""
    with (folder / "daemon.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**_environment(), "SYNDICATE_WEB__PORT": "0"},
        )
    try:
        _await(ready, process)
        times = []
        for turn in range(3):
            title = f"Fresh page {turn}"
            text = _page(0).replace("Page number 0 of the garden", title)
            text = text.replace("2024-01-01T00", f"2025-01-0{turn + 1}T00").replace("word", title)
            begun = time.monotonic()
            (folder / "content" / f"fresh-{turn}.md").write_text(text, encoding="utf-8")
            _await(lambda title=title: title.encode() in feed.read_bytes(), process)  # type: ignore[misc]
            times.append(time.monotonic() - begun)
            time.sleep(3)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_S)
    print(f"{who + ', daemon':36} {sorted(times)[1]:8.2f} s", flush=True)
    return sorted(times)[1]


def _await(what: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            if what():
                return
        except FileNotFoundError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.01)
    raise SystemExit(f"{process.args!r} did not come so far")


def _read_and_hash(folder: Path) -> None:
    for path in folder.iterdir():
        sha256(path.read_bytes()).hexdigest()


def _run(command: Sequence[str], folder: Path) -> None:
    """Run a command to its end, which is seen at once: a wait with a timeout looks every 50 ms."""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, env=_environment()
    ) as process:
        limit = Timer(_LIMIT_S, process.kill)
        limit.start()
        try:
            status = process.wait()
        finally:
            limit.cancel()
    if status:
        raise subprocess.CalledProcessError(status, command)


def _environment() -> dict[str, str]:
    """What is compiled is kept, as for everybody who starts a program twice."""
    return {name: value for name, value in os.environ.items() if name != _UNCOMPILED}


def _timed(work: Callable[[], None]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _ratio(what: str, ours: dict[str, float], theirs: dict[str, float], key: str) -> None:
    if key in theirs:
        print(f"{what:57} {ours[key] / theirs[key]:8.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
