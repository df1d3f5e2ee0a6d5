from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from syndicate import tokens
from syndicate.jobs.answer import purge
from syndicate.jobs.subscribe import Consent, Person, add
from syndicate.store import suppressions
from tests.web.reader import Answer, Site, flipped, path_of, words

PURPOSES = (
    tokens.UNSUBSCRIBE,
    tokens.PREFERENCES,
    tokens.CONFIRM,
    tokens.ACCOUNT,
    tokens.FEED,
    tokens.FORM,
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    opened = Site(tmp_path / "a")
    yield opened
    opened.close()


def rows(site: Site, table: str) -> list[tuple[object, ...]]:
    with site.services.store.read() as tx:
        return [tuple(row) for row in tx.execute(text(f"SELECT * FROM {table}"))]


def without_date(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    kept = {name: value for name, value in answer.headers.items() if name != "date"}
    return answer.status, kept, answer.body


def test_a_reader_subscribes_by_a_letter_that_asks_first(site: Site) -> None:
    answer = site.sign_up("ann@example.com")
    assert answer.status == 200
    assert rows(site, "subscription") == []
    (letter,) = site.mail()
    assert letter["To"] == "ann@example.com"
    path = path_of(letter, "confirm")
    assert "Confirm the subscription" in site.get(path).text
    assert rows(site, "subscription") == []
    assert "You are subscribed" in site.post(path).text
    assert len(rows(site, "subscription")) == 1
    (welcome,) = site.mail()
    assert "Welcome" in welcome["Subject"]
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "You are subscribed" in site.post(path).text  # once more changes nothing
    assert site.mail() == []


def test_the_record_of_consent_says_what_was_agreed_to_and_not_from_where(site: Site) -> None:
    site.join("ann@example.com")
    (asked, confirmed) = rows(site, "consent")
    assert [asked[3], confirmed[3]] == ["asked", "confirmed"]
    network = tokens.network_key(site.services.keys, site.peer)
    for row in (asked, confirmed):
        assert row[6:] == (network, "subscribe", row[8], "en", row[10])
        assert "You agree that" in str(row[10])
    assert site.peer not in str((asked, confirmed))


@pytest.mark.parametrize(
    ("language", "expected"), [("ja", "登録のご確認"), ("en", "Please confirm")]
)
def test_a_letter_speaks_the_language_of_the_form(site: Site, language: str, expected: str) -> None:
    site.language = f"{language}-XX,fr;q=0.5"
    site.sign_up("ann@example.com")
    (letter,) = site.mail()
    assert expected in letter["Subject"]


def test_a_page_is_read_in_another_language_by_its_link(site: Site) -> None:
    page = site.get("/subscribe?series=x&lang=ja")
    assert '<html lang="ja">' in page.text
    assert 'href="?series=x&amp;lang=en"' in page.text
    assert page.headers["vary"] == "Accept-Language"


def test_the_answer_is_the_same_for_every_address(site: Site) -> None:
    people = [(1, Person("known@example.com")), (2, Person("left@example.com"))]
    one = site.services
    add(one.store, one.keys, "digest", "en", people, Consent("t"), site.now, one.tell)
    blocked = tokens.address_key(one.keys, "blocked@example.com")
    with one.store.write() as tx:
        tx.execute(text("UPDATE subscription SET state = 'left' WHERE id = 2"))
        suppressions.suppress(tx, blocked, "refused", "550", site.now)
    names = ("known", "left", "blocked", "nobody")
    answers = {str(without_date(site.sign_up(f"{name}@example.com"))) for name in names}
    assert len(answers) == 1
    letters = {letter["To"]: letter for letter in site.mail()}
    assert sorted(letters) == [f"{name}@example.com" for name in ("known", "left", "nobody")]
    assert "You already get" in letters["known@example.com"]["Subject"]
    assert "confirm" in letters["left@example.com"]["Subject"]


def test_one_letter_a_day_and_three_in_thirty_days(site: Site) -> None:
    sent = []
    for _day in range(40):
        for _time in range(3):
            site.pass_time(hours=8)
            site.sign_up("ann@example.com")
            sent += [site.now for _ in site.mail()]
    assert len(sent) == 6
    for first, last in zip(sent, sent[3:], strict=False):
        assert last - first >= timedelta(days=30)
    for first, last in pairwise(sent):
        assert last - first >= timedelta(days=1)


def test_what_is_not_confirmed_is_deleted_after_seven_days(site: Site) -> None:
    site.sign_up("ann@example.com")
    (letter,) = site.mail()
    path = path_of(letter, "confirm")
    site.pass_time(days=6, hours=23)
    purge(site.services.store, site.now, site.services.tell)
    assert site.get(path).status == 200
    site.pass_time(hours=2)
    assert "expired" in site.get(path).text
    purge(site.services.store, site.now, site.services.tell)
    assert rows(site, "signup") == []
    assert "ann@" not in str(rows(site, "delivery"))
    assert site.post(path).status == 404


def test_a_letter_whose_request_is_gone_does_not_leave(site: Site) -> None:
    site.sign_up("ann@example.com")
    one = site.services
    from syndicate.jobs.answer import answer

    answer(one.store, one.keys, ["digest"], site.now, one.tell)
    with one.store.write() as tx:
        tx.execute(text("DELETE FROM signup"))
    assert site.mail() == []
    assert [row[8] for row in rows(site, "delivery")] == ["expired"]


def test_who_was_suppressed_meanwhile_cannot_confirm(site: Site) -> None:
    site.sign_up("ann@example.com")
    (letter,) = site.mail()
    key = tokens.address_key(site.services.keys, "ann@example.com")
    with site.services.store.write() as tx:
        suppressions.suppress(tx, key, "complaint", "", site.now)
    assert site.post(path_of(letter, "confirm")).status == 404
    assert rows(site, "subscription") == []


def test_who_comes_back_gets_nothing_that_was_mailed_meanwhile(site: Site) -> None:
    links = site.join("ann@example.com")
    assert site.post(links["u"]).status == 200
    with site.services.store.write() as tx:
        tx.execute(text("UPDATE mark SET value = 7"))
        tx.execute(text("INSERT INTO mark (name, value) VALUES ('news:digest', 7)"))
    site.pass_time(days=2)
    site.join("ann@example.com")
    with site.services.store.read() as tx:
        row = tx.execute(text('SELECT state, start, "cursor" FROM subscription')).one()
    assert tuple(row) == ("active", 7, 7)


def test_only_one_series_is_followed_where_that_is_asked(site: Site) -> None:
    with site.services.store.write() as tx:
        tx.execute(text("INSERT INTO series (slug, title) VALUES ('tides', 'Tides')"))
        tx.execute(text("UPDATE article SET series = 1, part = 1"))
    page = site.get("/subscribe?series=tides")
    assert "Only the series “Tides”" in page.text
    site.join("ann@example.com", series="tides")
    with site.services.store.read() as tx:
        found = tx.scalar(
            text("SELECT filters FROM subscription s JOIN profile p ON p.id = s.profile")
        )
    assert found == '{"series":["tides"]}'


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"email": "not an address"}, "This is not a mail address"),
        ({"email": "読者@example.com"}, "Please use another address."),
        ({"email": "ann@example.com", "shown": ""}, "press the button again"),
        ({"email": "ann@example.com", "shown": "x" * 44}, "press the button again"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_filled_in(
    site: Site, fields: dict[str, str], expected: str
) -> None:
    shown = site.get("/subscribe").shown
    site.pass_time(seconds=5)
    answer = site.post("/subscribe", **{"shown": shown, **fields})
    assert expected in answer.text
    assert f'value="{fields["email"]}"' in answer.text
    assert rows(site, "signup") == []


def test_an_address_for_smtputf8_is_taken_where_the_relay_offers_it(site: Site) -> None:
    site.close()
    settings = site.folder / "syndicate.toml"
    settings.write_text(settings.read_text().replace("# smtputf8 = false", "smtputf8 = true"))
    site = Site(site.folder)
    site.sign_up("読者@例え.example")
    assert [row[4] for row in rows(site, "signup")] == ["読者@xn--r8jz45g.example"]


def test_a_form_without_a_newsletter_says_so_and_comes_back_filled_in(site: Site) -> None:
    site.close()
    settings = site.folder / "syndicate.toml"
    another = '[[newsletters]]\nname = "weekly"\ntitle = "Weekly"\ncron = "0 7 * * 1"\n'
    settings.write_text(f"{settings.read_text()}\n{another}")
    site = Site(site.folder)
    answer = site.sign_up("ann@example.com")
    assert "Please choose a newsletter." in answer.text
    assert 'value="ann@example.com"' in answer.text
    assert rows(site, "signup") == []


def test_programs_are_not_written_down(site: Site) -> None:
    expected = site.sign_up("ann@example.com")
    trapped = site.sign_up("bot@example.com", website="https://spam.example")
    assert without_date(trapped) == without_date(expected)
    hasty = site.post("/subscribe", email="bot@example.com", shown=site.get("/subscribe").shown)
    assert "press the button again" in hasty.text
    assert [row[4] for row in rows(site, "signup")] == ["ann@example.com"]


def test_a_network_that_asks_too_often_waits_its_turn(site: Site) -> None:
    shown = site.get("/subscribe").shown
    site.pass_time(seconds=5)
    answers = set()
    for number in range(300):
        site.peer = f"192.0.2.{number % 250 + 1}"
        answers.add(
            str(without_date(site.post("/subscribe", email=f"{number}@example.com", shown=shown)))
        )
    assert len(answers) == 1
    assert len(site.mail()) == 10
    assert len(rows(site, "signup")) == 10 + 240  # what would come after a day is let go
    site.pass_time(minutes=6.5)
    assert len(site.mail()) == 1
    site.peer = "198.51.100.1"
    site.sign_up("other@example.com")
    assert [letter["To"] for letter in site.mail()] == ["other@example.com"]


def test_a_form_in_a_frame_answers_in_the_frame(site: Site) -> None:
    page = site.get("/embed")
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "x-frame-options" not in page.headers
    answer = site.sign_up("ann@example.com", "/embed")
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "Now check your mail" in answer.text
    assert rows(site, "signup")[0][11] == "embed"


def test_pages_run_no_script_stand_in_no_frame_and_tell_no_referrer(site: Site) -> None:
    links = site.join("ann@example.com")
    for path in ("/subscribe", links["u"], "/confirm/x"):
        page = site.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert "noindex" in page.headers["x-robots-tag"]
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    assert site.ask("POST", "/subscribe", b"a=" + b"x" * 20_000).status == 413
    assert site.ask("POST", "/subscribe", b"&".join([b"a=1"] * 300)).status == 413


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_not_answered(site: Site, host: str) -> None:
    assert site.get("/subscribe", host=host).status == 421


def test_links_come_from_the_settings_alone(site: Site) -> None:
    site.sign_up("ann@example.com")
    (letter,) = site.mail()
    assert "http://127.0.0.1:8000/confirm/" in words(letter)


@pytest.mark.parametrize("page", ["u", "confirm", "preferences", "account", "f"])
def test_a_token_that_is_not_ours_is_refused_with_a_plain_page(site: Site, page: str) -> None:
    keys = site.services.keys
    purpose = {"u": tokens.UNSUBSCRIBE, "f": tokens.FEED}.get(page, page)
    ending = ".atom" if page == "f" else ""
    other = tokens.Keys({keys.newest: b"x" * 32}, keys.newest, keys.hash_key)
    bad = [
        *flipped(tokens.sign(keys, purpose, 1)),
        *(tokens.sign(keys, one, 1) for one in PURPOSES if one != purpose),
        tokens.sign(other, purpose, 1),
        tokens.sign(keys, purpose, 1, site.now),
        "",
        "x",
        "é" * 44,
    ]
    site.pass_time(seconds=1)
    for token in bad:
        for method in ("GET", "POST"):
            answer = site.ask(method, f"/{page}/{token}{ending}")
            assert answer.status in {404, 405}, token
            assert "Traceback" not in answer.text
