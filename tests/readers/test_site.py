"""The whole site in a real browser: reachable, readable by everybody, searched without a server."""

import json
import os
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.acceptance.program import Daemon, Program
from tests.readers.test_browser import CHROMIUM, FLAGS

AXE = Path(__file__).parents[1] / "node" / "node_modules" / "axe-core" / "axe.min.js"
WORST = {"serious", "critical"}
# What a careful operator would send: no script but files of this site, and no style but its sheet.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'"
)

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt: chromium)"
)
needs_axe = pytest.mark.skipif(
    not AXE.is_file() and not os.environ.get("CI"),
    reason="tests/node is not installed: (cd tests/node && npm install --no-package-lock --ignore-scripts)",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo, its English article withdrawn: so there is a page that is gone."""
    copy = tmp_path_factory.mktemp("gone") / "demo"
    shutil.copytree(demo, copy)
    program = Program(copy)
    (english,) = [one for one in program.json("articles", "list") if one["language"] == "en"]
    program("articles", "withdraw", english["slug"], "--now", "--reason", "a test")
    program("build")
    return copy


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Daemon]:
    with Program(folder).daemon() as running:
        yield running


def paths(folder: Path) -> list[str]:
    """The paths of every page that is published, as they are asked for."""
    public = folder / "public"
    found = sorted(public.rglob("index.html")) + sorted(public.rglob("gone.html"))
    return [
        "/nothing/here",
        *(f"/{one.relative_to(public).parent}/".replace("/./", "/") for one in found),
    ]


def on(page: Page) -> Iterator[dict[str, object]]:
    """What axe finds on a page of WCAG's levels A and AA, and of its best practices."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    for one in found["violations"]:
        if one["impact"] in WORST:
            nodes = [node["html"][:120] for node in one["nodes"]]
            yield {"rule": one["id"], "impact": one["impact"], "nodes": nodes}


@needs_browser
@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(
    browser: Browser, site: Daemon, folder: Path, scheme: Literal["light", "dark"]
) -> None:
    """axe-core, on a page of every kind: whatever it calls serious or critical."""
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    found = {}
    for path in paths(folder):
        page.goto(site.address + path)
        if worst := list(on(page)):
            found[path] = worst
    page.close()
    assert len(paths(folder)) > 15
    assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)


@needs_browser
def test_pages_work_under_a_strict_content_security_policy(
    browser: Browser, site: Daemon, folder: Path
) -> None:
    page, refused = browser.new_page(), list[str]()

    def strict(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, headers={**answer.headers, "content-security-policy": POLICY}
        )

    page.route("**/*", strict)
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    for path in paths(folder):
        page.goto(site.address + path)
    page.goto(f"{site.address}/search/?q=潮汐")
    page.get_by_text("2件見つかりました").wait_for()
    page.unroute_all(behavior="ignoreErrors")  # a file asked for late would fail the next test
    page.close()
    assert refused == []


@needs_browser
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("風車", ["海の中で回る風車"]),
        ("月", ["潮汐発電のしくみ"]),
        ("ランス 始華湖", ["海をせき止める発電所"]),
        ("ﾗﾝｽ", ["海をせき止める発電所"]),
        ("lighthou", ["How Lighthouses Learned"]),
        ("FRESNEL lenses", ["How Lighthouses Learned"]),
        ("存在しない言葉", []),
    ],
)
def test_search_finds_words_from_disk_without_a_server(
    browser: Browser, demo: Path, query: str, titles: list[str]
) -> None:
    page = browser.new_page()
    page.goto((demo / "public" / "search" / "index.html").as_uri())
    page.get_by_role("searchbox").fill(query)
    page.locator("#found:not(:empty)").wait_for()
    found = page.locator("#results h2 a")
    assert found.count() == len(titles)
    for number, title in enumerate(titles):
        assert (found.nth(number).text_content() or "").startswith(title)
    if titles:
        found.first.click()
        assert titles[0] in (page.locator("h1").text_content() or "")
    page.close()


@needs_browser
def test_results_bear_the_day_of_their_pages_wherever_they_are_read(
    browser: Browser, demo: Path
) -> None:
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart
        page = browser.new_page(timezone_id=zone)
        page.goto(f"{(demo / 'public' / 'search' / 'index.html').as_uri()}?q=風車")
        days.append(page.locator("#results time").inner_text())
        page.locator("#results h2 a").click()
        days.append(page.locator(".byline time").inner_text())
        page.close()
    assert len(set(days)) == 1


@needs_browser
def test_without_scripts_everything_but_search_works_and_search_says_so(
    browser: Browser, demo: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((demo / "public" / "index.html").as_uri())
    page.get_by_role("link", name="検索").first.click()
    said = page.locator("noscript p")  # by its text Playwright does not look in there
    assert said.is_visible()
    assert "検索にはJavaScriptが必要です。" in said.inner_text()
    assert not page.get_by_role("search").is_visible()
    said.locator("a").click()
    page.get_by_role("link", name="潮汐発電のしくみ").first.click()
    assert "潮汐発電のしくみ" in (page.locator("h1").text_content() or "")
    context.close()


class _Links(HTMLParser):
    """Collects what a page links to and loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found = set[str]()
        self.ids = set[str]()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action"} and value:
                self.found.add(value)
            if name == "id" and value:
                self.ids.add(value)


def test_every_link_of_every_page_leads_to_a_published_file(demo: Path) -> None:
    """From disk, as relative links are; and every fragment names a place on its page."""
    dead = []
    read: dict[Path, _Links] = {}
    for file in sorted((demo / "public").rglob("index.html")):
        read[file.resolve()] = links = _Links()
        links.feed(file.read_text("utf-8"))
    for file, links in read.items():
        for address in links.found:
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            lost = parts.fragment and parts.fragment not in read[target].ids
            if not target.is_file() or lost:
                dead.append((str(file.relative_to(demo)), address))
    assert len(read) > 15
    assert dead == []


def test_an_article_is_under_sixty_kilobytes_with_all_that_it_loads(demo: Path) -> None:
    """Compressed, without pictures."""
    public = demo / "public"
    shared = sum(
        (public / "assets" / f"{name}.gz").stat().st_size for name in ("style.css", "icon.svg")
    )
    sizes = [one.stat().st_size + shared for one in public.glob("articles/*/index.html.gz")]
    assert len(sizes) == 4
    assert max(sizes) < 60 * 1024
