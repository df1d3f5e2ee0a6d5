import pytest

from syndicate.outbox.breaker import ENOUGH, Counts, tripped


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (Counts(1000, address=50), "50 of 1000 addresses"),
        (Counts(1000, message=10), "10 of 1000 letters"),
        (Counts(1000, message=5, us=5), "10 of 1000 letters"),
        (Counts(1000, us=10), "10 of 1000 letters"),
        (Counts(1000, complaints=1), "1 of 1000 readers"),
        (Counts(500, address=500, message=0), "500 of 500 addresses"),
    ],
)
def test_too_many_refusals_or_complaints_stop_an_edition_and_say_why(
    counts: Counts, says: str
) -> None:
    reason = tripped(counts)
    assert reason is not None
    assert reason.startswith(says)
    assert reason.endswith("before you go on.")


@pytest.mark.parametrize(
    "counts",
    [
        Counts(ENOUGH - 1, address=ENOUGH - 1),
        Counts(1000, address=49, message=9),
        Counts(1000, message=5, us=4),
        Counts(2000, complaints=1),
        Counts(1_000_000),
        Counts(0),
    ],
)
def test_what_is_usual_stops_nothing(counts: Counts) -> None:
    assert tripped(counts) is None
