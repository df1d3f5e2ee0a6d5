"""No text of a page, a setting or a letter can break out of the place it stands in."""

import json
from urllib.parse import unquote

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate import site
from syndicate.markup import xml_text
from syndicate.model import Article, Citation, DigestGroup, DigestItem, Part, Section, Series
from syndicate.site import Front, Line
from tests.site import samples
from tests.site.reading import read
from tests.site.samples import DIGEST, ENTRIES, ENVIRONMENT, PUBLICATION, SECOND

_TEXT = st.text(st.characters(codec=None), min_size=1, max_size=40).filter(
    lambda text: bool(xml_text(text).strip())
)
_SLUG = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: "/" not in text
)
_NASTY = "</title><script>alert(1)</script>\"'&amp;\x00\ud800{{ 7 * 7 }}"


@given(_TEXT)
@example(_NASTY)
def test_hostile_text_stays_text_on_every_published_page(text: str) -> None:
    article = Article(
        title=text,
        summary=text,
        highlights=(text,),
        lead=(text,),
        sections=(Section(text, text, text, sources=(Citation(text, text),), body=(text,)),),
    )
    series = Series(
        "s", text, (Part(1, text, 1, "a", "u"), Part(2, text, 2, "b", "v"), Part(3, text))
    )
    entry = replace(SECOND, article=article, series=series)
    publication = replace(PUBLICATION, title=text, author=text, description=text)
    digest = replace(
        DIGEST,
        newsletter_title=text,
        preheader=text,
        groups=(DigestGroup(series, (DigestItem(entry),)),),
    )
    for page in (
        site.index_page(
            publication,
            Front((entry,), (Line(text, "series/s/", "ja", entry.published, total=3),)),
            ENVIRONMENT,
        ),
        site.article_page(publication, entry, ENVIRONMENT),
        site.series_page(publication, series, (entry,), ENVIRONMENT),
        site.edition_page(publication, digest, ENVIRONMENT),
    ):
        page.encode()
        reading = read(page)
        assert reading.one("h1").text == xml_text(text)
        assert reading.all("style") == []
        for script in reading.all("script"):
            assert script.attributes == {"type": "application/ld+json"}
            assert json.loads(script.text)["@context"] == "https://schema.org"


@given(_TEXT)
@example(_NASTY)
def test_hostile_text_stays_text_on_every_answer(text: str) -> None:
    asked = read(samples.unsubscribe_page(PUBLICATION, text, "TOKEN", "en"))
    assert asked.one("h1").text == f"Stop receiving {xml_text(text)}?"
    told = read(samples.unsubscribed_page(PUBLICATION, text, "en"))
    assert f"{xml_text(text)} will not be sent" in told.one("main").text
    problem = read(samples.problem_page(PUBLICATION, text, "en"))
    assert xml_text(text) in problem.one("main").text


@given(_SLUG)
@example("50%off?#1")
@example("a:b")
def test_any_slug_is_linked_to_its_own_file(slug: str) -> None:
    entry = replace(ENTRIES[1], slug=slug)
    page = read(site.index_page(PUBLICATION, Front((entry,)), ENVIRONMENT))
    (link,) = [e.attributes["href"] or "" for e in page.all("a") if e.text == entry.article.title]
    assert link.isascii()
    assert not set(link) & set('?#"<> ')
    assert unquote(link) == f"articles/{slug}/index.html"
