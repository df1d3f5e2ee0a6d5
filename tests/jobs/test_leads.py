"""Links inside the publication: what leads nowhere is told once, and named until it leads somewhere."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.jobs.check import SOURCES, Finding, Reading
from syndicate.jobs.leads import Met, settle
from syndicate.jobs.rules import USUAL
from syndicate.model import Article, Link
from syndicate.store import links, redirects
from syndicate.store.database import Store
from syndicate.store.links import SOUND, Kept
from tests.jobs.press import Press, numbered

HERE = "https://example.com/articles"


def citing(title: str, *addresses: str) -> Article:
    said = "".join(f'<a href="{one}">this</a>' for one in addresses)
    return Article(title, f"Of {title}.", html=f"<p>See {said}.</p>")


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    return Press(store, tmp_path / "public")


def told(press: Press) -> list[tuple[object, object]]:
    """What was told since it was asked last: pages and addresses."""
    found = [one.values for one in press.told if one.name == "link.broken"]
    press.told.clear()
    return [(one["page"], one["address"]) for one in found]


def named(press: Press) -> list[Finding]:
    with press.store.read() as tx:
        reading = Reading(
            tx, USUAL, {row.id: f"{row.title}.txt" for row in press.rows()}, "UTC", press.now
        )
        found = [one for source in SOURCES for one in source(reading)]
    return [one for one in found if one.code == "link-broken"]


def kept(press: Press) -> list[Kept]:
    with press.store.read() as tx:
        return [one for row in press.rows() for one in links.of(tx, [page(row.slug)])]


def page(slug: str) -> str:
    return f"articles/{slug}/index.html"


def test_pages_of_ours_have_no_link_that_leads_nowhere(press: Press) -> None:
    press.bring(
        Article("Part 1", next_title="Part 2"), Article("Part 2"), *numbered(1, 160, language="en")
    )
    press.publish()
    assert told(press) == []
    assert kept(press) == []


def test_a_dead_link_is_told_once_and_its_page_is_published(press: Press) -> None:
    press.bring(citing("Bees", f"{HERE}/wasps/", "https://example.org/elsewhere"))
    press.publish()
    assert told(press) == [(page("bees"), f"{HERE}/wasps/")]
    assert b"this" in press.data(page("bees"))
    press.publish()
    press.bring(replace(citing("Bees", f"{HERE}/wasps/"), summary="Of bees again."))
    press.publish()
    assert told(press) == []
    (finding,) = named(press)
    assert (finding.file, finding.level) == ("Bees.txt", "warning")
    assert f"{HERE}/wasps/, where nothing is published" in finding.message


def test_it_leads_somewhere_once_what_it_names_is_published(press: Press) -> None:
    press.bring(citing("Bees", f"{HERE}/wasps"))
    press.publish()
    press.bring(Article("Wasps"))
    press.publish()
    assert named(press) == []
    assert [one.state for one in kept(press)] == [SOUND]


def test_what_an_author_links_to_may_leave_and_come_back(press: Press) -> None:
    press.bring(citing("Bees", f"{HERE}/wasps/#sting"), Article("Wasps"))
    press.publish()
    assert told(press) == []
    press.withdraw("Wasps")
    press.publish()
    assert told(press) == [(page("bees"), f"{HERE}/wasps/#sting")]
    press.restore("Wasps")
    press.publish()
    assert named(press) == []
    press.withdraw("Wasps")
    press.publish()
    assert len(told(press)) == 1


def test_an_old_address_leads_where_it_is_redirected_to(press: Press) -> None:
    addresses = (
        "https://example.com/2019/花/",
        "http://example.com/?p=12",
        "https://example.com/x",
    )
    press.bring(citing("Bees", *addresses), Article("Wasps"))
    with press.store.write() as tx:
        redirects.add(tx, {"/2019/花": "articles/wasps/", "/?p=12": "articles/wasps/"})
    press.publish()
    assert told(press) == [(page("bees"), "https://example.com/x")]


def test_a_page_that_says_no_more_of_it_or_is_gone_is_forgotten(press: Press) -> None:
    press.bring(citing("Bees", f"{HERE}/x/"), citing("Wasps", f"{HERE}/x/"), Article("Ants"))
    press.publish()
    assert len(named(press)) == 2
    press.bring(citing("Bees"))
    press.withdraw("Wasps")
    press.publish()
    assert (named(press), kept(press)) == ([], [])


def test_what_an_operator_put_there_by_hand_leads_somewhere(press: Press) -> None:
    own = press.root / "own"
    own.mkdir(parents=True)
    (own / "paper.pdf").write_bytes(b"paper")
    (own / "index.html").write_text("own", "utf-8")
    here, long = "https://example.com/own", f"https://example.com/{'x' * 300}"
    press.bring(citing("Bees", f"{here}/paper.pdf", f"{here}/", f"{here}/other", long))
    press.publish()
    assert told(press) == [(page("bees"), f"{here}/other"), (page("bees"), long)]


def test_a_link_within_a_page_names_a_place_on_it(press: Press) -> None:
    press.bring(citing("Bees", "#content", "#top", "#note-1"))
    press.publish()
    assert told(press) == [(page("bees"), "#note-1")]
    (finding,) = named(press)
    assert f"{page('bees')} links to #note-1, and nothing on it has that id" in finding.message


def test_a_link_that_was_noted_before_a_kill_is_looked_at_by_the_next_publish(press: Press) -> None:
    press.bring(citing("Bees", f"{HERE}/wasps/"))
    press.publish()
    told(press)
    with press.store.write() as tx:
        links.save(tx, [one._replace(state=links.NEW) for one in links.broken(tx)])
    press.publish()
    assert len(told(press)) == 1


def test_what_leads_nowhere_on_every_page_is_told_once(press: Press) -> None:
    """A template's link is met first on another page each time there is a new one."""
    for page_ in ("articles/bees/index.html", "articles/ants/index.html"):
        met = Met({"about": (page_, Link("../../about/", "about"))})
        settle(press.store, met, press.root, (), press.told.append)
    assert told(press) == [("articles/bees/index.html", "../../about/")]


def test_feeds_without_a_site_lead_nowhere_else(press: Press) -> None:
    press.about = replace(press.about, site="off")
    press.bring(*numbered(1, 30, language="en"))
    press.publish()
    assert told(press) == []
