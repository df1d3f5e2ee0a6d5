"""A feed in a real reader."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.program import Daemon

NEWSBOAT = shutil.which("newsboat")

pytestmark = pytest.mark.skipif(
    NEWSBOAT is None, reason="newsboat is not installed (apt: newsboat)"
)


def poll(folder: Path, address: str) -> list[tuple[str, str, str]]:
    """Let newsboat reload one feed; its entries as (id, title, link)."""
    (folder / "urls").write_text(f"{address}\n", encoding="utf-8")
    (folder / "config").touch()
    paths = [
        "-u",
        str(folder / "urls"),
        "-C",
        str(folder / "config"),
        "-c",
        str(folder / "cache.db"),
    ]
    subprocess.run([str(NEWSBOAT), *paths, "-x", "reload"], check=True, timeout=60)
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        rows = cache.execute("SELECT guid, title, url FROM rss_item ORDER BY pubDate DESC, id")
        return [(guid, title, url) for guid, title, url in rows]


def test_newsboat_reads_the_same_entries_in_atom_and_rss(daemon: Daemon, tmp_path: Path) -> None:
    found = {}
    for ending in ("atom", "rss"):
        folder = tmp_path / ending
        folder.mkdir()
        found[ending] = poll(folder, f"{daemon.address}/feed.{ending}")
    assert len(found["atom"]) == 4
    assert sorted(found["atom"]) == sorted(found["rss"])
    assert all(guid.startswith("tag:127.0.0.1,") for guid, _, _ in found["atom"])


def test_a_second_poll_brings_nothing_new(daemon: Daemon, tmp_path: Path) -> None:
    first = poll(tmp_path, f"{daemon.address}/feed.atom")
    assert poll(tmp_path, f"{daemon.address}/feed.atom") == first
