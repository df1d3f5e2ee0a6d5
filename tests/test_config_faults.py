"""Every wrong key of the file and of variables is told at once, each where its writer finds it."""

from pathlib import Path

import pytest

from syndicate import config
from syndicate.errors import ConfigError

NAME = "expected small letters a-z, digits and hyphens, such as weekly-digest"
LENGTH = 'expected a length of time such as "90 seconds", "24 hours" or "7 days"'
DOMAIN = "expected the part of mail addresses behind the @, such as docomo.ne.jp"
ADDRESS = "'y' is not a mail address: An email address must have an @-sign."
CONTRAST = (
    "ink #000000 on paper #131817 has a contrast of 1.2:1, and text needs 4.5:1. "
    "Set ink or paper further apart"
)


def told(folder: Path, toml: str, **variables: str) -> list[str]:
    """Return what is wrong of settings, the file's lines without its name."""
    (folder / config.FILE).write_text(toml, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, text in variables.items():
            patch.setenv(name, text)
        with pytest.raises(ConfigError) as error:
            config.load(folder)
    return str(error.value).replace(f"{folder / config.FILE}: ", "").split("\n")


def test_all_that_is_wrong_is_told_at_once_table_by_table(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        wbe = 1
        [mail]
        from = "nobody"
        prot = 25
        port = 0
        [publication]
        zone = "Asia/Tokio"
        [theme.light]
        acent = "#000"
        ink = "black"
        """,
    ) == [
        "publication.zone: no such time zone; did you mean Asia/Tokyo? (found 'Asia/Tokio').",
        "mail.from: 'nobody' is not a mail address: An email address must have an @-sign. (found 'nobody').",
        "mail.port: expected 1 or more (found 0).",
        "mail.prot: unknown key; expected port.",
        "theme.light.ink: expected a colour such as #0b6e5f (found 'black').",
        "theme.light.acent: unknown key; expected accent.",
        "wbe: unknown key; expected web.",
    ]


def test_tables_of_lists_go_by_their_names_and_tables_in_them_too(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        [[newsletters]]
        name = "one"
        cadences = ["each", "hourly", 7]
        editors = ["a@b.example", true, 3]
        [newsletters.audience]
        joined_since = "soon"
        tgas = []
        [[newsletters]]
        name = "Two words"
        full_rows = 0
        [[newsletters]]
        title = "nameless"
        late = "x"
        [[mail.lanes]]
        domains = ["docomo.ne.jp", "a b"]
        burst = 1.5
        """,
    ) == [
        "newsletters.one.cadences: expected 'each', 'daily', 'weekly' or 'monthly' (found 'hourly').",
        "newsletters.one.cadences: expected 'each', 'daily', 'weekly' or 'monthly' (found 7).",
        "newsletters.one.audience.joined_since: expected a day, such as 2027-01-31 (found 'soon').",
        "newsletters.one.audience.tgas: unknown key; expected tags.",
        "newsletters.one.editors: expected text in quotes (found True).",
        "newsletters.one.editors: expected text in quotes (found 3).",
        f"newsletters.1.name: {NAME} (found 'Two words').",
        'newsletters."Two words".full_rows: expected 1 or more (found 0).',
        "newsletters.2.name: this key has to be set.",
        f"newsletters.2.late: {LENGTH} (found 'x').",
        f"mail.lanes.0.domains: {DOMAIN} (found 'a b').",
        "mail.lanes.0.per_second: this key has to be set.",
        "mail.lanes.0.burst: expected a whole number (found 1.5).",
    ]


def test_the_rule_of_a_table_is_told_when_its_keys_are_right(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        """
        [[sources]]
        name = "town"
        every = "1 second"
        [[sources]]
        name = "quay"
        [theme.light]
        ink = "#fff"
        tnit = "#fff"
        [theme.dark]
        ink = "#000"
        """,
    ) == [
        "sources.town.every: expected 1 minute or more (found '1 second').",
        "sources.quay: expected exactly one of pages, sitemap, feed and wordpress (found {'name': 'quay'}).",
        "theme.light.tnit: unknown key; expected tint.",
        f"theme.dark: {CONTRAST} (found {{'ink': '#000'}}).",
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('"a.b"', '"a.b"'),
        ("'po\"rt'", '"po\\"rt"'),
        ('"ポート"', '"ポート"'),
        ('"a\\nb"', '"a\\nb"'),
        ('""', '""'),
        ("Prot-1", "Prot-1"),
    ],
)
def test_an_unknown_key_is_shown_as_toml_has_it_on_one_line(
    tmp_path: Path, written: str, shown: str
) -> None:
    (line,) = told(tmp_path, f"[log]\n{written} = 1")
    assert line == f"log.{shown}: unknown key; expected one of format, level."


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("mail = 3", "mail: expected a table of keys (found 3)."),
        ("mail = [{}]", "mail: expected a table of keys (found [{}])."),
        ("mail.port.a.b = 1", "mail.port: expected a whole number (found {'a': {'b': 1}})."),
        ("web.port = []", "web.port: expected a whole number (found [])."),
        ("newsletters = 'x'", "newsletters: expected a list of tables: write [[newsletters]]"),
        (
            "newsletters = [1]",
            "newsletters: expected a list of tables: write [[newsletters]], in two",
        ),
        ("mail.lanes = {}", "mail.lanes: expected a list of tables: write [[mail.lanes]], in two"),
        (
            "content.directories = 'a'",
            'content.directories: expected a list, such as ["a"] (found',
        ),
        (
            "[[newsletters]]\nname='a'\nseries='b, c'",
            'newsletters.a.series: expected a list, such as ["b", "c"] (found',
        ),
        ("feeds.hubs = 1", "feeds.hubs: expected a list (found 1)."),
        (
            "feeds.hubs = 'https://me:p, ss@h/'",
            """expected a list, such as ["https://***@h/"] (found 'https://***@h/').""",
        ),
        ("publication.title = 2026-11-01", "publication.title: expected text in quotes (found dat"),
        ("publication.title = 07:00:00", "publication.title: expected text in quotes (found datet"),
        ("mail.from = 1", "mail.from: expected text in quotes (found 1)."),
        ("output.directory = 1", "output.directory: expected a path in quotes (found 1)."),
        ('output.directory = "\\u0000"', "output.directory: expected a path in quotes (found "),
        ('database.url = "sqlite:///\\u0000"', "database.url: expected sqlite:///FILE or postgres"),
        ("content.guard = nan", "content.guard: expected 0 or more (found nan)."),
        ("content.guard = inf", "content.guard: expected 100 or less (found inf)."),
        ("content.guard = -inf", "content.guard: expected 0 or more (found -inf)."),
        ("net.seconds = 0", "net.seconds: expected more than 0 (found 0)."),
        ("web.port = 1e400", "web.port: expected a whole number (found inf)."),
        ("web.port = 8000.0", "web.port: expected a whole number (found 8000.0)."),
        ("web.port = true", "web.port: expected a whole number (found True)."),
        ("web.port = '8000'", "web.port: expected a whole number (found '8000')."),
        (f"web.port = {10**30}", f"web.port: expected 65535 or less (found {10**30})."),
        (f"web.port = 0x{'f' * 5000}", "web.port: expected 65535 or less (found what is too long"),
        (f"net.seconds = {10**400}", f"net.seconds: expected a number (found {10**400})."),
        (f"net.seconds = '{10**500}'", "net.seconds: expected a number (found what is too long to"),
        ("mail.starttls = 'no'", "mail.starttls: expected true or false (found 'no')."),
        ("mail.starttls = 0", "mail.starttls: expected true or false (found 0)."),
        ("legal.profile = 'null'", "legal.profile: expected 'jp' or 'eu' (found 'null')."),
        ("log.level = 1", "log.level: expected 'debug', 'info', 'warning' or 'error' (found 1)."),
        (
            "[[sources]]\nname='a'\nkind='ftp'\nfeed='http://a/'",
            "sources.a.kind: expected 'web' (found 'ftp').",
        ),
        ("database.url = 'mysql://me:p@ss@h/'", "(found 'mysql://***@h/')."),
        ("database.url = ['mysql://me:pass@h/']", "(found ['mysql://***@h/'])."),
        ("database.url = 'mysql://me:p ss@h/'", "(found 'mysql://***@h/')."),
        (
            "database.url = 'postgresql+psycopg://me:p@ss@h/n'",
            "expected %40 for each @ of a name or password (found 'postgresql+psycopg://***@h/n').",
        ),
        (
            "database.url = 'postgresql://h/n?password=p ss&user=me'",
            "(found 'postgresql://h/n?password=***&user=me').",
        ),
    ],
)
def test_what_was_expected_is_said_in_plain_words_and_what_was_found(
    tmp_path: Path, toml: str, expected: str
) -> None:
    (line,) = told(tmp_path, toml)
    assert expected in line


