from datetime import timedelta
from pathlib import Path

import pytest

from syndicate import config, keys
from syndicate.cli.setup import new_settings
from syndicate.errors import ConfigError
from syndicate.model import Cadence, Event, Filters
from syndicate.outbox.domains import group_of_domain
from syndicate.outbox.lanes import Limit
from syndicate.services import open_services

LANE = "[[mail.lanes]]\ndomains = {}\nper_second = {}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / config.FILE).write_text(new_settings("content"), encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    file = folder / config.FILE
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_settings_that_init_writes_are_the_promised_defaults(folder: Path) -> None:
    settings = config.load(folder)
    (newsletter,) = settings.newsletter_records()
    assert (newsletter.name, newsletter.cron, newsletter.approval) == (
        "digest",
        "0 7 * * *",
        "automatic",
    )
    assert settings.publication.base_url == "http://127.0.0.1:8000"
    assert settings.mail.sender == "newsletter@example.com"
    assert settings.mail.transport == "maildir"


def test_the_environment_overrides_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNDICATE_MAIL__TRANSPORT", "smtp")
    monkeypatch.setenv("SYNDICATE_MAIL__PORT", "2525")
    monkeypatch.setenv("SYNDICATE_MAIL__STARTTLS", "false")
    mail = config.load(folder).mail
    assert (mail.transport, mail.port, mail.starttls) == ("smtp", 2525, False)
    assert mail.sender == "newsletter@example.com"


def test_a_variable_is_a_whole_table_another_one_a_key_of_it_and_the_rest_is_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATE_MAIL", '{"transport": "smtp", "port": 25}')
    monkeypatch.setenv("syndicate_mail__port", "2525")
    mail = config.load(folder).mail
    assert (mail.transport, mail.port, mail.sender) == ("smtp", 2525, "newsletter@example.com")
    assert config.load(folder, environment=False).mail.transport == "maildir"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[mail]", "[mail]\nprot = 1", "mail.prot: unknown key; expected port"),
        ("[mail]", "[mail]\nzzz = 1", "mail.zzz: unknown key; expected one of from,"),
        ("[web]", "[wbe]", "wbe: unknown key; expected web"),
        ("[mail]", "[log]\nformat = 'xml'\n[mail]", "log.format: expected 'text' or 'json'"),
        (
            'approval = "automatic"',
            "settle = 'soon'",
            "newsletters.digest.settle: expected a length",
        ),
        (
            'approval = "automatic"',
            "cadences = ['hourly']",
            "newsletters.digest.cadences: expected 'each', 'daily'",
        ),
        ('approval = "automatic"', "cadences = []", "newsletters.digest.cadences: nothing is"),
        (
            'approval = "automatic"',
            "cadences = 'each'",
            'newsletters.digest.cadences: expected a list, such as ["each"]',
        ),
        ('approval = "automatic"', "languages = ['?']", "newsletters.digest.languages: '?' is not"),
        (
            'approval = "automatic"',
            "tags = 'a'",
            'newsletters.digest.tags: expected a list, such as ["a"]',
        ),
        (
            'approval = "automatic"',
            "full_rows = 0",
            "newsletters.digest.full_rows: expected 1 or more",
        ),
        ("port = 8000", "port = 8000\nmetrics = ['x']", "web.metrics: "),
        (
            "[web]",
            LANE.format("['docomo.ne.jp']", 0) + "[web]",
            "mail.lanes.0.per_second: expected more than 0",
        ),
        ("[web]", LANE.format("['a b']", 5) + "[web]", "behind the @, such as docomo.ne.jp"),
        ("[web]", LANE.format("[]", 5) + "[web]", "mail.lanes.0.domains: expected at least one"),
        (
            "[web]",
            LANE.format("['me.com']", 5) + "rate = 1\n[web]",
            "mail.lanes.0.rate: unknown key",
        ),
        (
            "[web]",
            LANE.format("['gmail.com']", 5) + LANE.format("['googlemail.com']", 5) + "[web]",
            "googlemail.com has two lanes (gmail.com and googlemail.com are one provider)",
        ),
        ("port = 8000", "port = 'x'", "web.port: expected a whole number"),
        ('"0 7 * * *"', '"0 25 * * *"', "newsletters.digest.cron: "),
        ('language = "ja"', 'language = "ja"\nzone = "Asia/Tokio"', "did you mean Asia/Tokyo"),
        (
            "http://127.0.0.1:8000",
            "http://news.example.com",
            "publication.base_url: expected https",
        ),
        ('name = "digest"', 'name = "Weekly digest"', "newsletters.0.name: "),
        (
            'name = "digest"',
            'name = "digest"\ncorn = "x"',
            "newsletters.digest.corn: unknown key; expected cron",
        ),
        ('"newsletter@example.com"', '"newsletter"', "mail.from: "),
        ("[publication]", "[publication", "this is not valid TOML"),
    ],
)
def test_a_wrong_setting_names_file_key_and_what_was_expected(
    folder: Path, old: str, new: str, expected: str
) -> None:
    change(folder, old, new)
    with pytest.raises(ConfigError) as error:
        config.load(folder)
    assert expected in str(error.value)
    assert str(folder / config.FILE) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_wrong_environment_variable_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATE_MAIL__PORT", "many")
    with pytest.raises(ConfigError, match="environment variable SYNDICATE_MAIL__PORT"):
        config.load(folder)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("SYNDICATE_MAILS__TRANSPORT", "mails: unknown key; expected mail."),
        ("SYNDICATE_PUBLCATION__TITLE", "publcation: unknown key; expected publication."),
        ("SYNDICATE__MAIL__PORT", "_mail: unknown key; expected mail."),
        ("syndicate_zzz__port", "zzz: unknown key; expected one of publication, content,"),
        ("SYNDICATE_MAIL__PROT", "mail.prot: unknown key; expected port."),
        ("SYNDICATE_MAIL_TRANSPORT", "did you mean SYNDICATE_MAIL__TRANSPORT?"),
        ("syndicate_mail_from", "did you mean SYNDICATE_MAIL__FROM?"),
        ("SYNDICATE_PUBLICATION_BASE_URL", "did you mean SYNDICATE_PUBLICATION__BASE_URL?"),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, expected: str
) -> None:
    monkeypatch.setenv(variable, "maildir")
    with pytest.raises(ConfigError) as error:
        config.load(folder)
    assert f"environment variable {variable}: " in str(error.value)
    assert expected in str(error.value)
    assert "\n" not in str(error.value)


