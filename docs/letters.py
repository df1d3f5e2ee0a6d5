"""Pictures of letters: the golden set at two widths, by day and by night, beside each other.

Run it after a change of the look: .venv/bin/python docs/letters.py (needs chromium), and look at them.
"""

import base64
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHECKOUT = Path(__file__).parents[1]
LETTERS = CHECKOUT / "tests" / "digests" / "expected"
PICTURES = CHECKOUT / "docs" / "pictures" / "letters"
SHOWN = ("edition", "catch_up", "correction", "full_text", "body_markup", "right_to_left")
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
FRAMES = ((375, "light"), (375, "dark"), (640, "light"), (640, "dark"))


def main() -> None:
    """Write a picture an edition into docs/pictures/letters."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in SHOWN:
            shots = [shot(browser, name, width, scheme) for width, scheme in FRAMES]
            page = browser.new_page(viewport={"width": 2120, "height": 1300})
            row = "".join(f'<img src="data:image/png;base64,{one}">' for one in shots)
            style = "margin:0;padding:15px;display:flex;gap:15px;align-items:start;background:#ccc"
            page.set_content(f'<body style="{style}">{row}</body>')
            page.locator("body").screenshot(path=PICTURES / f"{name}.png")
            page.close()
        browser.close()


def shot(browser: Browser, name: str, width: int, scheme: str) -> str:
    """One letter as a picture, in base64."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((LETTERS / f"{name}.html").as_uri())
    taken = base64.b64encode(page.screenshot(full_page=True)).decode()
    page.close()
    return taken


main()
