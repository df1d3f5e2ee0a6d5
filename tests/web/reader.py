"""A reader with a browser, and what the program's own pages answer; letters go to a folder."""

import base64
import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio
from msgspec.structs import replace

from syndicate.cli import building, work
from syndicate.cli.setup import make_publication, new_settings
from syndicate.services import Services, open_services
from syndicate.web import application
from tests.acceptance.pages import FIRST, page, write
from tests.conftest import NOW


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def shown(self) -> str:
        """The signed time of the form on the page."""
        found = re.search(r'name="shown" value="([^"]+)"', self.text)
        assert found, self.text
        return found[1]


@dataclass
class Site:
    """A publication whose clock is the test's."""

    folder: Path
    now: Any = NOW
    peer: str = "192.0.2.1"
    language: str = "en"

    def __post_init__(self) -> None:
        if not self.folder.exists():
            make_publication(self.folder, new_settings("content"))
            write(self.folder / "content", {"a.txt": page(FIRST)})
        self.services: Services = replace(open_services(self.folder), clock=lambda: self.now)
        building.build(self.services)
        self.app = application(self.services)

    def close(self) -> None:
        self.services.store.close()

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        given = {"host": "127.0.0.1:8000", "accept-language": self.language, **(headers or {})}
        return anyio.run(_ask, self.app, method, path, body, given, self.peer)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, **fields: str) -> Answer:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), kind)

    def sign_up(self, address: str, path: str = "/subscribe", **fields: str) -> Answer:
        """Fill in the form as a person does."""
        shown = self.get(path).shown
        self.pass_time(seconds=5)
        return self.post(path.partition("?")[0], email=address, shown=shown, **fields)

    def mail(self) -> list[EmailMessage]:
        """Answer requests, send what is due, and return the letters that left now, in order."""
        box = self.folder / "mail" / "new"
        before = set(box.iterdir()) if box.exists() else set()
        work.send(self.services)
        new = (set(box.iterdir()) if box.exists() else set()) - before
        return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in sorted(new)]

    def join(self, address: str, **fields: str) -> dict[str, str]:
        """Sign up and confirm; the links of the welcome letter."""
        self.sign_up(address, **fields)
        (letter,) = self.mail()
        assert self.post(path_of(letter, "confirm")).status == 200
        (welcome,) = self.mail()
        return {name: path_of(welcome, name) for name in ("preferences", "u")}


def words(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def path_of(letter: EmailMessage, page_name: str) -> str:
    """The path of the link in a letter that leads to one of our pages."""
    found = re.search(rf"http://\S+/{page_name}/\S+", words(letter))
    assert found, words(letter)
    return urlsplit(found[0]).path


def flipped(token: str) -> list[str]:
    """A token with each of its bits changed in turn."""
    raw = base64.urlsafe_b64decode(token)
    return [
        base64.urlsafe_b64encode(
            raw[:place] + bytes([raw[place] ^ (1 << bit)]) + raw[place + 1 :]
        ).decode()
        for place in range(len(raw))
        for bit in range(8)
    ]


async def _ask(
    app: Any, method: str, path: str, body: bytes, headers: dict[str, str], peer: str
) -> Answer:
    answer = Answer()
    place, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": place,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (peer, 40000),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "root_path": "",
    }
    bodies = [body[at : at + 4096] for at in range(0, max(len(body), 1), 4096)]

    async def receive() -> MutableMapping[str, Any]:
        if not bodies:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": bodies.pop(0), "more_body": bool(bodies)}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
