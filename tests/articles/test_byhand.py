"""Series that the settings or the pages themselves put in order."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from syndicate.articles.series import Chain, Linked, Member, link, title_key
from syndicate.model import NamedSeries


def own(number: int, title: str, part: int | None = None, after: str | None = None) -> Member:
    return Member(number, title, after, series="Bees", part=part)


def codes(linked: Linked) -> list[str]:
    return [notice.code for notice in linked.notices]


def test_pages_number_themselves() -> None:
    linked = link([own(1, "B", 2), own(2, "A", 1), Member(3, "Z", None)])
    assert linked == Linked((Chain((2, 1), None, title="Bees"),), ())


def test_one_page_alone_is_a_series_if_it_says_so() -> None:
    assert link([own(1, "A")]).chains == (Chain((1,), None, title="Bees"),)


def test_a_number_that_is_left_out_is_named_and_its_title_kept_where_it_is_told() -> None:
    linked = link([own(1, "A", 1, "B"), own(3, "C", 3)])
    (chain,) = linked.chains
    assert chain.missing == ((2, "B"),)
    assert chain.numbers == {1: 1, 3: 3}
    assert codes(linked) == ["series-part-missing"]
    assert link([own(1, "A", 1), own(3, "C", 3)]).chains[0].missing == ()


def test_two_of_one_number_are_named_and_the_older_stands_first() -> None:
    linked = link([own(2, "B", 1), own(1, "A", 1)])
    assert linked.chains[0].article_ids == (1, 2)
    assert codes(linked) == ["series-part-twice"]


def test_a_part_without_a_number_follows_the_one_that_announces_it() -> None:
    linked = link(
        [own(1, "A", 1, "N"), own(2, "C", 2), own(3, "N"), own(4, "Y", None, "X"), own(5, "X")]
    )
    assert linked.chains[0].article_ids == (1, 3, 2, 4, 5)


def test_what_a_part_announces_joins_the_series_if_it_says_nothing_itself() -> None:
    linked = link([own(1, "A", None, "B"), Member(2, "B", "C"), Member(3, "C", "D")])
    assert linked.chains == (Chain((1, 2, 3), "D", title="Bees"),)
    assert codes(linked) == ["series-next-missing"]


BY_HAND = NamedSeries("boats", "All boats", ("content/b.txt", "Ａ 1", "Later"))


def test_the_settings_order_parts_by_file_and_title_and_keep_places_free() -> None:
    members = [Member(1, "A1", "B"), Member(2, "B", None, paths=("content/b.txt",))]
    linked = link(members, [BY_HAND])
    assert linked.chains == (Chain((2, 1), None, ((3, "Later"),), "All boats", "boats"),)
    assert linked.chains[0].announced == ((3, "Later"),)
    assert codes(linked) == ["series-part-missing"]


def test_pages_may_name_a_series_of_the_settings() -> None:
    named = [NamedSeries("bees", "Bees of today")]
    members = [
        Member(1, "B", None, series="bees", part=2),
        Member(2, "A", None, series="Bees  of today", part=1),
    ]
    assert link(members, named).chains == (Chain((2, 1), None, (), "Bees of today", "bees"),)


def test_a_series_of_files_is_called_what_its_first_part_is() -> None:
    members = [Member(1, "A", None, paths=("content/a.txt",)), Member(2, "B", None)]
    parts = ("content/none.txt", "content/a.txt", "B")
    assert link(members, [NamedSeries("one", "", parts)]).chains[0].title == "A"
    assert link(members, [NamedSeries("one", "", ("Later", *parts))]).chains[0].title == "Later"


def test_what_the_settings_cannot_mean_is_named() -> None:
    members = [Member(1, "A", None), Member(2, "A", None), Member(3, "B", None)]
    series = [
        NamedSeries("one", "", ("A", "B")),
        NamedSeries("two", "", ("B",)),
        NamedSeries("three", "", ("content/none.txt",)),
    ]
    linked = link(members, series)
    assert [chain.article_ids for chain in linked.chains] == [(3,)]
    assert codes(linked) == [
        "series-ambiguous",
        "series-part-twice",
        "series-part-missing",
        "series-unknown",
        "series-unknown",
    ]
    assert linked.whose == (1, 3, None, None, None)


def test_a_part_that_was_renamed_is_found_by_its_former_title() -> None:
    renamed = Member(2, "B, mended", "C", former=(title_key("B"), title_key("B, mended")))
    linked = link([Member(1, "A", "B"), renamed, Member(3, "C", None)])
    assert linked.chains == (Chain((1, 2, 3), None),)
    assert codes(linked) == ["series-renamed"]
    assert "now called “B, mended”" in linked.notices[0].message


def test_a_former_title_gives_way_to_a_present_one() -> None:
    renamed = Member(2, "C", None, former=(title_key("B"),))
    new = Member(3, "B", None)
    assert link([Member(1, "A", "B"), renamed, new]).chains == (Chain((1, 3), None),)
    both = link([Member(1, "A", "B"), Member(4, "D", "C"), renamed])
    assert both.chains == (Chain((4, 2), None),)


_TITLES = st.sampled_from(["A", "B", "C", "D", "E"])
_MEMBERS = st.lists(
    st.builds(
        Member,
        st.integers(1, 99),
        _TITLES,
        st.none() | _TITLES,
        series=st.none() | st.sampled_from(["S", "T"]),
        part=st.none() | st.integers(1, 4),
        former=st.lists(_TITLES, max_size=2).map(tuple),
    ),
    unique_by=lambda member: member.article_id,
    max_size=8,
)
_SERIES = st.lists(
    st.builds(
        NamedSeries, st.sampled_from(["S", "U"]), parts=st.lists(_TITLES, max_size=3).map(tuple)
    ),
    max_size=2,
)


@given(_MEMBERS, _SERIES, st.randoms(use_true_random=False))
def test_each_article_has_one_place_whatever_the_order_of_arrival(
    members: list[Member], series: list[NamedSeries], chance: Random
) -> None:
    linked = link(members, series)
    assert link(chance.sample(members, len(members)), series) == linked
    placed = [one for chain in linked.chains for one in chain.article_ids]
    assert len(placed) == len(set(placed))
    assert {one.article_id for one in members if one.series} <= set(placed)
    for chain in linked.chains:
        numbers = [*chain.numbers.values(), *(number for number, _ in chain.announced)]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
