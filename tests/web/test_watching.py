import json
from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.answer import answer
from syndicate.jobs.signup import Wish, sign_up
from syndicate.model import Event, silent
from syndicate.services import Services, open_services
from syndicate.store import control
from syndicate.web import Metrics, Vitals, application
from tests.conftest import NOW
from tests.web.test_files import Answer
from tests.world import World

LOCAL = "127.0.0.1"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    make_publication(tmp_path / "a", new_settings("content"))
    opened = replace(open_services(tmp_path / "a"), clock=lambda: NOW)
    yield opened
    opened.store.close()


def ask(app: Any, path: str, peer: str = LOCAL, **headers: str) -> Answer:
    return anyio.run(_ask, app, path, peer, headers)


async def _ask(app: Any, path: str, peer: str, headers: dict[str, str]) -> Answer:
    answer = Answer()
    raw = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": raw,
        "client": (peer, 40000),
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer


def health(services: Services, quiet: float = 0.0, *, held: bool = False) -> tuple[int, Any]:
    answer = ask(application(services, Vitals(lambda: quiet, lambda: held)), "/healthz")
    return answer.status, json.loads(answer.body)


def test_a_daemon_that_works_is_well(services: Services) -> None:
    checks = {"database": "ok", "planner": "ok", "sending": "on"}
    assert health(services) == (200, {"status": "ok", "checks": checks})


def test_held_and_paused_sending_are_told_and_no_failure(services: Services) -> None:
    status, record = health(services, held=True)
    assert (status, record["checks"]["sending"]) == (200, "held")
    world = World(services.store)
    world.publish("A")
    world.join("a@example.com")
    world.cut()
    with services.store.write() as tx:
        tx.execute(text("UPDATE edition SET state = 'paused'"))
    status, record = health(services)
    assert (status, record["checks"]["sending"]) == (200, "paused: digest/1")


def test_a_planner_that_hangs_is_a_failure_with_its_reason(services: Services) -> None:
    status, record = health(services, quiet=61)
    assert (status, record["status"]) == (503, "failing")
    assert "no life for 61 seconds" in record["reason"]


def test_a_database_that_does_not_answer_is_a_failure_with_its_reason(services: Services) -> None:
    with services.store.write() as tx:
        tx.execute(text("ALTER TABLE edition RENAME TO gone"))
    status, record = health(services)
    assert status == 503
    assert record["reason"].startswith("The database does not answer (OperationalError)")
    assert str(services.folder) not in json.dumps(record)


def samples(services: Services, *events: Event) -> dict[str, float]:
    metrics = Metrics(services)
    tell = metrics.hearing(lambda _event: None)
    for event in events:
        tell(event)
    answer = ask(application(services, metrics=metrics), "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in answer.body.decode().splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_what_is_told_is_counted_under_few_labels(services: Services) -> None:
    found = samples(
        services,
        *(Event("delivery.sent", {"lane": f"d-{n}"}, "debug") for n in range(20)),
        Event("delivery.deferred", {"lane": "gmail"}, "warning"),
        Event("delivery.failed", {}, "warning"),
        Event("file.written", {"path": "series/潮汐/feed.atom"}, "debug"),
        Event("file.written", {"path": "index.html"}, "debug"),
        Event("publication.published", {"written": 2, "removed": 0}),
        Event("breaker.tripped", {"edition": "digest/1", "reason": "x"}, "error"),
    )
    assert found['syndicate_attempts_total{group="other",outcome="sent"}'] == 20
    assert found['syndicate_attempts_total{group="gmail",outcome="deferred"}'] == 1
    assert found['syndicate_attempts_total{group="other",outcome="failed"}'] == 1
    assert found['syndicate_attempts_total{group="docomo",outcome="sent"}'] == 0
    assert found['syndicate_feeds_published_total{format="atom"}'] == 1
    assert found["syndicate_files_published_total"] == 2
    assert found["syndicate_breaker_trips_total"] == 1
    assert found["syndicate_last_publish_timestamp_seconds"] == NOW.timestamp()
    assert found['syndicate_problems_total{event="delivery.deferred"}'] == 1


def test_gauges_say_what_the_store_holds(services: Services) -> None:
    world = World(services.store, now=NOW)
    world.publish("A")
    world.join("a@example.com", "b@example.com", "c@gmail.com")
    world.cut()
    later = replace(services, clock=lambda: world.now)
    world.pass_time(seconds=90)
    found = samples(later)
    assert found['syndicate_deliveries{edition="digest/1",state="pending"}'] == 3
    assert found['syndicate_deliveries{edition="digest/1",state="sent"}'] == 0
    assert found["syndicate_letters_waiting"] == 3
    assert found["syndicate_oldest_waiting_seconds"] == 90
    assert found["syndicate_letters_per_second"] == 0
    assert found["syndicate_sending_held"] == 0
    assert found['syndicate_edition_paused{edition="digest/1"}'] == 0
    assert found['syndicate_next_slot_timestamp_seconds{newsletter="digest"}'] > NOW.timestamp()
    world.send()
    found = samples(later)
    assert not [name for name in found if name.startswith("syndicate_deliveries{")] or (
        found['syndicate_deliveries{edition="digest/1",state="sent"}'] == 3
    )
    assert found["syndicate_letters_waiting"] == 0
    assert found["syndicate_letters_per_second"] == 3 / 60


def test_while_all_sending_is_paused_no_letter_is_late(services: Services) -> None:
    world = World(services.store)
    world.publish("one")
    world.join("a@example.com")
    world.cut()
    with services.store.write() as tx:
        tx.execute(text("UPDATE delivery SET not_before = 0"))
    assert samples(services)["syndicate_oldest_waiting_seconds"] > 0
    with services.store.write() as tx:
        control.pause_all(tx, NOW)
    found = samples(services)
    assert found["syndicate_oldest_waiting_seconds"] == 0
    assert found["syndicate_sending_paused"] == 1


def test_a_letter_that_answers_a_request_may_be_the_one_that_waits_longest(
    services: Services,
) -> None:
    wish = Wish("digest", "a@example.com", "en", "192.0.2.1", "subscribe", "v1", "You agree.")
    sign_up(services.store, services.keys, wish, NOW - timedelta(hours=2), silent)
    answer(services.store, services.keys, ["digest"], NOW - timedelta(hours=2), silent)
    assert samples(services)["syndicate_oldest_waiting_seconds"] == 7200


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        (LOCAL, {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        (LOCAL, {"x_forwarded_for": "192.0.2.7"}, 404),
        (LOCAL, {"forwarded": "for=192.0.2.7"}, 404),
        ("unix", {}, 404),
    ],
)
def test_only_this_machine_may_read_metrics_and_nobody_through_a_proxy(
    services: Services, peer: str, headers: dict[str, str], status: int
) -> None:
    app = application(services, metrics=Metrics(services))
    assert ask(app, "/metrics", peer, **headers).status == status


def test_other_machines_may_read_metrics_once_they_are_named(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATE_WEB__METRICS", '["192.0.2.0/24"]')
    named = open_services(services.folder)
    app = application(named, metrics=Metrics(named))
    assert ask(app, "/metrics", "192.0.2.7").status == 200
    assert ask(app, "/metrics").status == 404
    named.store.close()
