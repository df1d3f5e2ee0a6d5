"""A letter that cannot be written holds up no other."""

from datetime import timedelta
from pathlib import Path

import pytest

from syndicate import config
from syndicate.cli import building, work
from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.render import LettersRefused
from syndicate.jobs.subscribe import Consent, Person, add
from syndicate.model import Event
from syndicate.services import Services, open_services
from syndicate.store import editions, news
from syndicate.workers.local import Runner
from tests.acceptance.pages import FIRST, page, write


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """Two newsletters with a reader each; the templates of `broken` stop to work at its will."""
    folder = tmp_path / "a"
    make_publication(folder, new_settings("content"))
    file = folder / config.FILE
    second = '[[newsletters]]\nname = "broken"\ntemplate = "mine"\ncron = "0 7 * * *"\n[mail]'
    file.write_text(file.read_text().replace("[mail]", second, 1))
    write(folder / "content", {"a.txt": page(FIRST)})
    mend(folder)
    services = open_services(folder)
    for newsletter in ("broken", "digest"):
        with services.store.write() as tx:
            news.enrol(tx, newsletter, services.clock())
    building.build(services)
    for newsletter in ("broken", "digest"):
        people = [(0, Person(f"{newsletter}@example.com"))]
        consent, now = Consent("test"), services.clock()
        add(services.store, services.keys, newsletter, "en", people, consent, now, services.tell)
    return services


def mend(folder: Path) -> None:
    (folder / "templates" / "digest").mkdir(parents=True, exist_ok=True)
    for kind in ("html", "txt"):
        own = folder / "templates" / "digest" / f"mine.{kind}"
        own.write_text(f"{{% include 'digest/digest.{kind}' %}}")


def ruin(folder: Path) -> None:
    (folder / "templates" / "digest" / "mine.html").write_text("{{ nothing }}")


def anew(services: Services) -> Services:
    """The services of another process: templates are read again."""
    services.store.close()
    return open_services(services.folder)


def cut(services: Services, name: str) -> None:
    work.cut_edition(services, services.newsletter(name))


def letters(services: Services) -> int:
    return len(list((services.folder / "mail" / "new").iterdir()))


def test_a_letter_that_cannot_be_written_is_told_and_all_others_leave(
    services: Services, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ruin(services.folder)
    monkeypatch.setattr(Services, "rehearse", lambda *_: None)  # ruined just after it was tried
    with pytest.raises(
        LettersRefused, match=r"broken/1 \(en\): .*digest/mine\.html line 1 does not work"
    ):
        cut(services, "broken")
    with pytest.raises(LettersRefused):
        cut(services, "digest")
    assert work.send(services).sent == 1
    assert "digest/mine.html line 1 does not work" in capsys.readouterr().err
    mend(services.folder)
    services = anew(services)
    assert work.send(services).sent == 1
    assert letters(services) == 2
    services.store.close()


def test_the_daemon_cuts_the_other_newsletters_and_tells_what_it_cannot_once(
    services: Services,
) -> None:
    told: list[Event] = []
    ruin(services.folder)
    later = services.clock() + timedelta(days=1)
    slot = later.replace(hour=22, minute=0)  # past 07:00 in every zone of the day before
    daemon = Services(services.folder, services.settings, lambda: slot, told.append)
    with services.store.read() as tx:
        assert editions.listed(tx) == []
    runner = Runner(daemon, None)
    runner._is_ours = lambda work: work.verb != "deliver"  # type: ignore[method-assign]
    for _ in range(3):
        runner._tick(whole=True, scan=True)
    with services.store.read() as tx:
        assert {one.newsletter for one in editions.listed(tx)} == {"digest"}
    failed = [one for one in told if one.name == "runner.failed"]
    assert len(failed) == 1
    assert "digest/mine.html line 1 does not work" in str(failed[0].values["reason"])
    mend(services.folder)
    runner._tick(whole=False, scan=False)
    with services.store.read() as tx:
        assert {one.newsletter for one in editions.listed(tx)} == {"broken", "digest"}
    services.store.close()
    daemon.store.close()
