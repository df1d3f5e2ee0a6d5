from syndicate.model import Publication
from tests.site import samples
from tests.site.reading import read
from tests.site.samples import PUBLICATION


def test_unsubscribe_page_changes_nothing_but_by_its_button() -> None:
    page = read(samples.unsubscribe_page(PUBLICATION, "週報", "TOKEN", "ja"))
    form = page.one("form")
    assert form.attributes == {"method": "post", "action": "/chizu/u/TOKEN?lang=ja"}
    assert page.one("button").text == "配信を停止する"
    assert "TOKEN" not in "".join(e.attributes["href"] or "" for e in page.all("a"))


def test_pages_with_a_token_in_their_address_send_no_referrer() -> None:
    page = read(samples.unsubscribe_page(PUBLICATION, "Weekly", "TOKEN", "en"))
    referrer = [e for e in page.all("meta") if e.attributes.get("name") == "referrer"]
    assert [e.attributes["content"] for e in referrer] == ["no-referrer"]


def test_unsubscribed_page_offers_the_contact_only_where_there_is_one() -> None:
    with_contact = samples.unsubscribed_page(PUBLICATION, "Weekly", "en")
    without = samples.unsubscribed_page(Publication("Atlas", "https://example.com"), "Weekly", "en")
    assert "henshu@example.com" in with_contact
    assert "mistake" not in without
    assert "Weekly will not be sent to you any more." in read(without).one("main").text


def test_problem_is_told_in_the_readers_language() -> None:
    message = "This link has expired. Please ask for a new one."
    page = read(samples.problem_page(PUBLICATION, message, "ja"))
    assert "リンクの有効期限が切れています。" in page.one("main").text


def test_problem_without_a_translation_is_told_as_it_is() -> None:
    page = read(samples.problem_page(PUBLICATION, "<Odd & new>", "ja"))
    assert "<Odd & new>" in page.one("main").text


def test_problem_without_words_shows_no_catalogue_header() -> None:
    assert "Project-Id" not in samples.problem_page(PUBLICATION, "", "ja")