def test_what_kubernetes_tells_of_its_services_is_no_misspelt_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in ("SYNDICATE", "SYNDICATE_MAIL", "SYNDICATE_WEB", "SYNDICATE_MY__APP"):
        address = "tcp://10.0.0.1:25"
        for name, value in {
            "PORT": address,
            "SERVICE_HOST": "10.0.0.1",
            "SERVICE_PORT": "25",
            "SERVICE_PORT_SMTP": "25",
            "PORT_25_TCP": address,
            "PORT_25_TCP_PROTO": "tcp",
            "PORT_25_TCP_PORT": "25",
            "PORT_25_TCP_ADDR": "10.0.0.1",
            "PORT_53_UDP": "udp://10.0.0.1:53",
        }.items():
            monkeypatch.setenv(f"{service}_{name}", value)
    monkeypatch.setenv("SYNDICATE_HASH_KEY", "ab")
    monkeypatch.setenv("SYNDICATE_CLOCK_SHIFT", "1")
    assert config.load(folder).mail.port == config.load(folder, environment=False).mail.port


def test_without_a_site_links_have_to_lead_to_the_original_pages(folder: Path) -> None:
    change(folder, "[publication]", '[publication]\nsite = "off"')
    with pytest.raises(ConfigError, match=r'publication\.site: "off" .* Set links = "source"'):
        config.load(folder)
    change(folder, "[publication]", '[publication]\nlinks = "source"')
    assert config.load(folder).publication_record(folder, folder / config.FILE).site == "off"


def test_hubs_are_addresses_on_the_web(folder: Path) -> None:
    change(folder, "[web]", '[feeds]\nhubs = ["hub.example"]\n[web]')
    with pytest.raises(ConfigError, match=r"feeds\.hubs: expected an address such as"):
        config.load(folder)


def test_compressed_forms_and_archives_are_made_unless_they_are_not_wanted(folder: Path) -> None:
    def made() -> tuple[bool, bool]:
        about = config.load(folder).publication_record(folder, folder / config.FILE)
        return about.compress, about.archives

    assert made() == (True, True)
    change(folder, "[output]", "[feeds]\narchives = false\n\n[output]\ncompress = false")
    assert made() == (False, False)


def test_two_newsletters_of_one_name_are_refused(folder: Path) -> None:
    change(folder, "[mail]", '[[newsletters]]\nname = "digest"\n[mail]')
    with pytest.raises(ConfigError, match="two are named 'digest'"):
        config.load(folder)


def test_a_newsletter_says_what_it_takes_up_and_what_it_offers(folder: Path) -> None:
    change(
        folder,
        'approval = "automatic"',
        'cadences = ["each", "weekly"]\nlanguages = ["JA"]\ntags = ["Ｓea"]\nseries = ["lens"]\n'
        'settle = "10 minutes"\nseries_hold = "6 hours"\nomnibus = true\nfull_rows = 5',
    )
    (one,) = config.load(folder).newsletter_records()
    assert one.cadences == (Cadence.EACH, Cadence.WEEKLY)
    assert one.filters == Filters(("ja",), ("sea",), ("lens",))
    assert (one.settle, one.series_hold) == (timedelta(minutes=10), timedelta(hours=6))
    assert (one.omnibus, one.full_rows, one.most_news, one.late) == (
        True,
        5,
        50,
        timedelta(hours=6),
    )


def test_without_a_schedule_only_letters_with_each_article_are_offered(folder: Path) -> None:
    change(folder, '"0 7 * * *"', '""')
    with pytest.raises(
        ConfigError, match=r"digest.cadences: daily, weekly, monthly need a schedule"
    ):
        config.load(folder)
    change(folder, 'approval = "automatic"', 'cadences = ["each"]')
    assert config.load(folder).newsletter_records()[0].cron == ""


def test_a_folder_without_settings_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="init"):
        config.load(tmp_path)


def test_lanes_are_limits_of_their_domain_groups(folder: Path) -> None:
    change(
        folder, "[web]", LANE.format('["docomo.ne.jp", "Small.Example"]', 5) + "burst = 2\n[web]"
    )
    keys.create(folder)
    services = open_services(folder)
    limits = services.way.limits
    assert limits["docomo"] == Limit(5, 2)
    assert limits[group_of_domain(services.keys, "small.example")] == Limit(5, 2)
    assert services.way.relay == "maildir"


def test_services_that_tell_somebody_else_hold_nothing_that_was_opened_before(folder: Path) -> None:
    keys.create(folder)
    services, heard = open_services(folder), list[Event]()
    others = services.telling(heard.append)
    opened = ("store", "environment", "letter")
    assert all(getattr(services, name) is not getattr(others, name) for name in opened)
    assert (others.tell, others.clock, others.about) == (
        heard.append,
        services.clock,
        services.about,
    )
    services.store.close()
    others.store.close()
