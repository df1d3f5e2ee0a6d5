"""Make the pictures of the site from a real demo: five kinds of pages, phone and desk, day and night.

Run it after `make demo`: .venv/bin/python docs/site_pictures.py (needs chromium).
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

CHECKOUT = Path(__file__).parents[1]
PUBLIC = CHECKOUT / "demo" / "public"
TARGET = CHECKOUT / "docs" / "pictures" / "site"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SIZES = {375: 1100, 1280: 1000}  # widths and heights in CSS pixels
QUALITY = 60  # of JPEG: text stays clear, a picture about 60 KB
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

BESIDE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px; background: #d9d6cf; display: flex; gap: 24px; width: max-content; }}
img {{ display: block; border-radius: 10px; box-shadow: 0 8px 24px #0003; }}
</style>{images}"""


def main() -> None:
    """Write docs/pictures/site/KIND-WIDTH-SCHEME.jpeg, and site.png of the README."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for kind, path in pages().items():
            for width, height in SIZES.items():
                for scheme in SCHEMES:
                    picture = TARGET / f"{kind}-{width}-{scheme}.jpeg"
                    picture.write_bytes(shot(browser, path, width, height, scheme))
                    print(picture.relative_to(CHECKOUT))
        beside(browser, CHECKOUT / "docs" / "pictures" / "site.jpeg")
        browser.close()


def pages() -> dict[str, Path]:
    """A page of each kind."""
    (series,) = (PUBLIC / "series").glob("*/index.html")
    first = PUBLIC / "articles" / series.parent.name / "index.html"
    tag = max((PUBLIC / "tags").glob("*/index.html"), key=lambda one: one.stat().st_size)
    edition = PUBLIC / "editions" / "digest" / "1" / "index.html"
    return {
        "index": PUBLIC / "index.html",
        "article": first,
        "series": series,
        "tag": tag,
        "edition": edition,
    }


def shot(
    browser: Browser, path: Path, width: int, height: int, scheme: Literal["light", "dark"]
) -> bytes:
    """The first screen of a page."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(type="jpeg", quality=QUALITY)
    page.close()
    return picture


def beside(browser: Browser, target: Path) -> None:
    """Phones side by side, for the README."""

    def images() -> Iterator[str]:
        for kind, scheme in (("index", "light"), ("article", "dark"), ("series", "light")):
            picture = (TARGET / f"{kind}-375-{scheme}.jpeg").read_bytes()
            data = base64.b64encode(picture).decode()
            yield f'<img width="300" src="data:image/jpeg;base64,{data}">'

    page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=2)
    page.set_content(BESIDE.format(images="".join(images())))
    page.locator("body").screenshot(path=target, type="jpeg", quality=QUALITY)
    page.close()
    print(target.relative_to(CHECKOUT))


if __name__ == "__main__":
    main()
