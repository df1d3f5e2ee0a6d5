"""A reader's whole way through the pages and letters: in a browser, without scripts, in both languages."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import create_engine, text

from tests.acceptance.pages import series, write
from tests.acceptance.program import Daemon, Program, wait_for
from tests.readers.test_browser import CHROMIUM, FLAGS
from tests.smtp import Recorder
from tests.web.reader import path_of

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = os.environ.get(
    "SYNDICATE_PICTURES"
)  # a folder: the pages are kept there to be looked at
WORST = {"serious", "critical"}
OWN = {"sending", "poll"}  # tables where the daemon itself writes numbers now and then
NETWORKS = (f"198.51.{number}.1" for number in range(100))

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt: chromium)"),
    pytest.mark.skipif(
        not AXE.is_file() and not os.environ.get("CI"),
        reason="tests/node is not installed: cd tests/node; npm install --no-package-lock --ignore-scripts",
    ),
]


@dataclass
class Post:
    """A running daemon, and the mail server that its letters go to."""

    program: Program
    daemon: Daemon
    server: Recorder

    def letter(self, to: str, number: int) -> Any:
        """The n-th letter to an address, from 1."""

        def letters() -> list[bytes]:
            return [one.data for one in self.server.letters if one.recipient == to]

        wait_for(lambda: len(letters()) >= number, self.daemon.said)
        return message_from_bytes(letters()[number - 1], policy=policy.default)

    def table(self, query: str) -> list[tuple[Any, ...]]:
        engine = create_engine(f"sqlite:///{self.program.folder / 'syndicate.db'}")
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return rows


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    folder = tmp_path_factory.mktemp("walk") / "news"
    program = Program(folder)
    program("init", "--language", "en")
    write(folder / "content", series())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with Recorder() as server:
        environment = {
            "SYNDICATE_WEB__PORT": port,
            "SYNDICATE_PUBLICATION__BASE_URL": f"http://127.0.0.1:{port}",
            "SYNDICATE_PUBLICATION__TITLE": "Atlas",
            "SYNDICATE_MAIL__TRANSPORT": "smtp",
            "SYNDICATE_MAIL__HOST": server.host,
            "SYNDICATE_MAIL__PORT": str(server.port),
            "SYNDICATE_MAIL__STARTTLS": "false",
            "SYNDICATE_WEB__TRUSTED_PROXIES": '["127.0.0.1/32"]',
        }
        with program.daemon(**environment) as daemon:
            listed = folder / "public" / "series" / "index.html"
            wait_for(listed.is_file, daemon.said)
            yield Post(program, daemon, server)


def look(page_: Page, width: int, name: str) -> None:
    """Nothing is wider than the screen, axe finds nothing serious, and a picture is kept if asked for."""
    assert page_.evaluate("document.documentElement.scrollWidth") <= width, name
    page_.evaluate(AXE.read_text("utf-8"))
    found = page_.evaluate("axe.run(document, {resultTypes: ['violations']})")
    worst = [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in WORST
    ]
    assert worst == [], name
    if PICTURES:
        page_.screenshot(
            path=Path(PICTURES) / f"{name}.jpeg", type="jpeg", quality=70, full_page=True
        )


WORDS = {
    "en": ("Subscribe", "Confirm the subscription", "Save", "Unsubscribe", "Please confirm"),
    "ja": ("購読する", "登録を確定する", "保存する", "配信を停止する", "登録のご確認"),
}


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_reader_subscribes_confirms_chooses_and_leaves(
    browser: Browser, post: Post, language: str, width: int
) -> None:
    subscribe, confirm, save, leave, asking = WORDS[language]
    reader = f"reader-{language}-{width}@example.com"
    context = browser.new_context(
        locale=f"{language}-{'JP' if language == 'ja' else 'GB'}",
        java_script_enabled=True,
        viewport={"width": width, "height": 800},
    )
    view = context.new_page()

    def seen(name: str) -> None:
        look(view, width, f"{name}-{language}-{width}")

    view.goto(f"{post.daemon.address}/subscribe")
    seen("subscribe")
    view.keyboard.press("Tab")
    view.locator("#email").press_sequentially(
        reader, delay=60
    )  # as fast as people type, not faster
    with view.expect_navigation():
        view.get_by_role("button", name=subscribe).click()
    assert view.locator("input[name=email]").count() == 0, view.content()
    seen("check-mail")
    letter = post.letter(reader, 1)
    assert asking in letter["Subject"]
    view.goto(post.daemon.address + path_of(letter, "confirm"))
    seen("confirm")
    with view.expect_navigation():
        view.get_by_role("button", name=confirm).click()
    seen("confirmed")
    welcome = post.letter(reader, 2)
    view.goto(post.daemon.address + path_of(welcome, "preferences"))
    seen("preferences")
    view.locator("#cadence-weekly").check()
    view.locator("#hour").select_option("8")
    with view.expect_navigation():
        view.get_by_role("button", name=save).click()
    assert view.locator("[role=status]").count() == 1
    assert view.locator("#cadence-weekly").is_checked()
    assert view.locator("#hour").input_value() == "8"
    view.goto(post.daemon.address + path_of(welcome, "u"))
    seen("unsubscribe")
    with view.expect_navigation():
        view.get_by_role("button", name=leave).click()
    seen("unsubscribed")
    context.close()
    query = f"SELECT state FROM subscription s JOIN subscriber p ON p.id = s.subscriber WHERE address = '{reader}'"  # noqa: E501
    assert post.table(query) == [("left",)]
    assert len([one for one in post.server.letters if one.recipient == reader]) == 2


@dataclass
class Visit:
    """A reader at a screen: each page that is looked at is judged."""

    view: Page
    post: Post
    language: str
    width: int

    def go(self, path: str) -> None:
        self.view.goto(self.post.daemon.address + path)

    def press(self, selector: str) -> None:
        with self.view.expect_navigation():
            self.view.locator(selector).click()

    def seen(self, name: str) -> None:
        look(self.view, self.width, f"{name}-{self.language}-{self.width}")

    def join(self, reader: str, path: str = "/subscribe") -> str:
        """Subscribe and confirm; the path of the reader's settings."""
        self.go(path)
        self.seen(path.partition("?")[2].partition("=")[0] or path.strip("/"))
        self.view.locator("#email").press_sequentially(reader, delay=60)
        self.press("main form button")
        self.go(path_of(self.post.letter(reader, 1), "confirm"))
        self.press("main form button")
        return path_of(self.post.letter(reader, 2), "preferences")


