"""What is done with many pages is done step by step with a few of them."""

import pytest

from syndicate.steps import Steps, finish, in_step


def count(name: str, steps: int, said: list[str]) -> Steps[str]:
    for step in range(steps):
        said.append(f"{name}{step}")
        yield
    return name


def test_works_take_each_step_together_and_come_in_their_order() -> None:
    said: list[str] = []
    assert in_step([count("a", 1, said), count("b", 3, said), count("c", 2, said)]) == [*"abc"]
    assert said == ["a0", "b0", "c0", "b1", "c1", "b2"]
    assert in_step([]) == []


def test_a_work_alone_is_done_to_its_end_and_what_it_raises_is_heard() -> None:
    def refused() -> Steps[None]:
        yield
        raise ValueError("no")

    assert finish(count("a", 2, [])) == "a"
    with pytest.raises(ValueError, match="no"):
        finish(refused())
