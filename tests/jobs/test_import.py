"""A list of readers is taken up to where it can be read."""

from io import BytesIO, TextIOWrapper

import pytest

from syndicate.jobs.people import ImportRefused, read_csv
from syndicate.jobs.subscribe import Added, Consent, add
from syndicate.model import silent
from syndicate.store import subscribers
from syndicate.store.database import Store
from tests.conftest import NOW
from tests.world import KEYS


def take(store: Store, data: bytes) -> Added:
    file = TextIOWrapper(BytesIO(data), "utf-8-sig", errors="surrogateescape", newline="")
    people = read_csv(file, "people.csv", lambda _warning: None)
    return add(store, KEYS, "digest", "en", people, Consent("test"), NOW, silent)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"c@example.com,\x83\x5c\n", "people.csv: line 4 is not UTF-8 text."),
        (b"c@example.com," + b"x" * 131_073 + b"\n", "people.csv: line 4 cannot be read (field"),
        (b'c@example.com,"' + b"x\n" * 70_000, "people.csv: line 4 cannot be read (field"),
    ],
)
def test_what_stands_before_a_line_that_cannot_be_read_is_kept_and_the_line_named(
    store: Store, line: bytes, reason: str
) -> None:
    rest = b"d@example.com,D\n"
    report = take(store, b"email,name\na@example.com,A\nb@example.com,B\n" + line + rest)
    assert report.added == 2
    assert report.ended.startswith(reason)
    mended = take(store, b"email,name\na@example.com,A\nb@example.com,B\nc@example.com,C\n" + rest)
    assert (mended.added, mended.unchanged, mended.ended) == (2, 2, "")


@pytest.mark.parametrize(
    "data", ["email,名前\n".encode("cp932"), "email\na@example.com\n".encode("utf-16")]
)
def test_a_file_of_another_encoding_is_refused_whole(store: Store, data: bytes) -> None:
    with pytest.raises(ImportRefused, match="not UTF-8 text"):
        take(store, data)


def test_a_language_is_kept_in_its_one_spelling_and_nonsense_refused_by_its_line(
    store: Store,
) -> None:
    data = b"email,language\na@example.com,JA\nb@example.com,Japanese\nc@example.com,en_gb\n"
    report = take(store, data)
    assert report.added == 2
    assert [line for line, _ in report.refused] == [3]
    assert "expected a code such as ja" in report.refused[0][1]
    with store.read() as tx:
        assert [one.language for one in subscribers.listed(tx, None)] == ["ja", "en-GB"]
