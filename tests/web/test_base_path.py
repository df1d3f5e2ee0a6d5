"""A base address with a path, with a proxy that passes it on and with one that strips it."""

from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import anyio
import pytest

from syndicate.cli import building, work
from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.subscribe import Consent, Person, add
from syndicate.services import Services, open_services
from syndicate.store import subscribers
from syndicate.web import application
from tests.acceptance.pages import FIRST, page, write
from tests.web.test_files import Answer


@pytest.fixture(params=["https://example.com/news", "https://example.com/お知らせ/u"])
def services(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Services]:
    make_publication(tmp_path / "a", new_settings("content", base_url=request.param))
    write(tmp_path / "a" / "content", {"a.txt": page(FIRST)})
    opened = open_services(tmp_path / "a")
    building.build(opened)
    yield opened
    opened.store.close()


def ask(services: Services, path: str, method: str = "GET") -> Answer:
    return anyio.run(_ask, services, path, method)


async def _ask(services: Services, path: str, method: str) -> Answer:
    answer = Answer()
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}

    bodies = [b"List-Unsubscribe=One-Click"]

    async def receive() -> MutableMapping[str, Any]:
        if not bodies:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": bodies.pop()}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await application(services)(scope, receive, send)
    return answer


def letter_link(services: Services) -> str:
    """Mail one reader, and return the link of the letter."""
    consent = Consent("test")
    person = Person("a@example.com")
    keys, now = services.keys, services.clock()
    add(services.store, keys, "digest", "en", [(0, person)], consent, now, services.tell)
    assert work.cut_edition(services, services.newsletter("digest")).letters == 1
    assert work.send(services).sent == 1
    (file,) = (services.folder / "mail" / "new").iterdir()
    unfolded = file.read_text("utf-8").replace("\n ", " ")
    return unfolded.partition("List-Unsubscribe: <")[2].partition(">")[0]


def states(services: Services) -> list[str]:
    with services.store.read() as tx:
        return [one.state for one in subscribers.listed(tx, None)]


@pytest.mark.parametrize("strips", [False, True])
def test_one_click_to_the_letters_own_link_unsubscribes(
    services: Services, *, strips: bool
) -> None:
    link = letter_link(services)
    base = services.about.base_url
    assert link.startswith(f"{base}/u/")
    path = unquote(link.removeprefix(base if strips else "https://example.com"))
    asked = ask(services, path)
    assert asked.status == 200
    action = asked.body.decode().partition('action="')[2].partition('"')[0]
    assert action == f"{link.removeprefix('https://example.com')}?lang=en"
    assert states(services) == ["active"]
    assert ask(services, path, "POST").status == 200
    assert states(services) == ["left"]


def test_files_answer_at_the_root_and_below_the_base(services: Services) -> None:
    base = unquote(urlsplit(services.about.base_url).path)
    for place in ("", base):
        assert ask(services, f"{place}/feed.atom").status == 200
        assert ask(services, f"{place}/healthz").status == 200
        assert ask(services, f"{place}/").body == (services.public / "index.html").read_bytes()
        assert ask(services, f"{place}/../secrets.toml").status == 404
        assert ask(services, f"{place}/articles/初めて").status == 404
    (folder,) = (services.public / "articles").iterdir()
    for place in ("", base):
        moved = ask(services, f"{place}/articles/{folder.name}")
        assert moved.status == 308
        assert unquote(moved.headers["location"]) == f"{base}/articles/{folder.name}/"
    assert unquote(ask(services, base).headers["location"]) == f"{base}/"
