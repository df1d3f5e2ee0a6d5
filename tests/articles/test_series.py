"""Parts are chained by the titles that they announce, whatever the order they come in."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.articles import title_key
from syndicate.articles.series import Chain, Linked, Member, link

A, B, C = Member(1, "A", "B"), Member(2, "B", "C"), Member(3, "C", None)


def _codes(linked: Linked) -> list[str]:
    return [notice.code for notice in linked.notices]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("港の朝", "港 の\u3000朝"),
        ("Part 2: Noon", "Ｐａｒｔ２：Ｎｏｏｎ"),
        ("ガス", "ｶﾞｽ"),
        ("が", "か\u3099"),
        ("a\u2028b\tc", "abc"),
    ],
)
def test_titles_are_compared_by_width_and_blanks_no_more(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Noon", "noon"), ("何か?", "何か"), ("第1回", "第2回")]
)
def test_other_differences_count(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_parts_are_chained_by_their_next_titles() -> None:
    assert link([C, A, B]) == Linked((Chain((1, 2, 3), None),), ())


def test_titles_match_whatever_their_width_and_blanks() -> None:
    linked = link([Member(1, "一", "港の朝 ２"), Member(2, "港の朝2", None)])
    assert linked.chains == (Chain((1, 2), None),)


def test_what_has_no_neighbour_and_announces_none_is_in_no_chain() -> None:
    assert link([C, Member(9, "Z", None)]) == Linked((), ())
    assert link([]) == Linked((), ())


def test_an_announced_part_that_has_not_come_ends_its_chain_with_a_notice() -> None:
    linked = link([A, B])
    assert linked.chains == (Chain((1, 2), "C"),)
    assert _codes(linked) == ["series-next-missing"]
    assert "“B”" in linked.notices[0].message
    assert "“C”" in linked.notices[0].message


def test_a_first_part_alone_is_a_chain_when_it_announces_another() -> None:
    assert link([A]).chains == (Chain((1,), "B"),)


def test_a_part_that_is_missing_in_the_middle_parts_the_chain() -> None:
    assert link([A, C]).chains == (Chain((1,), "B"),)


def test_two_pages_of_the_announced_title_are_both_named_and_neither_is_linked() -> None:
    linked = link([A, Member(4, "Ｂ", "C"), B, C])
    assert linked.chains == (Chain((2, 3), None),)
    assert _codes(linked) == ["series-ambiguous", "series-two-predecessors"]
    assert "“B”, “Ｂ”" in linked.notices[0].message


def test_two_pages_of_a_title_that_nobody_announces_are_fine() -> None:
    assert link([Member(1, "A", None), Member(2, "A", None)]) == Linked((), ())


def test_a_page_that_announces_itself_is_named_and_linked_to_nothing() -> None:
    linked = link([Member(1, "A", "A"), Member(2, "B", "C"), C])
    assert linked.chains == (Chain((2, 3), None),)
    assert _codes(linked) == ["series-self"]
    assert "“A”" in linked.notices[0].message


def test_a_page_that_announces_itself_can_follow_another() -> None:
    assert link([A, Member(2, "B", "B")]).chains == (Chain((1, 2), None),)


def test_a_ring_is_named_and_begins_at_its_oldest_part() -> None:
    linked = link(
        [Member(7, "C", "A"), Member(3, "B", "C"), Member(5, "A", "B"), Member(8, "X", "Y")]
    )
    assert linked.chains == (Chain((3, 7, 5), None), Chain((8,), "Y"))
    assert _codes(linked) == ["series-next-missing", "series-ring"]
    for title in ("A", "B", "C"):
        assert f"“{title}”" in linked.notices[-1].message


def test_of_two_predecessors_the_older_keeps_its_part_and_both_are_named() -> None:
    linked = link([Member(5, "X", "C"), Member(1, "Y", "C"), C])
    assert linked.chains == (Chain((1, 3), None),)
    assert _codes(linked) == ["series-two-predecessors"]
    assert "“Y”, “X”" in linked.notices[0].message


def test_two_parts_may_await_the_same_part_and_are_named_already() -> None:
    linked = link([Member(5, "X", "C"), Member(1, "Y", "C")])
    assert linked.chains == (Chain((1,), "C"), Chain((5,), "C"))
    assert _codes(linked) == ["series-two-predecessors", "series-next-missing"]


_TITLES = st.sampled_from(["A", "B", "C", "D", "Ａ", " B", "E"])
_MEMBERS = st.lists(
    st.builds(Member, st.integers(1, 99), _TITLES, st.none() | _TITLES),
    unique_by=lambda member: member.article_id,
    max_size=8,
)


@given(_MEMBERS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(members: list[Member], chance: Random) -> None:
    assert link(chance.sample(members, len(members))) == link(members)


@given(_MEMBERS)
def test_no_article_is_in_two_places_and_every_step_was_announced(members: list[Member]) -> None:
    linked = link(members)
    by_id = {member.article_id: member for member in members}
    placed = [one for chain in linked.chains for one in chain.article_ids]
    assert len(placed) == len(set(placed))
    for chain in linked.chains:
        parts = [by_id[one] for one in chain.article_ids]
        for one, after in pairwise(parts):
            assert title_key(one.next_title or "") == title_key(after.title)
        assert chain.next_title in {None, parts[-1].next_title}
        assert len(parts) > 1 or chain.next_title is not None


@given(_MEMBERS)
def test_no_announcement_is_passed_over_in_silence(members: list[Member]) -> None:
    linked = link([replace(one, slug=f"slug-{one.article_id}") for one in members])
    followed = {one for chain in linked.chains for one in chain.article_ids[:-1]}
    unlinked = [one for one in members if one.next_title and one.article_id not in followed]
    for one in unlinked:
        assert any(
            f"“{one.title}” (slug-{one.article_id})" in notice.message
            or notice.code == "series-ambiguous"
            for notice in linked.notices
        )


@pytest.mark.parametrize(
    "members",
    [
        [Member(n, f"t{n}", f"t{n + 1}") for n in range(50_000)],
        [Member(n, f"t{n}", f"t{(n + 1) % 50_000}") for n in range(50_000)],
        [Member(n, "t", "t") for n in range(50_000)],
        [Member(n, f"t{n}", "t0") for n in range(50_000)],
        [Member(n, "t", "u") for n in range(50_000)],
        [Member(n, f"t{n}", f"t{n + 1}", series="S") for n in range(50_000)],
        [Member(n, f"t{n}", None, series="S") for n in range(50_000)],
    ],
    ids=["line", "ring", "selves", "star", "double", "named line", "named"],
)
def test_fifty_thousand_parts_end(members: list[Member]) -> None:
    linked = link(members)
    assert sum(len(chain.article_ids) for chain in linked.chains) <= len(members)
