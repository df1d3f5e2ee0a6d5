"""The secrets and the database belong together."""

import os
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from syndicate import clock, keys
from syndicate.cli.examine import examine
from syndicate.cli.setup import make_publication, new_settings
from syndicate.errors import ConfigError
from syndicate.services import Services, open_services
from syndicate.store import fingerprint
from syndicate.store.database import Store
from syndicate.store.fingerprint import KeysDifferError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_publication(tmp_path / "a", new_settings("content"))
    return tmp_path / "a"


def used(folder: Path) -> Services:
    services = open_services(folder)
    services.store.close()
    return services


def test_a_database_knows_its_hash_key_again(store: Store) -> None:
    assert not fingerprint.examine(store, "a")
    fingerprint.attest(store, "a")
    fingerprint.attest(store, "a")
    with pytest.raises(KeysDifferError, match=r"Put back your secrets\.toml"):
        fingerprint.attest(store, "b")


def test_with_the_secrets_of_another_publication_no_command_opens_the_database(
    folder: Path,
) -> None:
    used(folder)
    (folder / keys.FILE).unlink()
    keys.create(folder)
    with pytest.raises(KeysDifferError):
        used(folder)
    grades = {one.about: one.grade for one in examine(open_services(folder))}
    assert grades["secrets"] == "wrong"


def test_new_token_keys_may_come_at_any_time(folder: Path) -> None:
    used(folder)
    file = folder / keys.FILE
    token = keys.load(folder).token_keys
    old = next(iter(token.values())).hex()
    changed = file.read_text().replace(old, "ab" * 32)
    file.write_text(changed.replace("old_token_keys = []", f'old_token_keys = ["{old}"]'))
    used(folder)


def test_where_a_database_is_init_makes_no_new_secrets(folder: Path) -> None:
    used(folder)
    (folder / keys.FILE).unlink()
    with pytest.raises(ConfigError, match="Put back your copy"):
        make_publication(folder, new_settings("content"))
    assert not (folder / keys.FILE).exists()


def test_where_no_database_is_init_makes_the_secrets_that_are_missing(folder: Path) -> None:
    (folder / keys.FILE).unlink()
    assert make_publication(folder, new_settings("content")) == [keys.FILE]


def test_in_postgresql_too_init_sees_the_database(folder: Path, postgresql_url: str) -> None:
    file = folder / "syndicate.toml"
    file.write_text(file.read_text().replace("sqlite:///syndicate.db", postgresql_url))
    (folder / keys.FILE).unlink()
    assert make_publication(folder, "") == [keys.FILE]
    used(folder)
    (folder / keys.FILE).unlink()
    with pytest.raises(ConfigError, match="Put back your copy"):
        make_publication(folder, "")


def test_what_holds_addresses_is_its_owners_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        services = open_services(folder)
        with services.store.write() as tx:
            tx.execute(text("DELETE FROM run"))
        files = sorted(path.name for path in folder.glob("syndicate.db*"))
        assert files == ["syndicate.db", "syndicate.db-shm", "syndicate.db-wal"]
        for name in files:
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        services.store.close()
    finally:
        os.umask(before)
    assert "can be read by others" not in str(list(examine(open_services(folder))))
    (folder / "syndicate.db").chmod(0o644)
    findings = [one for one in examine(open_services(folder)) if one.about == "database"]
    assert [one.grade for one in findings] == ["ok", "warning"]


@pytest.mark.parametrize("value", ["5", '"abc"', "[5]", '["xyz"]'])
def test_wrong_older_keys_are_named(folder: Path, value: str) -> None:
    file = folder / keys.FILE
    file.write_text(file.read_text().replace("old_token_keys = []", f"old_token_keys = {value}"))
    with pytest.raises(ConfigError, match=r"secrets\.toml: old_token_keys: expected"):
        keys.load(folder)


@pytest.mark.parametrize("value", ["x", "1e400", "nan", "1e30"])
def test_a_clock_shift_that_is_no_number_of_seconds_is_named(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(clock.SHIFT, value)
    with pytest.raises(ConfigError, match="SYNDICATE_CLOCK_SHIFT: expected a number of seconds"):
        clock.now()
