import json
import signal
import socket
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.acceptance.pages import FIRST, SECOND, page, series, write
from tests.acceptance.program import Daemon, Program, wait_for


def titles(daemon: Daemon) -> list[str]:
    status, _, body = daemon.get("/feed.json")
    return [item["title"] for item in json.loads(body)["items"]] if status == 200 else []


def letters(syndicate: Program) -> list[Path]:
    folder = syndicate.folder / "mail" / "new"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def seconds_until_after_seven() -> int:
    """How far off the next 07:01 UTC is: one minute after the digest's slot."""
    now = datetime.now(UTC)
    slot = now.replace(hour=7, minute=1, second=0, microsecond=0)
    return int((slot + timedelta(days=slot <= now) - now).total_seconds()) + 1


def subscribe(syndicate: Program, *addresses: str) -> None:
    for address in addresses:
        syndicate("subscribers", "add", address, "--newsletter", "digest", "--confirmed")


def test_a_page_put_in_while_it_runs_is_in_the_feeds_and_sigterm_ends_it_cleanly(
    syndicate: Program,
) -> None:
    with syndicate.daemon() as daemon:
        write(syndicate.folder / "content", {"b.txt": page(FIRST)})
        wait_for(lambda: titles(daemon) == [FIRST], daemon.said)
        status, headers, body = daemon.get("/feed.atom")
        assert (status, headers["content-type"]) == (200, "application/atom+xml")
        assert FIRST.encode() in body
        status, _, _ = daemon.get("/feed.atom", **{"If-None-Match": headers["etag"]})
        assert status == 304
        assert daemon.get("/feed.json")[1]["content-type"] == "application/feed+json"
        assert daemon.get("/feed.rss")[1]["content-type"] == "application/rss+xml"
        assert daemon.get("/healthz")[0] == 200
        assert daemon.get("/nothing")[0] == 404
        assert daemon.terminate() == 0
    assert "Traceback" not in daemon.said()


def test_killed_at_once_after_a_page_came_it_loses_and_doubles_nothing(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    with syndicate.daemon() as daemon:
        wait_for(lambda: len(titles(daemon)) == 3, daemon.said)
        write(syndicate.folder / "content", {"d.txt": page("別の話")})
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
    with syndicate.daemon() as daemon:
        wait_for(lambda: len(titles(daemon)) == 4, daemon.said)
        assert daemon.terminate() == 0
    assert len(syndicate.json("articles", "list")) == 4


def test_the_digest_goes_out_at_its_slot_once(syndicate: Program) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    subscribe(syndicate, "a@example.com", "b@example.com")
    later = str(seconds_until_after_seven())
    with syndicate.daemon(SYNDICATE_CLOCK_SHIFT=later) as daemon:
        wait_for(lambda: len(letters(syndicate)) == 2, daemon.said)
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
    with syndicate.daemon(SYNDICATE_CLOCK_SHIFT=later) as daemon:
        wait_for(lambda: "daemon.ready" in daemon.said())
        status, _, _ = daemon.get("/editions/digest/1/")
        assert status == 200
        assert daemon.terminate() == 0
    (edition,) = syndicate.json("editions", "list")
    assert edition["frozen"] == 2
    assert len(letters(syndicate)) == 2


def test_a_second_sender_ends_at_once_and_names_the_first(syndicate: Program) -> None:
    with syndicate.daemon() as daemon:
        for command in ("run", "deliver"):
            done = syndicate(command, status=1)
            assert f"process {daemon.process.pid}" in done.stderr
        syndicate("build")
        daemon.process.send_signal(signal.SIGKILL)
        daemon.process.wait()
    syndicate("deliver")


def test_one_click_unsubscribes_and_nothing_else_does(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"b.txt": page(FIRST, SECOND)})
    syndicate("build")
    subscribe(syndicate, "a@example.com", "b@example.com")
    syndicate("editions", "cut", "digest")
    syndicate("deliver")
    letter = next(one for one in letters(syndicate) if b"\nTo: a@example.com\n" in one.read_bytes())
    path = letter.read_text("utf-8").partition("<http://127.0.0.1:8000")[2].partition(">")[0]
    assert path.startswith("/u/")
    with syndicate.daemon() as daemon:
        status, headers, body = daemon.get(path)
        assert status == 200
        assert b'method="post"' in body
        assert headers["cache-control"] == "no-store"
        assert [one["state"] for one in syndicate.json("subscribers", "list")] == [
            "active",
            "active",
        ]
        for _ in range(2):
            status, headers, _ = daemon.post(path, b"List-Unsubscribe=One-Click")
            assert status == 200
            assert "set-cookie" not in headers
            status, _, body = daemon.get(path)  # who has left is told so, and asked nothing
            assert status == 200
            assert f'action="{path}?'.encode() not in body
            assert f'action="{path}/back?'.encode() in body
        assert [one["state"] for one in syndicate.json("subscribers", "list")] == ["left", "active"]
        assert daemon.post(f"{path[:-1]}A", b"")[0] in {200, 404}
        assert daemon.post(f"/u/{'A' * 44}", b"")[0] == 404
    write(syndicate.folder / "content", {"c.txt": page(SECOND)})
    syndicate("build")
    assert syndicate.json("editions", "cut", "digest")["letters"] == 1
    again = syndicate.json(
        "subscribers", "add", "a@example.com", "--newsletter", "digest", "--confirmed"
    )
    assert again["left"] == 1


def test_systemd_is_told_when_it_is_ready_alive_and_ending(
    syndicate: Program, tmp_path: Path
) -> None:
    address = str(tmp_path / "notify")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.bind(address)
        channel.settimeout(30)
        with syndicate.daemon(NOTIFY_SOCKET=address) as daemon:
            said = {channel.recv(100) for _ in range(4)}
            assert daemon.terminate() == 0
            channel.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    said.add(channel.recv(100))
    assert said == {b"READY=1", b"WATCHDOG=1", b"STOPPING=1"}


def test_a_port_that_is_taken_is_named(syndicate: Program) -> None:
    with syndicate.daemon() as daemon:
        port = daemon.address.rpartition(":")[2]
        elsewhere = syndicate.folder.with_name("other")
        other = Program(elsewhere, {"SYNDICATE_WEB__PORT": port})
        other("init")
        assert f"127.0.0.1:{port} cannot be bound" in other("run", status=1).stderr


def test_who_asked_for_feeds_is_counted_when_the_daemon_ends(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("build")
    assert syndicate.json("feeds", "stats") == []
    with syndicate.daemon() as daemon:
        agent = {"User-Agent": "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 3 subscribers)"}
        _, headers, _ = daemon.get("/feed.atom", **agent)
        assert daemon.get("/feed.atom", **agent, **{"If-None-Match": headers["etag"]})[0] == 304
        assert daemon.terminate() == 0
    (day,) = syndicate.json("feeds", "stats")
    assert (day["feed"], day["polls"], day["share"], day["subscribers"]) == ("feed.atom", 2, 0.5, 3)
    assert day["readers"] == [{"family": "Feedly", "polls": 2, "unchanged": 1, "subscribers": 3}]
    assert "Feedly 2" in syndicate("feeds", "stats").stdout
