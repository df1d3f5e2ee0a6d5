"""What is wrong with the surroundings is one plain line, not a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from syndicate import config, keys
from syndicate.cli import building, work
from syndicate.cli.examine import examine
from syndicate.cli.setup import make_publication, new_settings
from syndicate.digests.error import DigestError
from syndicate.errors import ConfigError, SyndicateError, TemplateRefused
from syndicate.jobs.recover import seated
from syndicate.model import Newsletter, silent
from syndicate.output import OutputRefused
from syndicate.services import Services, open_services
from syndicate.store import articles, copies, editions, migrate
from syndicate.store.database import Store, StoreError, open_store
from tests.acceptance.pages import FIRST, page, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "a"
    make_publication(folder, new_settings("content"))
    write(folder / "content", {"a.txt": page(FIRST)})
    return folder


def change(folder: Path, old: str, new: str) -> None:
    file = folder / config.FILE
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("directory", "name"),
    [
        (".", "templates"),
        ("..", "templates"),
        ("content", "content.directories"),
        ("content/site", "content.directories"),
        ("mail/new", "mail.maildir"),
        ("templates", "templates"),
        ("{outside}", "database.url"),
        ("{outside}/data/syndicate.db", "database.url"),
    ],
)
def test_nothing_private_is_published(
    folder: Path, tmp_path: Path, directory: str, name: str
) -> None:
    outside = tmp_path / "outside"
    change(folder, "sqlite:///syndicate.db", f"sqlite:///{outside}/data/syndicate.db")
    change(folder, '"public"', f'"{directory.format(outside=outside)}"')
    with pytest.raises(ConfigError, match=r"output\.directory: .* is, holds or lies in") as refused:
        config.load(folder)
    assert name in str(refused.value)


def test_a_folder_that_leads_to_private_ones_by_a_link_is_refused(folder: Path) -> None:
    (folder / "public").symlink_to(folder / "content")
    with pytest.raises(ConfigError, match=r"content\.directories"):
        config.load(folder)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("NEWSLETTERS", "foo", "SYNDICATE_NEWSLETTERS: this is not valid JSON"),
        ("PUBLICATION", "{x", "SYNDICATE_PUBLICATION: this is not valid JSON"),
        ("NEWSLETTERS", '{"name": "a"}', "write [[newsletters]], in two brackets"),
        ("CONTENT__DIRECTORIES", '"content"', 'expected a list, such as ["content"]'),
        ("DATABASE__URL", "nonsense://me:secret@host/x", "://***@host"),
        ("PUBLICATION__LANGUAGE", "Japanese", "expected a code such as ja"),
    ],
)
def test_a_wrong_variable_is_named_in_plain_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"SYNDICATE_{name}", value)
    with pytest.raises(ConfigError) as refused:
        config.load(folder)
    assert expected in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "tuple" not in str(refused.value)


def test_an_sqlite_file_is_relative_to_the_publication_however_it_is_written(folder: Path) -> None:
    change(folder, "sqlite:///", "sqlite+pysqlite:///")
    services = open_services(folder)
    services.store.close()
    assert (folder / "syndicate.db").stat().st_size > 0


def a_missing_folder(place: Path) -> str:
    return f"sqlite:///{place}/none/x.db"


def a_folder(place: Path) -> str:
    return f"sqlite:///{place}"


def a_damaged_file(place: Path) -> str:
    (place / "x.db").write_bytes(b"this is no database at all, but text\n" * 100)
    return f"sqlite:///{place}/x.db"


def a_file_damaged_inside(place: Path) -> str:
    url = f"sqlite:///{place}/x.db"
    store = open_store(url)
    migrate.upgrade(store)
    with store.write() as tx:
        tx.execute(text("DELETE FROM run"))
    store.close()
    file = place / "x.db"
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    return url


def no_server(place: Path) -> str:
    return f"postgresql+psycopg://me:secret@/none?host={place}"


def no_address(place: Path) -> str:
    return f"postgresql+psycopg://me:secret@host:port/{place.name}"


@pytest.mark.parametrize(
    "url_of",
    [a_missing_folder, a_folder, a_damaged_file, a_file_damaged_inside, no_server, no_address],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    folder: Path, tmp_path: Path, url_of: Callable[[Path], str]
) -> None:
    change(folder, "sqlite:///syndicate.db", url_of(tmp_path))
    with pytest.raises(StoreError) as refused:
        _ = open_services(folder).store
    assert str(refused.value).startswith("The database")
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)
    findings = list(examine(open_services(folder)))
    assert [one.grade for one in findings if one.about == "database"] == ["wrong"]


def test_a_database_that_may_only_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    """SQLite answers so for a file or folder of somebody else; root may write everywhere."""
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    with store.write() as tx:
        tx.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match=r"a\.db cannot be written\. See who owns"):
            tx.exec_driver_sql("CREATE TABLE one (number INTEGER)")
    store.close()


def test_what_is_no_database_is_named_when_it_is_copied(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# no database\n" * 99)
    with pytest.raises(StoreError, match=r"README\.md cannot be made \(file is not a database"):
        copies.copy_checked(tmp_path / "README.md", tmp_path / "copy.db")


def test_secrets_that_are_not_there_are_told_as_a_file_that_is_missing(folder: Path) -> None:
    (folder / keys.FILE).unlink()
    with pytest.raises(ConfigError, match=r"secrets\.toml: there is no such file\. Put back"):
        keys.load(folder)
    (folder / keys.FILE).write_text("")
    with pytest.raises(ConfigError, match=r"secrets\.toml: token_key is missing\. Put back"):
        keys.load(folder)


def test_settings_that_are_refused_are_not_left_behind(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is, holds or lies in"):
        make_publication(tmp_path, new_settings(".."))
    assert list(tmp_path.iterdir()) == []
    assert config.FILE in make_publication(tmp_path, new_settings("content"))


def test_a_number_that_no_column_holds_is_not_found(store: Store) -> None:
    with store.read() as tx:
        for number in ("9" * 20, "9" * 400, str(2**63), "٣"):
            assert articles.find(tx, number) is None
            assert editions.find(tx, "digest", number) is None
            assert editions.find(tx, "digest", f"@{number}") is None


def test_an_output_directory_that_is_a_file_is_named(folder: Path) -> None:
    (folder / "public").write_text("")
    with pytest.raises(OutputRefused, match=r"output\.directory cannot be made"):
        building.build(open_services(folder))


@pytest.mark.parametrize(
    "template", ["{{ nothing }}", "{{ 1 + '' }}", "{{ 1 / 0 }}", "{% if %}", "{% include 'no' %}"]
)
def test_a_page_template_that_does_not_work_is_named(folder: Path, template: str) -> None:
    (folder / "templates" / "web").mkdir(parents=True)
    (folder / "templates" / "web" / "index.html").write_text(template)
    with pytest.raises(TemplateRefused, match=r"web/index\.html.* does not work"):
        building.build(open_services(folder))


def test_a_template_that_is_missing_is_refused_by_name(folder: Path) -> None:
    change(folder, "[mail]", '[[newsletters]]\nname = "b"\ntemplate = "nope"\n[mail]')
    with pytest.raises(ConfigError, match=r"newsletters\.b\.template: .* digest/nope\.html"):
        open_services(folder)


def broken(folder: Path) -> Services:
    """A publication whose second newsletter has a template that cannot be drawn."""
    change(folder, "[mail]", '[[newsletters]]\nname = "b"\ntemplate = "mine"\n[mail]')
    (folder / "templates" / "digest").mkdir(parents=True)
    for kind in ("html", "txt"):
        (folder / "templates" / "digest" / f"mine.{kind}").write_text("{{ nothing }}")
    return open_services(folder)


def test_nothing_is_cut_with_a_template_that_does_not_work(folder: Path) -> None:
    services = broken(folder)
    letters = [one for one in examine(services) if one.about == "letters"]
    assert [one.grade for one in letters] == ["ok", "wrong"]
    newsletter: Newsletter = services.newsletter("b")
    with pytest.raises(DigestError, match=r"digest/mine\.html line 1 does not work: 'nothing'"):
        work.cut_edition(services, newsletter)
    with services.store.read() as tx:
        assert editions.listed(tx) == []
    services.store.close()


def test_ids_and_their_host_are_told_before_the_first_build_and_after_it(folder: Path) -> None:
    services = open_services(folder)
    (before,) = (one for one in examine(services) if one.about == "feed ids")
    assert (before.grade, "127.0.0.1" in before.message) == ("warning", True)
    building.build(services)
    (after,) = (one for one in examine(services) if one.about == "feed ids")
    assert (after.grade, "made from 127.0.0.1, since" in after.message) == ("warning", True)
    with services.store.write() as tx:
        tx.exec_driver_sql("UPDATE publication SET tag_authority = 'news.example.com'")
    (own,) = (one for one in examine(services) if one.about == "feed ids")
    assert (own.grade, own.message[:26]) == ("ok", "made from news.example.com")
    services.store.close()


def test_one_sender_also_where_the_database_is_reached_by_a_link(folder: Path) -> None:
    services = open_services(folder)
    services.store.close()
    (folder / "other.db").symlink_to(folder / "syndicate.db")
    other = open_store(f"sqlite:///{folder / 'other.db'}")
    with (
        seated(services.store, folder, services.clock(), silent),
        pytest.raises(SyndicateError, match="already done by"),
        seated(other, folder, services.clock(), silent),
    ):
        pass
    services.store.close()
    other.close()


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.1"])
def test_letters_with_links_of_this_machine_stay_on_it(folder: Path, host: str) -> None:
    change(folder, 'transport = "maildir"', f'transport = "smtp"\nhost = "{host}"')
    with pytest.raises(ConfigError, match="is for this machine only"):
        open_services(folder).check_smtp()
