"""Make the picture of the README from a real demo: a digest on a phone beside a feed in newsboat.

Run it after `make demo`: .venv/bin/python docs/pictures.py (needs chromium, newsboat and tmux).
"""

import base64
import html
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHECKOUT = Path(__file__).parents[1]
DEMO = CHECKOUT / "demo"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE = {"width": 375, "height": 780}
COLUMNS, ROWS = 92, 30

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 44px; background: #e9e6df; display: flex; gap: 44px; align-items: center;
  width: max-content; }}
.phone {{ border: 12px solid #1c2321; border-radius: 42px; overflow: hidden; width: 375px; height: 780px;
  box-shadow: 0 18px 40px #0004; }}
.phone img {{ display: block; width: 375px; }}
.terminal {{ background: #131817; border-radius: 12px; padding: 40px 22px 22px; box-shadow: 0 18px 40px #0004;
  position: relative; }}
.terminal::before {{ content: "newsboat"; position: absolute; top: 12px; left: 22px; color: #9dada7;
  font: 13px "Noto Sans CJK JP", sans-serif; }}
pre {{ margin: 0; color: #e6ebe9; font: 15px/1.45 "Noto Sans Mono CJK JP", monospace; }}
</style><div class="phone"><img src="data:image/png;base64,{phone}"></div>
<div class="terminal"><pre>{reader}</pre></div>"""


def main() -> None:
    """Write docs/pictures/digest-and-reader.png."""
    reader = read_in_newsboat()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = on_a_phone(browser)
        page = browser.new_page(viewport={"width": 1500, "height": 900})
        page.set_content(
            PAGE.format(phone=base64.b64encode(phone).decode(), reader=html.escape(reader))
        )
        target = CHECKOUT / "docs" / "pictures" / "digest-and-reader.png"
        page.locator("body").screenshot(path=target)
        browser.close()
    print(target)


def on_a_phone(browser: Browser) -> bytes:
    """The first screen of the digest, at a phone's width."""
    page = browser.new_page(viewport=PHONE, device_scale_factor=2)
    page.goto((DEMO / "digest-1.html").as_uri())
    return page.screenshot()


def read_in_newsboat() -> str:
    """What newsboat shows of an article, polled from the running daemon."""
    command = [sys.executable, "-m", "syndicate", "-C", str(DEMO), "run"]
    daemon = subprocess.Popen(command, env={**os.environ, "SYNDICATE_WEB__PORT": "8123"})
    try:
        time.sleep(4)
        with tempfile.TemporaryDirectory() as folder:
            return _terminal(Path(folder))
    finally:
        daemon.terminate()
        daemon.wait()


def _terminal(folder: Path) -> str:
    (folder / "urls").write_text("http://127.0.0.1:8123/feed.atom\n", encoding="utf-8")
    (folder / "config").write_text("text-width 88\nshow-read-feeds yes\n", encoding="utf-8")
    paths = f"-u {folder}/urls -C {folder}/config -c {folder}/cache.db"
    tmux = ["tmux", "-u", "-L", f"pictures{os.getpid()}"]
    size = ["-x", str(COLUMNS), "-y", str(ROWS)]
    subprocess.run([*tmux, "new-session", "-d", *size, f"newsboat -r {paths}"], check=True)
    try:
        for keys in ("", "Enter", "End", "Enter"):
            time.sleep(2)
            if keys:
                subprocess.run([*tmux, "send-keys", keys], check=True)
        time.sleep(2)
        shown = subprocess.run([*tmux, "capture-pane", "-p"], check=True, capture_output=True)
        return shown.stdout.decode().rstrip()
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


main()
