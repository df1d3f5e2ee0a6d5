import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.markup import cited_name, web_address
from syndicate.model import Citation

# RFC 3986 appendix A: the characters that an address may hold.
URI = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTP://Example.COM/A", "http://example.com/A"),
        (
            "https://example.com/記事?頁=1#節",
            "https://example.com/%E8%A8%98%E4%BA%8B?%E9%A0%81=1#%E7%AF%80",
        ),
        ("https://日本語.example/", "https://xn--wgv71a119e.example/"),
        ("https://example.com/a%20b/%zz", "https://example.com/a%20b/%25zz"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com:8080/a;b=(c)", "https://example.com:8080/a;b=(c)"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
        (" https://example.com/\x00a ", "https://example.com/a"),
        ('https://exa"mple.com/"><script>', "https://exa%22mple.com/%22%3E%3Cscript%3E"),
        ("https://reader@example.com/", "https://reader@example.com/"),
    ],
)
def test_a_web_address_is_written_as_a_uri(given: str, written: str) -> None:
    assert web_address(given) == written


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,<script>",
        "ftp://example.com/",
        "/articles/a/",
        "//example.com/",
        "https://",
        "http://[",
        "http://example.com:99999/",
        "java\nscript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert web_address(url) is None


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_after_a_host_gives_a_uri_that_stays_the_same(text: str) -> None:
    written = web_address(f"https://example.com/{text}")
    assert written is not None
    assert URI.fullmatch(written)
    assert web_address(written) == written


@given(st.text(st.characters(exclude_categories=())))
def test_any_host_gives_a_uri_or_nothing(text: str) -> None:
    written = web_address(f"https://{text}/")
    assert written is None or URI.fullmatch(written)


@pytest.mark.parametrize(
    ("citation", "name"),
    [
        (Citation(" The Times ", "https://example.com/"), "The Times"),
        (Citation("", "https://example.com/a"), "example.com"),
        (Citation("\x00", "https://example.com/a"), "example.com"),
        (Citation("", "mailto:a@example.com"), "mailto:a@example.com"),
        (Citation("", ""), ""),
    ],
)
def test_a_source_without_a_name_is_called_by_its_host(citation: Citation, name: str) -> None:
    assert cited_name(citation) == name


@given(
    st.from_regex(
        r"https?://[a-z0-9.-]{1,70}(?:[/?#:][A-Za-z0-9/:@!$&'()*+,;=._~%?#-]*)?", fullmatch=True
    )
)
def test_an_address_that_is_a_uri_already_is_known_by_its_looks(url: str) -> None:
    """A scheme in capitals is never one: so both ways are compared."""
    assert web_address(url) == web_address(url.replace("http", "HTTP", 1))
