import pytest

from syndicate.articles.change import Change, classify, letters
from syndicate.model import Article


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("蜂は三つ。", "蜂は三つ。", "none"),
        ("蜂は三つ。", "蜂は三つ!", "cosmetic"),
        ("ﾊﾟﾝ ABC", "パン　ａｂｃ", "cosmetic"),
        ("か\u3099く", "がく", "cosmetic"),
        ("かく", "がく", "significant"),
        ("é", "e", "significant"),
    ],
)
def test_dress_is_not_what_is_said(old: str, new: str, change: Change) -> None:
    assert classify(Article("T", lead=(old,)), Article("T", lead=(new,))) == change


def test_a_line_of_a_million_marks_is_read_at_once() -> None:
    assert letters("a" + "\u0316\u0301" * 500_000 + "か\u3099") == "áが"
