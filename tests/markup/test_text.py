from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndicate.markup import html_text, xml_text

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_xml_text_fits_into_xml_and_comes_back(text: str) -> None:
    element = etree.Element("t")
    element.text = xml_text(text)
    assert (etree.fromstring(etree.tostring(element)).text or "") == xml_text(text)


@given(ANY_TEXT.filter(lambda text: "\r" not in text))
def test_html_text_comes_back_from_an_attribute(text: str) -> None:
    parsed = etree.fromstring(f"<t>{html_text(text)}</t>")
    assert (parsed.text or "") == xml_text(text)


def test_characters_of_every_script_are_kept() -> None:
    text = "日本語 עברית 👩‍💻 é\u2028\ttab"
    assert xml_text(text) == text


def test_quotes_are_escaped_for_attributes() -> None:
    assert html_text("\"<'&") == "&quot;&lt;&#x27;&amp;"
