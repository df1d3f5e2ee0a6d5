"""Tags that are one, however they are spelt."""

import pytest

from syndicate.articles import tag_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bees", "bees"),
        ("ﾐﾂﾊﾞﾁ", "ミツバチ"),
        ("  news\u3000of  the day ", "news of the day"),
        ("ＮＥＷＳ", "news"),
        ("Straße", "STRASSE"),
        ("e\u0301tude", "étude"),
    ],
)
def test_spellings_of_one_tag_have_one_key(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


def test_other_words_are_other_tags_and_a_key_is_its_own_key() -> None:
    assert len({tag_key(one) for one in ("は", "ば", "ぱ", "bee", "bees", "c++", "c")}) == 7
    for one in ("ΑΣ", "İstanbul", "ﬁ", "㍿"):
        assert tag_key(tag_key(one)) == tag_key(one)
