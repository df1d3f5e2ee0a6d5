"""Watching a real run from outside: log, metrics, health, progress, status."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.acceptance.pages import series, write
from tests.acceptance.program import Program, wait_for
from tests.smtp import Recorder

DOMAINS = ("gmail.com", "docomo.ne.jp", "taro-yamada.example")
READERS = [f"secret{n}@{domain}" for n in range(8) for domain in DOMAINS]
DEFERRED = READERS[0]
REFUSED = READERS[1]


def ready(syndicate: Program, tmp_path: Path) -> None:
    write(syndicate.folder / "content", series())
    syndicate("build")
    people = tmp_path / "people.csv"
    people.write_text("email\n" + "\n".join(READERS) + "\n", encoding="utf-8")
    syndicate("subscribers", "import", people, "--newsletter", "digest", "--confirmed")


def script(phase: str, address: str, _nth: int) -> str | None:
    if phase == "rcpt" and address == DEFERRED:
        return f"450 4.2.0 <{address}>: come again, {address}"
    if phase == "rcpt" and address == REFUSED:
        return f"550 5.1.1 <{address}>: no such user {address}"
    return None


def by_smtp(syndicate: Program, server: Recorder) -> Program:
    mail = {
        "SYNDICATE_MAIL__TRANSPORT": "smtp",
        "SYNDICATE_MAIL__HOST": server.host,
        "SYNDICATE_MAIL__PORT": str(server.port),
        "SYNDICATE_MAIL__STARTTLS": "false",
        "SYNDICATE_LOG__LEVEL": "debug",
    }
    return Program(syndicate.folder, {**syndicate.environment, **mail})


def values(body: bytes) -> Mapping[str, float]:
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def assert_names_nobody(text: str) -> None:
    assert not re.search(r"secret\d", text)
    assert "yamada" not in text


def test_a_run_can_be_watched_and_nothing_in_it_names_a_reader(
    syndicate: Program, tmp_path: Path
) -> None:
    ready(syndicate, tmp_path)
    with Recorder(script) as server:
        program = by_smtp(syndicate, server)
        program("editions", "cut", "digest")
        with program.daemon(SYNDICATE_LOG__FORMAT="json") as daemon:
            wait_for(lambda: len(server.letters) == len(READERS) - 2, daemon.said)
            wait_for(
                lambda: values(daemon.get("/metrics")[2])["syndicate_letters_waiting"] == 1,
                daemon.said,
            )
            status, _, health = daemon.get("/healthz")
            _, headers, metrics = daemon.get("/metrics")
            assert daemon.get("/metrics", **{"X-Forwarded-For": "192.0.2.1"})[0] == 404
            shown = program.json("status")
            told = program("status").stdout
            assert daemon.terminate() == 0
        log = daemon.said()
    assert status == 200
    assert json.loads(health)["checks"] == {"database": "ok", "planner": "ok", "sending": "on"}
    found = values(metrics)
    assert headers["content-type"].startswith("text/plain")
    assert found['syndicate_deliveries{edition="digest/1",state="sent"}'] == len(READERS) - 2
    assert found['syndicate_deliveries{edition="digest/1",state="failed"}'] == 1
    sent = 'syndicate_attempts_total{group="%s",outcome="sent"}'
    assert sum(found[sent % group] for group in ("gmail", "docomo", "other")) == len(READERS) - 2
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["event"] for line in lines} >= {
        "daemon.ready",
        "delivery.sent",
        "delivery.failed",
        "delivery.deferred",
        "daemon.ended",
    }
    handles = {line["reader"] for line in lines if line["event"] == "delivery.sent"}
    assert len(handles) == len(READERS) - 2
    (one,) = shown["editions"]
    assert (one["sent"], one["failed"], one["deferred"]) == (len(READERS) - 2, 1, 1)
    assert set(one["groups"]) == {"gmail", "docomo", "other"}
    for text in (log, metrics.decode(), health.decode(), json.dumps(shown), told):
        assert_names_nobody(text)


def test_a_delivery_reports_its_speed_by_provider_and_names_nobody(
    syndicate: Program, tmp_path: Path
) -> None:
    ready(syndicate, tmp_path)
    with Recorder(script) as server:
        program = by_smtp(syndicate, server)
        program("editions", "cut", "digest")
        done = program("deliver", "--json")
    report = json.loads(done.stdout)
    assert (report["sent"], report["failed"]) == (len(READERS) - 2, 1)
    assert report["rate"] > 0
    assert report["seconds"] > 0
    sent = {group: counts["sent"] for group, counts in report["groups"].items()}
    assert sent == {"gmail": 7, "docomo": 7, "other": 8}
    assert_names_nobody(done.stdout + done.stderr)


def test_the_log_is_text_unless_asked_otherwise(syndicate: Program) -> None:
    with syndicate.daemon() as daemon:
        assert daemon.terminate() == 0
    assert re.search(r"^\S+ info    daemon\.ready address=", daemon.said(), re.MULTILINE)


def test_status_says_when_nothing_is_sent(syndicate: Program) -> None:
    assert syndicate("status", "--watch").stdout == "No edition is being sent.\n"
    assert syndicate.json("status")["editions"] == []


def test_what_cannot_be_printed_is_one_line_on_stderr(syndicate: Program) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            syndicate.command("status"),
            env=syndicate.variables(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    said = "syndicate: standard output cannot be written (No space left on device).\n"
    assert (done.returncode, done.stderr) == (1, said)
