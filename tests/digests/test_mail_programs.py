"""What mail programs and filters hold against a letter; the golden set is what they are shown."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import npm
from tests.digests.editions import EDITIONS
from tests.digests.samples import EXPECTED

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SPAMASSASSIN = shutil.which("spamassassin")
ALOUD = Path(__file__).parent / "aloud"
WIDTHS = (320, 375, 640)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists() and not os.environ.get("CI"), reason="chromium is not installed"
)


def opened(chromium: Browser, name: str, width: int) -> Page:
    """A letter with images off, since most of us read so."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto((EXPECTED / f"{name}.html").as_uri())
    return page


@needs_chromium
@pytest.mark.parametrize("name", EDITIONS)
def test_nothing_is_wider_than_the_telephone(name: str, chromium: Browser) -> None:
    for width in WIDTHS:
        page = opened(chromium, name, width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@needs_chromium
@pytest.mark.parametrize("name", EDITIONS)
def test_body_text_is_sixteen_pixels_and_a_button_is_easy_to_hit(
    name: str, chromium: Browser
) -> None:
    page = opened(chromium, name, 375)
    size = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    assert set(page.eval_on_selector_all(".summary, .point", size)) <= {16}
    tall = page.eval_on_selector_all(
        ".press", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert all(height >= 44 for height in tall)
    page.close()


@needs_chromium
@pytest.mark.parametrize(
    "name", ["edition", "correction", "catch_up", "omnibus", "more_rows", "full_text"]
)
def test_a_letter_read_aloud_says_everything_in_order(
    name: str, chromium: Browser, golden: Callable[[Path, bytes], None]
) -> None:
    """What the browser hands to a screen reader, images off."""
    page = opened(chromium, name, 375)
    said = page.locator("body").aria_snapshot() + "\n"
    page.close()
    print(said)  # noqa: T201 - pytest -s reads it out
    assert "💡" not in said
    golden(ALOUD / f"{name}.txt", said.encode())


@npm.needs_node
def test_html_validate_and_caniemail_know_no_problem_that_is_not_allowed_for_a_reason() -> None:
    files = [str(EXPECTED / f"{name}.html") for name in EDITIONS]
    assert npm.run("letters.mjs", files) == []


@pytest.mark.skipif(
    not SPAMASSASSIN and not os.environ.get("CI"), reason="SpamAssassin is not installed"
)
@pytest.mark.parametrize("name", ["edition", "one_article", "sixty_parts", "right_to_left"])
def test_spamassassin_scores_a_letter_below_one(name: str, tmp_path: Path) -> None:
    assert SPAMASSASSIN
    done = subprocess.run(
        [SPAMASSASSIN, "-L", "-t"],
        input=(EXPECTED / f"{name}.eml").read_bytes(),
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C"},
    )
    found = re.search(rb"^X-Spam-Status: .*?score=(-?[0-9.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    assert float(found[1]) < 1, done.stdout.decode(errors="replace")
