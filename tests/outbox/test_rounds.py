"""How many letters a round waits for: more where the disk is fast, fewer where the server waits for it."""

from collections.abc import Callable

import pytest

from syndicate.outbox.rounds import fewest, together

CONNECTIONS = 24


def settled(left: Callable[[int], int]) -> list[int]:
    """Return what the last of many rounds waited for, given how many letters each leaves in the air."""
    sizes = [fewest(CONNECTIONS)]
    for _ in range(40):
        sizes.append(together(sizes[-1], left(sizes[-1]), CONNECTIONS))
    return sizes[20:]


@pytest.mark.parametrize(
    ("landing", "sizes"),
    [(0, {16}), (3, {16}), (14, {8, 9}), (16, {8}), (24, {8})],
    ids=[
        "at once",
        "a fast disk",
        "a slow one",
        "a slower one",
        "one that is slower than the server",
    ],
)
def test_a_round_waits_for_as_many_as_land_without_it(landing: int, sizes: set[int]) -> None:
    assert set(settled(lambda size: max(0, CONNECTIONS - size - landing))) == sizes


def test_one_round_that_was_slow_makes_the_next_smaller_by_one_letter_alone() -> None:
    assert together(16, 0, CONNECTIONS) == 15
    assert together(15, 9, CONNECTIONS) == 16


@pytest.mark.parametrize("connections", [1, 2, 3, 24])
def test_no_number_of_connections_leaves_a_round_out_of_bounds(connections: int) -> None:
    for left in (0, connections):
        assert 1 <= together(fewest(connections), left, connections) <= max(2, connections)