def test_what_nobody_writes_by_hand_is_refused_as_well(tmp_path: Path) -> None:
    (line,) = told(tmp_path, f"a = {'[' * 5000}")
    assert line == "lists or tables are nested too deeply."
    (line,) = told(tmp_path, f"web.port = {'9' * 5000}")
    assert line.startswith("this is not valid TOML: ")
    (line,) = told(tmp_path, f"web.port{'.a' * 5000} = 1")
    assert line == "web.port: expected a whole number (found what is too long to be shown)."
    (tmp_path / config.FILE).write_bytes(b'[publication]\ntitle = "\xff"')
    with pytest.raises(ConfigError, match="this is not UTF-8 text"):
        config.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("SYNDICATE_MAIL", "{", "this is not valid JSON; a list or table is written as JSON, one"),
        ("SYNDICATE_MAIL", '"\\ud800"', "this is not valid JSON;"),
        ("SYNDICATE_MAIL", '{"port": NaN}', "this is not valid JSON;"),
        ("SYNDICATE_CONTENT__DIRECTORIES", "[" * 5000, "this is not valid JSON;"),
        ("SYNDICATE_MAIL", "null", "expected a table of keys."),
        ("SYNDICATE_NEWSLETTERS", '[{"full_rows": 1e400}]', "this is not valid JSON;"),
        (
            "SYNDICATE_CONTENT__DIRECTORIES",
            "content",
            'this is not valid JSON; a list or table is written as JSON, such as ["',
        ),
        (
            "SYNDICATE_NEWSLETTERS",
            "digest",
            "this is not valid JSON; a list or table is written as JSON, one",
        ),
        ("SYNDICATE_CONTENT__DIRECTORIES", '"content"', "content.directories: expected a list, s"),
        ("SYNDICATE_PUBLICATION__TITLE", "a\udcff", "this is not UTF-8 text."),
        ("SYNDICATE_MAIL", '{"port": "25"}', "mail.port: expected a whole number (found '25')."),
        ("SYNDICATE_MAIL", '{"Port": 25}', "mail.Port: unknown key; expected port."),
        ("syndicate_mail__port", "1.5", "mail.port: expected a whole number (found 1.5)."),
        ("SYNDICATE_MAIL__PORT__X", "1", "mail.port: expected a whole number (found {'x': '1'})."),
        ("SYNDICATE_NET__SECONDS", "nan", "net.seconds: expected more than 0 (found nan)."),
        ("SYNDICATE_MAIL__STARTTLS", "", "mail.starttls: expected true or false (found '')."),
        ("SYNDICATE_NEWSLETTERS", '[{"name": "a"}, {}]', "newsletters.1.name: this key has to be"),
        (
            "SYNDICATE_NEWSLETTERS",
            '[{"name": "b", "x": 1}]',
            "newsletters.b.x: unknown key; expected one",
        ),
        ("SYNDICATE_NEWSLETTERS__0__NAME", "a", "newsletters: expected a list of tables: write [["),
        ("SYNDICATE_THEME__LIGHT__INK", "#fff", "theme.light: ink #ffffff on paper #fbfaf7 has a"),
        ("SYNDICATE_DATABASE__URL", "a://b:c@d/", "(found 'a://***@d/')."),
    ],
)
def test_a_wrong_variable_is_named_with_the_key_that_it_says(
    tmp_path: Path, name: str, text: str, expected: str
) -> None:
    newsletters = '[[newsletters]]\nname = "file"\n'
    (line,) = told(tmp_path, newsletters, **{name: text})
    assert line.startswith(f"environment variable {name}: ")
    assert expected in line


