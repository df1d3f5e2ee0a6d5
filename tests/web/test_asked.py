import pytest

from syndicate.web.asked import Asked, codings, read


@pytest.mark.parametrize(
    ("header", "tried"),
    [
        ("", ()),
        ("identity", ()),
        ("gzip", ("gzip",)),
        ("x-gzip", ("gzip",)),
        ("gzip, deflate, br", ("br", "gzip")),
        ("GZIP;Q=1.0, BR;Q=1.0", ("br", "gzip")),
        ("gzip;q=1.0, br;q=0.5", ("gzip", "br")),
        ("br;q=0, gzip", ("gzip",)),
        ("gzip ; q=0", ()),
        ("*", ("br", "gzip")),
        ("*;q=0.1, gzip", ("gzip", "br")),
        ("br;q=0, *", ("gzip",)),
        ("gzip;q=nonsense", ()),
        ("gzip;q=nan", ()),
        ("zstd, ,;,=", ()),
        ("\xff\x00", ()),
    ],
)
def test_codings_are_tried_as_the_sender_prefers_them(header: str, tried: tuple[str, ...]) -> None:
    assert codings(header.encode("latin-1")) == tried


def test_a_list_may_come_in_several_lines() -> None:
    asked = read(
        [
            (b"accept-encoding", b"gzip"),
            (b"if-none-match", b'"a"'),
            (b"accept-encoding", b"br"),
            (b"if-none-match", b'"b"'),
        ]
    )
    assert asked.codings == ("br", "gzip")
    assert asked.knows(b'"b"', 0)
    assert not asked.knows(b'"c"', 0)


@pytest.mark.parametrize(
    ("tags", "since", "known"),
    [
        ("", "", False),
        ('"t"', "", True),
        ('W/"t"', "", True),
        ('"x", W/"t"', "", True),
        ("*", "", True),
        ("t", "", False),
        ("", "Thu, 01 Jan 1970 00:01:40 GMT", True),
        ("", "Thu, 01 Jan 1970 00:01:39 GMT", False),
        ("", "yesterday", False),
        ("", "Thu, 01 Jan 99999 00:00:00 GMT", False),
        ('"x"', "Thu, 01 Jan 2099 00:00:00 GMT", False),
    ],
)
def test_a_tag_counts_before_a_date(tags: str, since: str, *, known: bool) -> None:
    assert Asked((), tags.encode(), since.encode()).knows(b'"t"', 100) is known