@pytest.fixture(params=[("en", 1280), ("ja", 375)], ids=lambda one: one[0])
def visit(request: pytest.FixtureRequest, browser: Browser, post: Post) -> Iterator[Visit]:
    language, width = request.param
    place = "JP" if language == "ja" else "GB"
    context = browser.new_context(
        locale=f"{language}-{place}",
        viewport={"width": width, "height": 800},
        extra_http_headers={"X-Forwarded-For": next(NETWORKS)},  # each at home in its own
    )
    yield Visit(context.new_page(), post, language, width)
    context.close()


def test_a_reader_of_one_series_makes_a_feed_and_moves_to_another_address(visit: Visit) -> None:
    reader, new = (f"{name}-{visit.language}@example.com" for name in ("series", "moved"))
    visit.go("/series/index.html")
    visit.press("main a[href*='series/']")
    visit.seen("a-series")
    link = visit.view.locator("a[href*='subscribe?series=']").first.get_attribute("href") or ""
    settings = visit.join(reader, f"/subscribe?{urlsplit(link).query}")
    visit.go(settings)
    assert visit.view.locator("input[name=series]:checked").count() == 1
    visit.press("button[value=feed]")
    visit.seen("preferences-feed")
    feed = visit.view.locator("ul.feeds a").first.get_attribute("href") or ""
    answer = visit.view.request.get(feed)
    assert (answer.status, answer.headers["x-robots-tag"]) == (200, "noindex")
    visit.press("button[value=account]")
    visit.seen("link-sent")
    account = path_of(visit.post.letter(reader, 3), "account")
    visit.go(account)
    visit.seen("account")
    copy = visit.view.request.get(f"{visit.post.daemon.address}{account}/copy").json()
    assert copy["subscriber"]["address"] == reader
    box = visit.view.locator("input[name=email]")
    box.evaluate("box => box.type = 'text'")  # as an old browser has it, which checks nothing
    box.fill("読者@example.com")
    visit.press("button[value=move]")
    assert visit.view.locator("[aria-invalid=true]").count() == 1
    visit.seen("account-wrong")
    visit.view.locator("input[name=email]").fill(new)
    visit.press("button[value=move]")
    visit.seen("move-sent")
    visit.go(path_of(visit.post.letter(new, 1), "confirm"))
    visit.seen("confirm-move")
    visit.press("main form button")
    visit.seen("moved")
    visit.go(account)
    visit.seen("refused-link")
    assert [one["address"] for one in visit.post.program.json("subscribers", "list")].count(new)


