import pytest

from syndicate.outbox.domains import GROUPS, domain_group, provider, shown
from syndicate.tokens import Keys

KEYS = Keys({"a1b2c3": b"k" * 32}, "a1b2c3", b"h" * 32)
OTHER_KEYS = Keys({"a1b2c3": b"k" * 32}, "a1b2c3", b"x" * 32)


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("a@gmail.com", "gmail"),
        ("a@googlemail.com", "gmail"),
        ("a@hotmail.com", "outlook"),
        ("a@live.com", "outlook"),
        ("a@msn.com", "outlook"),
        ("a@yahoo.com", "yahoo"),
        ("a@yahoo.co.jp", "yahoo-jp"),
        ("a@me.com", "icloud"),
        ("a..b.@docomo.ne.jp", "docomo"),
        ("a@ezweb.ne.jp", "au"),
        ("a@au.com", "au"),
        ("a@i.softbank.jp", "softbank"),
        ("a@t.vodafone.ne.jp", "softbank"),
        ('"a@gmail.com"@yahoo.com', "yahoo"),
    ],
)
def test_the_domains_of_a_large_provider_are_one_group(address: str, group: str) -> None:
    assert domain_group(KEYS, address) == group
    assert shown(group) == group


def test_any_other_domain_is_a_group_of_its_own_that_does_not_name_it() -> None:
    group = domain_group(KEYS, "me@taro-yamada.example")
    assert group == domain_group(KEYS, "you@taro-yamada.example")
    assert group != domain_group(KEYS, "me@jiro-yamada.example")
    assert group != domain_group(OTHER_KEYS, "me@taro-yamada.example")
    assert "yamada" not in group
    assert provider("notgmail.com") is None


def test_metrics_know_a_bounded_number_of_groups() -> None:
    found = {shown(domain_group(KEYS, f"a@d{n}.example")) for n in range(100)}
    assert found == {"other"}
    assert {shown(None), shown("constructed"), shown(7)} == {"other"}
    assert "other" in GROUPS
    assert len(GROUPS) < 20
