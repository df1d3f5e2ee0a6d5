"""A real process killed at every named point, one point after another, on both databases."""

import signal

from tests.crash.conftest import Make
from tests.crash.mailing import CONNECTIONS
from tests.crash.sink import DROP, KILL, TAKE_AND_DROP, TAKE_AND_KILL, Moment, Script, Sink

KILLED = -signal.SIGKILL
AT_THE_LEDGER = (
    "claim before 2",
    "claim after 2",
    "intend before 2",
    "intend after 2",
    "finish before 1",
    "finish after 1",
    "settle before 1",
    "settle after 1",
    "finish before 2",
)
ON_THE_WIRE = (
    ("mail", KILL),
    ("rcpt", KILL),
    ("data", KILL),
    ("body", KILL),
    ("dot", KILL),
    ("dot", TAKE_AND_KILL),
)


def at(phase: str, deed: str, nth: int = 4) -> Script:
    """Do a deed when the dialogue comes to a phase for the n-th time, whoever's letter it is."""
    left = nth

    def script(moment: Moment) -> str | None:
        nonlocal left
        left -= moment.phase == phase
        return deed if left == 0 and moment.phase == phase else None

    return script


def test_killed_at_each_point_of_the_ledger_it_goes_on_and_mails_each_reader_once(
    mailing: Make,
) -> None:
    # A second round may follow a full first one.
    edition = mailing(len(AT_THE_LEDGER) * 2 * CONNECTIONS)
    with Sink() as sink:
        for point in AT_THE_LEDGER:
            assert edition.send(sink, CRASH_AT=point) == KILLED, point
            edition.judge(sink, point, ended=False)
        edition.send_to_the_end(sink)
        edition.judge(sink)


def test_killed_at_each_point_of_the_dialogue_it_goes_on_and_mails_each_reader_once(
    mailing: Make,
) -> None:
    edition = mailing(40 * len(ON_THE_WIRE))
    with Sink(pipelining=False) as sink:
        for phase, deed in ON_THE_WIRE:
            sink.script = at(phase, deed)
            assert edition.send(sink) == KILLED, phase
            edition.judge(sink, f"{phase}, {deed}", ended=False)
        edition.send_to_the_end(sink)
        edition.judge(sink)
    assert sink.killed == len(ON_THE_WIRE)


def test_killed_between_the_reply_and_the_record_the_letters_taken_over_are_unknown(
    mailing: Make,
) -> None:
    edition = mailing(40)
    with Sink() as sink:
        assert edition.send(sink, CRASH_AT="finish before 1") == KILLED
        taken = {one.mailbox for one in sink.arrivals}
        edition.send_to_the_end(sink)
        edition.judge(sink)
    unknown = {row.mailbox for row in edition.rows if row.state == "unknown"}
    assert 0 < len(unknown) <= CONNECTIONS
    assert taken <= unknown


def test_killed_before_the_first_intent_nothing_is_uncertain(mailing: Make) -> None:
    edition = mailing(20)
    with Sink() as sink:
        for point in ("claim before 1", "intend before 1"):
            assert edition.send(sink, CRASH_AT=point) == KILLED
        assert sink.arrivals == []
        edition.send_to_the_end(sink)
        edition.judge(sink)
    assert edition.states() == {"sent": 20}


def test_a_reply_that_never_comes_makes_that_letter_unknown_and_no_other(mailing: Make) -> None:
    dropped = {"reader4@example.com": DROP, "reader9@example.com": TAKE_AND_DROP}

    def script(moment: Moment) -> str | None:
        return dropped.get(moment.mailbox) if moment.phase == "dot" else None

    edition = mailing(30)
    with Sink(script) as sink:
        edition.send_to_the_end(sink)
        edition.send_to_the_end(sink)
        edition.judge(sink)
    assert {row.mailbox for row in edition.rows if row.state == "unknown"} == set(dropped)
    assert edition.states() == {"sent": 28, "unknown": 2}
