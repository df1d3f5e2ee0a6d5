"""Pictures beside pages: published with their articles, followed when they change, on both databases."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from syndicate.content import Folder
from syndicate.jobs.collect import Collected, collect
from syndicate.jobs.publish import Published, publish
from syndicate.jobs.withdraw import withdraw
from syndicate.model import Event, Publication
from syndicate.store import articles
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.digests.samples import environment
from tests.pictures import picture

ABOUT = Publication("P", "https://example.com/news")
PAGE = "# A\n\nSummary.\n\nText of boats.\n\n![A boat](img/boat.png)\n\nMore of them.\n"


class House:
    """A publication in a folder, built a minute apart."""

    def __init__(self, store: Store, root: Path) -> None:
        self.store, self.root, self.environment, self.now = store, root, environment(), NOW
        self.folders = [Folder(root / "content", "content")]
        self.told: list[Event] = []
        (root / "content" / "img").mkdir(parents=True)

    def build(self) -> tuple[Collected, Published]:
        self.now += timedelta(minutes=1)
        found = collect(self.store, self.folders, ABOUT, [], self.now, self.told.append)
        return found, publish(
            self.store,
            ABOUT,
            [],
            self.folders,
            self.environment,
            "1",
            self.root / "public",
            self.told.append,
        )

    def media(self) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in (self.root / "public").glob("media/*")}

    def article(self) -> str:
        return (self.root / "public/articles/a/index.html").read_text(encoding="utf-8")

    def content(self) -> str:
        feed = json.loads((self.root / "public/feed.json").read_text(encoding="utf-8"))
        return str(feed["items"][0]["content_html"])


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def name_of(data: bytes) -> str:
    return f"{sha256(data).hexdigest()[:16]}.png"


def test_a_picture_beside_a_page_is_on_the_site_and_in_the_feed(house: House) -> None:
    data = picture(house.root / "content/img/boat.png", (40, 30))
    (house.root / "content/a.md").write_text(PAGE)
    found, _ = house.build()
    assert (found.warnings, house.media()) == ((), {name_of(data): data})
    sized = 'alt="A boat" width="40" height="30" loading="lazy">'
    assert f'<img src="../../media/{name_of(data)}" {sized}' in house.article()
    assert f'<img src="https://example.com/news/media/{name_of(data)}" {sized}' in house.content()
    assert house.build()[1].written == ()


def test_a_page_that_names_a_picture_outside_is_not_read_at_every_pass(house: House) -> None:
    picture(house.root / "boat.png")
    (house.root / "content/a.md").write_text("# A\n\nText of boats.\n\n![A boat](../boat.png)\n")
    found, _ = house.build()
    assert "lies outside the content directory" in str(found.warnings)
    house.told.clear()
    found, _ = house.build()
    assert (found, house.told) == (Collected(pages=1), [])


def test_a_changed_picture_is_a_changed_article_and_the_old_one_goes(house: House) -> None:
    picture(house.root / "content/img/boat.png", colour="red")
    (house.root / "content/a.md").write_text(PAGE)
    house.build()
    data = picture(house.root / "content/img/boat.png", (5, 5), colour="blue")
    found, _ = house.build()
    assert (found.changed, house.media()) == (("content/a.md",), {name_of(data): data})
    with house.store.read() as tx:
        (row,) = articles.published(tx)
    assert (row.revision, row.updated) == (2, house.now)


def test_a_picture_that_comes_later_is_found_and_one_that_is_missing_is_named(house: House) -> None:
    (house.root / "content/a.md").write_text(PAGE)
    found, _ = house.build()
    ((path, notice),) = found.warnings
    assert (path, notice.code) == ("content/a.md", "image-missing")
    assert notice.message == "the picture img/boat.png is not there: add it, or mend the address."
    assert "A boat" in house.content()
    assert "<img" not in house.content()
    data = picture(house.root / "content/img/boat.png")
    found, _ = house.build()
    assert (found.warnings, list(house.media())) == ((), [name_of(data)])
    assert "<img" in house.content()


def test_two_pages_share_a_picture_and_it_leaves_with_the_last(house: House) -> None:
    picture(house.root / "content/img/boat.png")
    (house.root / "content/a.md").write_text(PAGE)
    (house.root / "content/b.md").write_text(f"# B\n\n{PAGE.replace('boats', 'sails')}")
    house.build()
    assert len(house.media()) == 1
    for left, slug in ((1, "a"), (0, "b")):
        withdraw(house.store, slug, "because", house.now, house.told.append)
        house.build()
        assert len(house.media()) == left


def test_a_draft_keeps_its_picture_to_itself(house: House) -> None:
    picture(house.root / "content/img/boat.png")
    (house.root / "content/a.md").write_text(f"---\ndraft: true\n---\n{PAGE}")
    house.build()
    assert house.media() == {}
    (house.root / "content/a.md").write_text(PAGE)
    house.build()
    assert len(house.media()) == 1


def test_a_picture_that_went_meanwhile_holds_nothing_up(house: House) -> None:
    data = picture(house.root / "content/img/boat.png")
    (house.root / "content/a.md").write_text(PAGE)
    house.build()
    (house.root / "content/a.md").unlink()
    (house.root / "content/img/boat.png").unlink()
    house.build()
    assert list(house.media()) == [name_of(data)]  # the article stays for its time of grace
    (house.root / "public/media" / name_of(data)).unlink()
    house.told.clear()
    (house.root / "content/c.md").write_text("# C\n\nOther.\n\nThings.\n")
    _, done = house.build()
    assert "articles/c/index.html" in done.written
    lost = [one for one in house.told if one.name == "picture.lost"]
    assert [str(one.values["reason"]) for one in lost] == [
        "content/img/boat.png: was changed or taken away meanwhile. Bring it back, or run build."
    ]


def test_pages_of_the_model_shape_show_their_pictures_around_the_text(house: House) -> None:
    lead = picture(house.root / "content/lead.png", colour="green")
    other = picture(house.root / "content/img/boat.png")
    (house.root / "content/a.txt").write_text(
        "A\nSummary.\n💡 One.\nHeading\nWhy?\nSo.\nPublished: 2026-01-01\nBody.\n"
    )
    (house.root / "content/a.txt.toml").write_text('image = "lead.png"\nimage_alt = "A <lead>"\n')
    house.build()
    figure = f'<figure><img src="https://example.com/news/media/{name_of(lead)}" '
    assert f'</ul>\n{figure}alt="A &lt;lead&gt;" width="4" height="3"' in house.content()
    (house.root / "content/b.html").write_text(
        "<h1>B</h1><p>Summary.</p><h2>Heading</h2><p>Why?</p><p>So.</p><p>Published: 2026-01-01</p>"
        "<p>Body.</p><figure><img src=img/boat.png alt=Boat><figcaption>Cap</figcaption></figure>"
    )
    house.build()
    assert f"media/{name_of(other)}" in house.content()
    assert "<figcaption>Cap</figcaption></figure>" in house.content()
