"""600 letters to an unfriendly server, from a sender that is killed 12 times at random (issue 3)."""

import asyncio
import random
import signal
from pathlib import Path

from tests.crash.mailing import Mailing
from tests.crash.sink import DROP, TAKE_AND_DROP, Moment, Sink

READERS, KILLS = 600, 12
_MOMENTS = 5 * READERS  # a letter goes through five, and more when it comes again


def test_600_letters_through_12_kills_to_a_server_that_greylists_refuses_and_hangs_up(
    tmp_path: Path,
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    dice = random.Random(seed)
    unlike = dice.sample(range(READERS), 100)
    grey, refused, dropped, taken = (
        {f"reader{n}@example.com" for n in unlike[a:b]}
        for a, b in ((0, 60), (60, 72), (72, 86), (86, 100))
    )
    kill_at = 0

    def script(moment: Moment) -> str | None:
        if sink.victim and moment.total >= kill_at:
            # Not at once, so that it may as well be writing to its database just then.
            asyncio.get_running_loop().call_later(dice.uniform(0, 0.01), die, sink.victim)
            sink.victim = 0
        where = (moment.phase, moment.mailbox)
        if moment.phase == "rcpt" and moment.mailbox in grey and moment.nth < 3:
            return "450 4.2.0 greylisted, come back later"
        if moment.phase == "rcpt" and moment.mailbox in refused:
            return "550 5.1.1 no such user"
        return {("dot", one): DROP for one in dropped}.get(where) or {
            ("dot", one): TAKE_AND_DROP for one in taken
        }.get(where)

    def die(pid: int) -> None:
        sink.victim = pid
        sink.kill()

    edition = Mailing(tmp_path / "publication", f"sqlite:///{tmp_path / 'syndicate.db'}", READERS)
    with edition, Sink(script) as sink:
        begun = 0
        for _ in range(KILLS):
            kill_at = begun + dice.randint(1, 2 * (_MOMENTS // 2 // KILLS))
            assert edition.send(sink, CRASH_WAITS="0.05") == -signal.SIGKILL
            begun = kill_at
            edition.judge(sink, f"kill {edition.crashes}", ended=False)
        kill_at = 1_000_000
        report = edition.send_to_the_end(sink, CRASH_WAITS="0.05")
        edition.judge(sink)
        assert (sink.killed, report["waiting"]) == (KILLS, 0)
        rows = {row.mailbox: row.state for row in edition.rows}
        assert {rows[one] for one in refused} <= {"failed", "unknown"}
        assert {rows[one] for one in dropped | taken} == {"unknown"}
        accepted = {one.mailbox for one in sink.arrivals if one.accepted}
        uncertain = {mailbox for mailbox, state in rows.items() if state == "unknown"}
        assert accepted | uncertain | refused == set(rows), "nobody was lost"
