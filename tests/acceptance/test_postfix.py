"""Through a real Postfix that demands STARTTLS (issue 3): what is sent is what arrives."""

import os
import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
import trustme

from syndicate.delivery.session import SmtpSettings
from syndicate.delivery.smtp import SmtpTransport
from syndicate.model import Accepted, Letter
from tests.acceptance.pages import series, write
from tests.acceptance.program import Program, wait_for
from tests.delivery.way import Way
from tests.digests.samples import EXPECTED
from tests.postfix import MISSING, POSTFIX, relay
from tests.smtp import Recorder

READERS = 20

pytestmark = pytest.mark.skipif(not POSTFIX or os.geteuid() != 0, reason=MISSING)


class Relay(NamedTuple):
    """Postfix' port, the server behind it, and the authority of its certificate."""

    port: int
    far: Recorder
    authority: trustme.CA


@pytest.fixture(scope="module")
def postfix() -> Iterator[Relay]:
    authority = trustme.CA()
    # Not below pytest's folders: each session that starts closes them to everyone but its owner.
    with (
        TemporaryDirectory(prefix="syndicate-postfix-") as folder,
        Recorder() as far,
        relay(Path(folder), authority, far.port) as port,
    ):
        yield Relay(port, far, authority)


@pytest.fixture
def cut(syndicate: Program, tmp_path: Path) -> Program:
    """A publication with an edition that is due."""
    write(syndicate.folder / "content", series())
    syndicate("build")
    people = tmp_path / "people.csv"
    rows = (f"r{n}@example.com,読者 {n},{'en' if n % 2 else 'ja'}" for n in range(READERS))
    people.write_text("email,name,language\n" + "\n".join(rows) + "\n", encoding="utf-8")
    syndicate("subscribers", "import", people, "--newsletter", "digest", "--confirmed")
    syndicate("editions", "cut", "digest")
    return syndicate


def by_smtp(program: Program, relay: Relay, **environment: str) -> Program:
    mail = {"TRANSPORT": "smtp", "PORT": str(relay.port), "STARTTLS": "true"}
    settings = {f"SYNDICATE_MAIL__{name}": value for name, value in mail.items()}
    return Program(program.folder, {**program.environment, **settings, **environment})


def test_an_edition_goes_through_postfix_with_starttls(
    cut: Program, postfix: Relay, tmp_path: Path
) -> None:
    before = len(postfix.far.letters)
    trusted = tmp_path / "authority.pem"
    postfix.authority.cert_pem.write_to_path(trusted)
    program = by_smtp(cut, postfix, SSL_CERT_FILE=str(trusted))
    assert program.json("deliver")["sent"] == READERS
    wait_for(lambda: len(postfix.far.letters) >= before + READERS)
    arrived = [one.recipient for one in postfix.far.letters[before:]]
    assert sorted(arrived) == sorted(f"r{n}@example.com" for n in range(READERS))


def test_a_certificate_that_nobody_vouches_for_gets_no_letter(cut: Program, postfix: Relay) -> None:
    before = len(postfix.far.letters)
    assert "certificate verify failed" in by_smtp(cut, postfix)("deliver", status=1).stderr
    assert len(postfix.far.letters) == before
    assert cut.json("editions", "show", "digest/1")["deliveries"]["pending"] == READERS


def test_letters_arrive_unaltered(cut: Program, postfix: Relay) -> None:
    before = len(postfix.far.letters)
    assert cut.json("deliver")["sent"] == READERS
    kept = (cut.folder / "mail" / "new").iterdir()
    digests = [file.read_bytes().replace(b"\n", b"\r\n") for file in kept]
    digests += [file.read_bytes() for file in sorted(EXPECTED.glob("*.eml"))]
    headers = b"From: a@example.com\r\nDate: Mon, 23 Nov 2026 07:00:00 +0000\r\nMessage-ID: <1@a.example>\r\n"
    hard = (
        headers + b"Subject: dots\r\n\r\n.\r\n..\r\n.dot first\r\n" + b"x" * 998 + b"\r\n\r\n\r\n"
    )
    context = ssl.create_default_context()
    postfix.authority.configure_trust(context)
    transport = SmtpTransport(
        SmtpSettings("127.0.0.1", postfix.port, helo="a.example", timeout=20, trust=lambda: context)
    )
    sent = {f"n{n}@example.net": data for n, data in enumerate([*digests, hard])}
    with closing(Way(transport)) as way:
        for recipient, data in sent.items():
            letter = Letter(recipient, "news@example.com", recipient, (data,))
            assert isinstance(way.send(letter), Accepted)
    wait_for(lambda: len(postfix.far.letters) == before + len(sent))
    for one in postfix.far.letters[before:]:
        added = re.match(rb"Received: .*?\r\n(?=\S)", one.data, re.DOTALL)
        assert added
        assert b" with ESMTPS " in added[0]
        assert one.data[added.end() :] == sent[one.recipient]
