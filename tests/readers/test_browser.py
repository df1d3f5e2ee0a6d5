"""Pages and letters in a real browser, at a phone's width and a desk's, light and dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.acceptance.program import Daemon

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PAPER = """[document.body, document.documentElement]
    .map(one => getComputedStyle(one).backgroundColor).find(one => !one.endsWith(", 0)"))"""

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt: chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def pages(demo: Path) -> list[Path]:
    return [*sorted((demo / "public").rglob("index.html")), demo / "digest-1.html"]


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, demo: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in pages(demo):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


@pytest.mark.parametrize("name", ["public/index.html", "digest-1.html"])
def test_the_dark_scheme_is_dark_and_the_light_one_light(
    browser: Browser, demo: Path, name: str
) -> None:
    def brightness(scheme: Literal["light", "dark"]) -> float:
        page = browser.new_page(color_scheme=scheme)
        page.goto((demo / name).as_uri())
        colour = page.evaluate(PAPER)
        page.close()
        channels = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
        return sum(channels) / 3

    assert brightness("light") > 200
    assert brightness("dark") < 60


def test_every_link_between_pages_leads_to_a_file(browser: Browser, demo: Path) -> None:
    page = browser.new_page()
    for path in pages(demo)[:-1]:
        page.goto(path.as_uri())
        addresses = page.eval_on_selector_all(
            "a[href], link[href]", "all => all.map(one => one.href)"
        )
        inside = [urlsplit(one) for one in addresses if one.startswith("file:")]
        assert inside
        for one in inside:
            assert Path(unquote(one.path)).is_file(), (path, one.path)
    page.close()


def test_a_reader_unsubscribes_with_one_button(
    browser: Browser, daemon: Daemon, demo: Path
) -> None:
    letter = min((demo / "mail" / "new").iterdir()).read_text("utf-8")
    path = letter.partition("<http://127.0.0.1:8000")[2].partition(">")[0]
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(daemon.address + path)
    page.get_by_role("button").click()
    page.wait_for_selector(f'form[action^="{path}/back"]')
    assert page.get_by_role("button").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.close()


def test_no_page_breaks_the_rules_that_it_is_served_with(
    browser: Browser, demo: Path, daemon: Daemon
) -> None:
    """Content-Security-Policy: styles, pictures, forms and the search still work."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    public = demo / "public"
    for path in [*sorted(public.rglob("index.html")), public / "404.html"]:
        answer = page.goto(f"{daemon.address}/{path.relative_to(public).as_posix()}")
        assert answer
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 0, path
    page.goto(f"{daemon.address}/search/")
    page.fill("#q", "2026")
    page.goto(f"{daemon.address}/search/?q=a")
    page.wait_for_function("document.getElementById('found').textContent.trim() !== ''")
    page.close()
    assert said == []
