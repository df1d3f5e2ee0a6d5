"""What the daemon's planner sees besides pages."""

from pathlib import Path

from syndicate.cli.setup import make_publication, new_settings
from syndicate.model import Event
from syndicate.services import open_services
from syndicate.workers.local import Runner


def test_changed_settings_are_told_once_of_each_change_since_a_restart_uses_them(
    tmp_path: Path,
) -> None:
    make_publication(tmp_path / "a", new_settings("content"))
    told: list[Event] = []
    services = open_services(tmp_path / "a", tell=told.append)
    runner = Runner(services, None)

    def changes() -> int:
        """Look twice, and count all that was told of settings until now."""
        for _ in range(2):
            runner._tick(whole=False, scan=True)
        return sum(one.name == "settings.changed" for one in told)

    counts, text = [changes()], services.file.read_text("utf-8")
    for longer in ("# one", "# one and two"):
        services.file.write_text(f"{text}{longer}\n", encoding="utf-8")
        counts.append(changes())
    services.file.unlink()
    counts.append(changes())
    services.store.close()
    assert counts == [0, 1, 2, 2]
    last = [one for one in told if one.name == "settings.changed"][-1]
    assert (last.level, last.values["advice"]) == ("warning", "restart `run` to use them")
