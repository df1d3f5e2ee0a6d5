import pytest

from syndicate.feeds.agents import FAMILIES, OTHER, UNNAMED, Reader, reader


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)",
            Reader("Feedly", 12),
        ),
        ("Inoreader/1.0 (+https://example.com; 1 subscribers; )", Reader("Inoreader", 1)),
        ("Mozilla/5.0 (compatible; NewsBlur Feed Fetcher - 7 subscribers)", Reader("NewsBlur", 7)),
        ("Feedbin feed-id:1 - 1234 subscribers", Reader("Feedbin", 1234)),
        ("Mozilla/5.0 (compatible; Miniflux/2.2.1; +https://miniflux.app)", Reader("Miniflux", 0)),
        ("NetNewsWire (RSS Reader; https://netnewswire.com/)", Reader("NetNewsWire", 0)),
        ("newsboat/2.21 (Linux x86_64)", Reader("newsboat", 0)),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            Reader("browsers", 0),
        ),
        ("python-requests/2.32", Reader("Python", 0)),
        ("curl/8.0", Reader("curl", 0)),
        ("Anna's own reader, anna@example.com", Reader(OTHER, 0)),
        ("x (99999999999 subscribers)", Reader(OTHER, 0)),
        ("", Reader(UNNAMED, 0)),
        ("\xff\x00 12 readers", Reader(OTHER, 12)),
    ],
)
def test_a_reader_is_known_by_its_family_and_its_subscribers(agent: str, expected: Reader) -> None:
    assert reader(agent.encode("latin-1")) == expected


def test_every_family_can_be_found() -> None:
    """A needle that holds an earlier one would never be reached."""
    needles = [needle for needle, _ in FAMILIES]
    for place, needle in enumerate(needles):
        assert not [one for one in needles[:place] if one in needle], needle
        assert needle == needle.lower()
