"""The preview of the coming edition, in the browser that its editor uses."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect, sync_playwright

from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.acceptance.program import Program
from tests.acceptance.test_trial import previewing

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
pytestmark = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="chromium is not installed"
)
PATIENCE_MS = 60_000
FRAMES = (
    "375 pixels, by day",
    "375 pixels, by night",
    "640 pixels, by day",
    "640 pixels, by night",
)


@pytest.fixture
def newsroom(syndicate: Program) -> Program:
    write(syndicate.folder / "content", {"a.txt": page(FIRST, SECOND)})
    return syndicate


@pytest.fixture
def shown(newsroom: Program) -> Iterator[Page]:
    """The preview's page, opened."""
    with previewing(newsroom) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = browser.new_page(viewport={"width": 1600, "height": 1000})
        opened.set_default_timeout(PATIENCE_MS)
        opened.goto(address)
        yield opened
        browser.close()


def frame(shown: Page, title: str) -> FrameLocator:
    return shown.frame_locator(f'iframe[title="{title}"]')


def style(shown: Page, title: str, selector: str, what: str) -> str:
    found = frame(shown, title).locator(selector).first
    return str(found.evaluate(f"one => getComputedStyle(one)['{what}']"))


def test_an_editor_sees_both_widths_by_day_and_by_night_and_the_text(shown: Page) -> None:
    for title in FRAMES:
        expect(frame(shown, title).locator("h2").first).to_have_text(FIRST)
        wide = (
            frame(shown, title)
            .locator("body")
            .evaluate("one => one.ownerDocument.defaultView.innerWidth")
        )
        assert wide == int(title[:3])
        assert frame(shown, title).locator("html").evaluate("one => one.scrollWidth") <= wide
    buttons = {title: style(shown, title, ".button", "display") for title in FRAMES}
    assert [buttons[title] for title in FRAMES] == ["block", "block", "table-cell", "table-cell"]
    papers = {title: style(shown, title, ".page", "backgroundColor") for title in FRAMES}
    assert papers[FRAMES[0]] == papers[FRAMES[2]] != papers[FRAMES[1]] == papers[FRAMES[3]]
    text = shown.locator("pre").inner_text()
    assert f"■ {FIRST}" in text
    assert "http://127.0.0.1:8000/u/…" in text
    assert re.search(
        r"^\d+ KB of HTML; 100 KB are shown by Gmail$", shown.locator(".quiet").inner_text()
    )
    assert shown.locator(".warning").count() == 0


def test_the_page_is_drawn_anew_when_an_article_or_a_template_changes(
    shown: Page, newsroom: Program
) -> None:
    write(newsroom.folder / "content", {"a.txt": page("別の題").replace("💡 ", "")})
    expect(shown.locator("h1")).to_have_text("別の題", timeout=PATIENCE_MS)
    expect(shown.locator(".warning")).to_have_text("“別の題” has no highlights.")
    own = newsroom.folder / "templates" / "digest" / "parts"
    own.mkdir(parents=True)
    (own / "look.css").write_text(".title { color: rgb(1, 2, 3); }", encoding="utf-8")
    title = frame(shown, FRAMES[0]).locator(".title")
    expect(title).to_have_css("color", "rgb(1, 2, 3)", timeout=PATIENCE_MS)
    (own / "look.css").write_text("{{ nothing }}", encoding="utf-8")
    expect(shown.locator(".warning")).to_contain_text("'nothing' is undefined", timeout=PATIENCE_MS)
    expect(shown.locator("iframe")).to_have_count(0)
