"""Letters into a maildir, read back by Python's own reader."""

import errno
import mailbox
import os
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.delivery import ConnectError
from syndicate.delivery.maildir import MaildirTransport
from syndicate.model import Accepted, Letter
from tests.delivery.way import Way

LETTER = Letter(
    "e:1:1", "news@example.com", "reader@example.com", (b"Subject: one\r\n\r\nHello\r\n",)
)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_letter_is_read_by_a_mail_reader(tmp_path: Path) -> None:
    connection = Way(MaildirTransport(tmp_path / "mail"))
    assert isinstance(connection.send(LETTER), Accepted)
    connection.close()
    with_reader = mailbox.Maildir(tmp_path / "mail", create=False)
    (message,) = with_reader
    assert message["Subject"] == "one"
    assert message.get_payload() == "Hello\n"


def test_the_same_letter_twice_is_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        connection = Way(MaildirTransport(tmp_path))
        assert isinstance(connection.send(LETTER), Accepted)
    (name,) = files(tmp_path)
    assert name == "new/e6fbd176a346d74bf8239583f85857b0.syndicate"
    assert (tmp_path / name).read_bytes().replace(b"\n", b"\r\n") == LETTER.data


def test_a_letter_that_was_read_is_not_written_again(tmp_path: Path) -> None:
    connection = Way(MaildirTransport(tmp_path))
    connection.send(LETTER)
    (name,) = files(tmp_path)
    (tmp_path / name).rename(tmp_path / "cur" / f"{Path(name).name}:2,S")
    outcome = connection.send(LETTER)
    assert isinstance(outcome, Accepted)
    assert outcome.reply.startswith("already in ")
    assert files(tmp_path) == [f"cur/{Path(name).name}:2,S"]


def test_a_place_that_is_no_folder_is_our_fault(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("")
    with pytest.raises(ConnectError, match=r"mail: .*; make it writable") as raised:
        MaildirTransport(tmp_path / "mail").check()
    assert raised.value.blames_us


def test_a_folder_that_went_away_is_made_again(tmp_path: Path) -> None:
    connection = Way(MaildirTransport(tmp_path))
    (tmp_path / "mail").mkdir()
    connection.send(LETTER)
    (tmp_path / "tmp").rmdir()
    assert isinstance(connection.send(LETTER._replace(key="e:1:2")), Accepted)
    assert len(files(tmp_path)) == 2


FILL = """
import resource, signal, sys
from pathlib import Path
from syndicate.delivery.maildir import MaildirTransport
from syndicate.model import Letter

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
transport = MaildirTransport(Path(sys.argv[1]))
transport.check()
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
print(transport.write(Letter("e:1:1", "a@example.com", "b@example.com", (b"x" * 5000,))))
"""


def test_a_full_disk_defers_and_leaves_no_piece(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("Deferred(reply='maildir ")
    assert os.strerror(errno.EFBIG) in run.stdout
    assert files(tmp_path) == []