def test_of_a_table_from_both_each_wrong_key_is_told_where_it_stands(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        '[mail]\nport = 0\nprot = 1\nreply_to = "x"',
        SYNDICATE_MAIL='{"port": -1, "host": 1}',
        SYNDICATE_MAIL__REPLY_TO="y",
        SYNDICATE_MAIL__STARTTLS="so",
    ) == [
        f"environment variable SYNDICATE_MAIL__REPLY_TO: mail.reply_to: {ADDRESS} (found 'y').",
        "environment variable SYNDICATE_MAIL: mail.host: expected text in quotes (found 1).",
        "environment variable SYNDICATE_MAIL: mail.port: expected 1 or more (found -1).",
        "environment variable SYNDICATE_MAIL__STARTTLS: mail.starttls: expected true or false (found 'so').",
        "mail.prot: unknown key; expected port.",
    ]


def test_variables_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    lines = told(tmp_path, "", SYNDICATE_MAIL="x", SYNDICATE_WEB_PORT="1", SYNDICATE_FEEDS="[]")
    assert sorted(line.partition(": ")[0].split()[-1] for line in lines) == [
        "SYNDICATE_FEEDS",
        "SYNDICATE_MAIL",
        "SYNDICATE_WEB_PORT",
    ]


def test_a_zone_is_not_guessed_from_letters_that_are_near(tmp_path: Path) -> None:
    (line,) = told(tmp_path, 'publication.zone = "JST"')
    assert line == (
        "publication.zone: no such time zone; expected a name such as Asia/Tokyo (found 'JST')."
    )


def test_a_list_of_tables_that_is_one_of_words_is_told_how_it_is_written(tmp_path: Path) -> None:
    (line,) = told(tmp_path, 'newsletters = ["digest"]')
    assert line == (
        "newsletters: expected a list of tables: write [[newsletters]], in two brackets (found ['digest'])."
    )


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_bytes(b'\xef\xbb\xbf[publication]\r\ntitle = "T"\r\n')
    assert config.load(tmp_path).publication.title == "T"
