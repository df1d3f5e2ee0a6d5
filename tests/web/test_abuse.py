"""Ten thousand requests in the name of a hundred people: few letters, and answers that tell nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import anyio
import pytest
from sqlalchemy import text
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from syndicate.jobs.subscribe import Consent, Person, add
from syndicate.outbox.turns import NETWORK
from tests.web.reader import Answer, Site, _ask

REQUESTS, ADDRESSES, NETWORKS = 10_000, 100, 50
PROXY = "10.0.0.1"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = Site(tmp_path / "a")
    yield opened
    opened.close()


def asked(
    site: Site, number: int, shown: str, peer: str = PROXY
) -> tuple[bytes, dict[str, str], str]:
    """One request: its body, headers, and whom it comes from."""
    address = f"reader{number % ADDRESSES}%40example.com"
    network = number // ADDRESSES % NETWORKS
    headers = {
        "host": "127.0.0.1:8000",
        "accept-language": "en",
        "content-type": "application/x-www-form-urlencoded",
        "x-forwarded-for": f"198.51.{network}.{number % 250 + 1}",
    }
    return f"email={address}&shown={shown}".encode(), headers, peer


async def flood(site: Site, numbers: range, shown: str, peer: str = PROXY) -> Counter[str]:
    app: Any = ProxyHeadersMiddleware(cast("Any", site.app), trusted_hosts=[f"{PROXY}/32"])
    answers: Counter[str] = Counter()
    for number in numbers:
        body, headers, whence = asked(site, number, shown, peer)
        answers[said(await _ask(app, "POST", "/subscribe", body, headers, whence))] += 1
    return answers


def said(answer: Answer) -> str:
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return f"{answer.status} {sorted(headers.items())} {answer.text}"


def test_letters_stay_within_their_bound_and_answers_cannot_be_told_apart(site: Site) -> None:
    one = site.services
    known = [(n, Person(f"reader{n}@example.com")) for n in range(20)]
    add(one.store, one.keys, "digest", "en", known, Consent("t"), site.now, one.tell)
    shown = site.get("/subscribe").shown
    site.pass_time(seconds=5)
    answers = anyio.run(flood, site, range(REQUESTS), shown)
    assert list(answers.values()) == [REQUESTS]
    with one.store.read() as tx:
        waiting = tx.scalar(text("SELECT COUNT(*) FROM signup")) or 0
        now = tx.scalar(
            text("SELECT COUNT(*) FROM signup WHERE due <= :now"),
            {"now": int(site.now.timestamp() * 1_000_000)},
        )
    assert waiting <= REQUESTS
    assert now == NETWORKS * NETWORK.burst
    letters = list(site.mail())
    for _hour in range(24):
        site.pass_time(hours=1)
        letters += site.mail()
    to = Counter(str(letter["To"]) for letter in letters)
    assert len(to) <= ADDRESSES
    assert max(to.values()) <= 2  # one a day, and the day after has begun
    assert sum(1 for letter in letters if "already" in letter["Subject"]) >= 1


def test_who_is_no_trusted_proxy_cannot_choose_a_network(site: Site) -> None:
    shown = site.get("/subscribe").shown
    site.pass_time(seconds=5)
    anyio.run(flood, site, range(0, 5000, ADDRESSES - 1), shown, "203.0.113.9")
    with site.services.store.read() as tx:
        assert tx.scalar(text("SELECT COUNT(*) FROM turn")) == 1


def test_a_page_holds_no_word_of_what_was_typed_by_others(site: Site) -> None:
    page = site.get("/subscribe?newsletter=%3Cscript%3E&series=%3Cscript%3E&lang=%3Cscript%3E")
    assert "<script" not in page.text
    answer = site.post("/subscribe", email='"><script>@example.com', shown="")
    assert "<script" not in answer.text
    assert re.search(r"&#34;&gt;&lt;script&gt;", answer.text)
