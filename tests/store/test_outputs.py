"""The manifest of published files, on both databases."""

from syndicate.store import outputs
from syndicate.store.database import Store
from syndicate.store.outputs import Output


def test_more_files_leave_at_once_than_a_statement_takes_parameters(store: Store) -> None:
    with store.write() as tx:
        outputs.save(tx, [Output("index.html", "i", "d", 1), Output("feed.rss", "i", "d", 1)])
        outputs.forget(tx, [*(f"articles/{number}/" for number in range(70_000)), "index.html"])
        assert list(outputs.paths(tx)) == ["feed.rss"]
