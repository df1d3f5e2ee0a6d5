"""What an operator does about letters: explain them, settle them, and stop them."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.acceptance.pages import FIRST, SECOND, page, write
from tests.acceptance.program import Program, wait_for
from tests.smtp import DROP, TAKE_AND_DROP, Recorder

ANN, BEN, CAT, DAN = (f"{name}@example.com" for name in ("ann", "ben", "cat", "dan"))
NAME = "digest/1"


def script(phase: str, address: str, nth: int) -> str | None:
    """Ann's letter arrives and Ben's does not; both connections end before the last word."""
    lost = {("data", ANN, 1): TAKE_AND_DROP, ("data", BEN, 1): DROP}
    return lost.get((phase, address, nth))


@pytest.fixture
def server() -> Iterator[Recorder]:
    with Recorder(script) as recorder:
        yield recorder


@pytest.fixture
def mailing(syndicate: Program, server: Recorder) -> Program:
    """A publication with an edition for Ann, Ben and Cat that waits to be sent by SMTP."""
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    for reader in (ANN, BEN, CAT):
        syndicate("subscribers", "add", reader, "--confirmed")
    syndicate("build")
    syndicate("editions", "cut", "digest")
    smtp = {
        "SYNDICATE_MAIL__TRANSPORT": "smtp",
        "SYNDICATE_MAIL__HOST": server.host,
        "SYNDICATE_MAIL__PORT": str(server.port),
        "SYNDICATE_MAIL__STARTTLS": "false",
    }
    return Program(syndicate.folder, {**syndicate.environment, **smtp})


def taken(server: Recorder) -> list[str]:
    return sorted(letter.recipient for letter in server.letters)


def test_what_a_killed_sender_left_is_named_before_and_after_the_next_one_settles_it(
    mailing: Program,
) -> None:
    with closing(sqlite3.connect(mailing.folder / "syndicate.db")) as database:
        database.execute("UPDATE delivery SET state = 'sending' WHERE key = 'e:1:1'")
        database.commit()
    assert "1 letter is under way just now" in mailing("deliveries", "uncertain").stdout
    assert "uncertain if their sender was killed" in mailing("editions", "pause", NAME).stdout
    mailing("editions", "resume", NAME)
    said = mailing("deliver").stdout
    assert "1 letter was on the way when the sender before this one ended" in said
    told = (
        "2 letters are uncertain: they may have arrived, and are not sent again by themselves. "
        f"See: syndicate -C {mailing.folder} deliveries uncertain\n"
    )
    assert told in said
    assert mailing("status").stdout.endswith(told)
    assert "under way just now" not in mailing("deliveries", "uncertain").stdout


def test_letters_in_a_maildir_are_their_own_evidence(syndicate: Program) -> None:
    write(syndicate.folder / "content", {"a.txt": page(FIRST)})
    syndicate("subscribers", "add", ANN, "--confirmed")
    for command in (("build",), ("editions", "cut", "digest"), ("deliver",)):
        syndicate(*command)
    with closing(sqlite3.connect(syndicate.folder / "syndicate.db")) as database:
        database.execute("UPDATE delivery SET state = 'unknown'")
        database.commit()
    lines = syndicate("deliveries", "uncertain").stdout.splitlines()
    (settle,) = (line for line in lines if "reconcile" in line)
    settle = settle.replace("| syndicate", f"| {sys.executable} -m syndicate")
    done = subprocess.run(settle, shell=True, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("settled 1 ")
    assert "No letter is uncertain." in syndicate("deliveries", "uncertain").stdout


def test_uncertain_letters_are_settled_by_the_log_and_the_rest_sent_once_more(
    mailing: Program, server: Recorder
) -> None:
    assert "unknown 2" in mailing("deliver").stdout
    ann, ben = mailing.json("deliveries", "uncertain")
    assert [ann["address"], ben["address"]] == [ANN, BEN]
    said = mailing("deliveries", "uncertain", NAME).stdout
    assert "deliveries reconcile FILE" in said
    assert f"deliveries resend {NAME} --missing" in said

    (arrived,) = [letter.data for letter in server.letters if letter.recipient == ANN]
    assert f"Message-ID: {ann['message_id']}".encode() in arrived
    log = mailing.folder / "mail.log"
    log.write_bytes(
        f"Nov 23 06:00:01 mx postfix/cleanup[1]: 4F1A2B: message-id={ann['message_id']}\n"
        f"Nov 23 06:00:01 mx postfix/smtp[2]: 4F1A2B: to=<{ANN}>, relay=mx.example[192.0.2.1]:25, "
        "delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 OK)\n"
        f"Nov 23 06:00:02 mx postfix/cleanup[1]: 4F1A2C: message-id={ben['message_id']}\n"
        f"Nov 23 06:00:02 mx postfix/smtp[2]: 4F1A2C: to=<{BEN}>, relay=none, delay=1, "
        "delays=0/0/0/1, dsn=4.4.1, status=deferred (no route)\n".encode()
        + b"\xff\xfe not text\n"
    )
    said = mailing("deliveries", "reconcile", log).stdout
    assert "settled 1 · already sent 0 · not ours 0 · still unknown 1" in said
    assert mailing.json("deliveries", "reconcile", log)["already_sent"] == 1
    proven = mailing.json("deliveries", "explain", NAME, ANN)
    assert proven["code"] == "sent"
    assert "4F1A2B: relay=mx.example[192.0.2.1]:25" in proven["moments"][-1]["detail"]

    assert "2 letters" not in mailing("deliveries", "resend", NAME, "--missing").stdout
    assert taken(server) == [ANN, CAT]
    (letter,) = mailing.json("deliveries", "resend", NAME, "--missing", "--yes")["letters"]
    assert letter["address"] == BEN
    mailing("deliver")
    assert taken(server) == [ANN, BEN, CAT]
    (letter_of_ben,) = [letter.data for letter in server.letters if letter.recipient == BEN]
    assert f"Message-ID: {ben['message_id']}".encode() in letter_of_ben
    assert "No letter is uncertain" in mailing("deliveries", "uncertain").stdout
    audited = mailing("editions", "audit", NAME).stdout
    assert "frozen 3 = sent 3 + failed 0 + unknown 0 + cancelled 0 + pending 0: holds" in audited


def test_the_ledger_explains_who_got_an_edition_and_who_did_not(mailing: Program) -> None:
    mailing("deliver")
    mailing("subscribers", "add", DAN, "--confirmed")
    said = mailing("deliveries", "explain", NAME, CAT).stdout
    assert f"{NAME}  sent: sent: 250" in said
    assert "attempt 1" in said
    assert "after the edition started" in mailing("deliveries", "explain", NAME, DAN).stdout
    nobody = mailing.json("deliveries", "explain", NAME, "nobody@example.com")
    assert (nobody["code"], nobody["key"], nobody["message_id"]) == ("never-subscribed", None, None)
    mailing("subscribers", "add", "eve@example.com")
    assert mailing.json("deliveries", "explain", NAME, "eve@example.com")["code"] == "unconfirmed"
    refused = mailing("deliveries", "explain", NAME, "no address", status=1)
    assert "is not a mail address" in refused.stderr
    assert (
        "no edition 'digest/9'"
        in mailing("deliveries", "explain", "digest/9", CAT, status=1).stderr
    )


def test_sending_is_paused_across_processes_and_goes_on(mailing: Program, server: Recorder) -> None:
    assert "3 letters wait" in mailing("editions", "pause", NAME).stdout
    said = mailing("deliver").stdout
    resume = f"syndicate -C {mailing.folder} editions resume {NAME}"
    assert f"{NAME} is paused. Go on with: {resume}" in said
    assert "paused" in mailing("editions", "show", NAME).stdout
    assert "paused" in mailing("editions", "list").stdout
    assert f"{NAME} is paused: {resume}" in mailing("doctor", status=1).stdout
    mailing("editions", "pause", "--all")
    assert mailing.json("editions", "resume", NAME)["all_paused"] is True
    write(mailing.folder / "content", {"b.txt": page(SECOND)})
    mailing("build")
    mailing("editions", "cut", "digest")
    assert "nobody sends just now · 0 wait · 3 are held back" in mailing("status").stdout
    for command in (("deliver",), ("editions", "list"), ("status",)):
        assert "All sending is paused since" in mailing(*command).stdout
    assert "all of it is paused since" in mailing("doctor", status=1).stdout
    assert taken(server) == []
    assert "Sending goes on" in mailing("editions", "resume", "--all").stdout
    mailing("deliver")
    assert taken(server) == [ANN, CAT]
    assert "done already" in mailing("editions", "pause", NAME, status=1).stderr
    assert "name one edition" in mailing("editions", "pause", status=2).stderr


def test_an_edition_whose_last_reply_came_in_a_pause_is_done_when_it_goes_on(
    mailing: Program,
) -> None:
    mailing("deliver")
    with closing(sqlite3.connect(mailing.folder / "syndicate.db")) as database, database:
        database.execute("UPDATE edition SET state = 'paused', finished = NULL")
    assert f"{NAME} is now done" in mailing("editions", "resume", NAME).stdout
    assert mailing.json("status")["editions"] == []


def test_a_running_daemon_obeys_a_pause_and_goes_on_after_its_restart(
    mailing: Program, server: Recorder
) -> None:
    mailing("editions", "pause", "--all")
    for _ in range(2):
        with mailing.daemon() as daemon:
            assert b'"sending": "paused: all"' in daemon.get("/healthz")[2].replace(b'":"', b'": "')
            assert daemon.terminate() == 0
    assert taken(server) == []
    with mailing.daemon() as daemon:
        mailing("editions", "resume", "--all")
        daemon_sent(mailing, 1)
    assert taken(server) == [ANN, CAT]


def daemon_sent(program: Program, count: int) -> None:
    def arrived() -> bool:
        deliveries = program.json("editions", "show", NAME)["deliveries"]
        return bool(deliveries["sent"] == count and deliveries["unknown"] == 2)

    wait_for(arrived)


def test_cancelling_is_told_before_it_is_done(mailing: Program, server: Recorder) -> None:
    said = mailing("editions", "cancel", NAME).stdout
    assert "would be cancelled: 3 letters are not sent" in said
    assert mailing.json("editions", "show", NAME)["state"] == "sending"
    assert mailing.json("editions", "cancel", NAME, "--yes")["cancelled"] == 3
    mailing("deliver")
    assert taken(server) == []
    assert mailing.json("editions", "audit", NAME)["holds"] is True
    assert "cancelled before" in mailing("editions", "cancel", NAME, status=1).stderr
    refused = mailing("deliveries", "resend", NAME, "--missing", status=1).stderr
    assert f"{NAME} is cancelled" in refused
    write(mailing.folder / "content", {"b.txt": page(SECOND)})
    mailing("build")
    assert "3 letters are ready" in mailing("editions", "cut", "digest").stdout


def test_a_file_that_proves_nothing_is_named(mailing: Program) -> None:
    missing = mailing("deliveries", "reconcile", "none.log", status=1).stderr
    assert "none.log: cannot be read" in missing
    assert "say which letters" in mailing("deliveries", "resend", NAME, status=2).stderr