def test_a_reader_comes_back_and_has_everything_erased(visit: Visit) -> None:
    reader = f"erased-{visit.language}@example.com"
    settings = visit.join(reader)
    visit.go(path_of(visit.post.letter(reader, 2), "u"))
    visit.press("main form button")
    visit.press("main form button")
    visit.seen("returned")
    visit.go(settings)
    visit.press("button[value=account]")
    visit.go(path_of(visit.post.letter(reader, 3), "account"))
    visit.press("button[value=erase]")
    visit.seen("account-unsure")
    visit.view.locator("input[name=sure]").check()
    visit.press("button[value=erase]")
    visit.seen("erased")
    visit.go(settings)
    visit.seen("erased-link")
    query = "SELECT COUNT(*) FROM subscriber WHERE address = '{}' OR language = ''"
    assert visit.post.table(query.format(reader)) != [(0,)]
    shown = visit.post.program("subscribers", "show", reader).stdout
    assert "suppressed since" in shown
    assert "no subscription" in shown


def test_a_form_in_a_frame_of_another_site_asks_and_answers_there(
    visit: Visit, tmp_path: Path
) -> None:
    frame = f'<iframe src="{visit.post.daemon.address}/embed" width="320" height="600"></iframe>'
    (tmp_path / "index.html").write_text(f"<h1>Another site</h1>{frame}", encoding="utf-8")
    serve = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as other:
        Thread(target=other.serve_forever).start()
        visit.view.goto(f"http://127.0.0.1:{other.server_port}/")
        other.shutdown()
    inner = visit.view.frame_locator("iframe")
    reader = f"framed-{visit.language}@example.com"
    inner.locator("#email").press_sequentially(reader, delay=60)
    inner.locator("form button").click()
    inner.locator("#email").wait_for(state="detached")
    assert visit.post.letter(reader, 1)["To"] == reader
    visit.go("/embed")
    visit.seen("embed")


def test_the_same_way_is_open_without_scripts_and_by_keyboard_alone(
    browser: Browser, post: Post
) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    view = context.new_page()
    view.goto(f"{post.daemon.address}/subscribe")
    view.locator("#email").focus()
    view.keyboard.type("keys@example.com", delay=90)
    with view.expect_navigation():
        view.keyboard.press("Enter")
    letter = post.letter("keys@example.com", 1)
    view.goto(post.daemon.address + path_of(letter, "confirm"))
    view.locator("main button").focus()
    with view.expect_navigation():
        view.keyboard.press("Enter")
    assert "You are subscribed" in (view.text_content("h1") or "")
    context.close()


def test_a_crawler_that_follows_every_link_changes_no_row(browser: Browser, post: Post) -> None:
    """GET and HEAD of all that letters and pages lead to, as link scanners do."""
    context = browser.new_context(locale="en-GB")
    view = context.new_page()
    view.goto(f"{post.daemon.address}/subscribe")
    view.locator("#email").press_sequentially("crawled@example.com", delay=60)
    with view.expect_navigation():
        view.get_by_role("button", name="Subscribe").click()
    letter = post.letter("crawled@example.com", 1)
    view.goto(post.daemon.address + path_of(letter, "confirm"))
    with view.expect_navigation():
        view.get_by_role("button").click()
    welcome = post.letter("crawled@example.com", 2)
    starts = [path_of(welcome, "preferences"), path_of(welcome, "u"), path_of(letter, "confirm")]
    wait_for(lambda: not _open_letters(post), post.daemon.said)
    tables = [
        name
        for (name,) in post.table("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith("sqlite_") and name not in OWN
    ]
    before = {name: post.table(f"SELECT * FROM {name}") for name in tables}
    waiting, done = [*starts, "/subscribe", "/embed", "/"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in done or len(done) > 200:
            continue
        done.add(path)
        answer = context.request.head(post.daemon.address + path)
        assert answer.status < 500, path
        view.goto(post.daemon.address + path)
        links = view.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
        here = [urlsplit(one) for one in links if one.startswith(post.daemon.address)]
        waiting += [f"{one.path}?{one.query}" if one.query else one.path for one in here]
    context.close()
    assert len(done) > 10
    assert {name: post.table(f"SELECT * FROM {name}") for name in tables} == before


def _open_letters(post: Post) -> bool:
    return bool(post.table("SELECT 1 FROM delivery WHERE state IN ('pending', 'sending')"))
