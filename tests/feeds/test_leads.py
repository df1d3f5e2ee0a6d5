"""Where a feed document leads within its own publication."""

import pytest
from msgspec.structs import replace

from syndicate.feeds import FORMATS, FeedFormat
from syndicate.feeds.leads import leads
from syndicate.model import Article, Citation, Image
from tests.feeds.samples import ABOUT, SECTION, WHOLE, Sample, entry, feed

HERE = ABOUT.base_url


def targets(form: FeedFormat, sample: Sample) -> set[str]:
    return {one.target for one in leads(sample.write(form), HERE)}


@pytest.mark.parametrize("form", FORMATS, ids=lambda one: one.ending)
def test_a_feed_leads_to_itself_and_to_the_pages_of_its_entries(form: FeedFormat) -> None:
    article = Article("Bees", "Of bees.", html=f'<p><a href="{HERE}/written/by/hand">x</a></p>')
    found = targets(form, feed([entry(9, article)]))
    assert f"feed.{form.ending}" in found
    assert any(one.startswith("articles/") for one in found)
    assert "written/by/hand" not in found


@pytest.mark.parametrize("form", FORMATS, ids=lambda one: one.ending)
def test_sources_and_other_sites_are_no_leads(form: FeedFormat) -> None:
    cited = Citation("Here", f"{HERE}/no/such/page"), Citation("There", "https://example.org/a")
    article = Article("Bees", "Of bees.", sections=(replace(SECTION, sources=cited),))
    found = targets(form, feed([entry(9, article)]))
    assert not {"no/such/page", "a"} & found


@pytest.mark.parametrize("form", FORMATS, ids=lambda one: one.ending)
def test_each_target_is_named_once(form: FeedFormat) -> None:
    found = [one.target for one in leads(WHOLE.write(form), HERE)]
    assert len(found) == len(set(found))
    assert f"archive/2.{form.ending}" in found


@pytest.mark.parametrize("form", FORMATS, ids=lambda one: one.ending)
def test_a_feed_leads_to_the_picture_that_an_entry_begins_with(form: FeedFormat) -> None:
    picture = Image("media/0123456789abcdef.png", "Low tide", 640, 480, size=5432, lead=True)
    found = targets(form, feed([entry(9, Article("Bees", "Of bees.", images=(picture,)))]))
    assert picture.url in found
