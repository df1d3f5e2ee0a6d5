"""The pages that list articles."""

from syndicate import site
from syndicate.jobs.planning.library import Library, Planned

INDEX_ENTRIES = 50  # newest articles on the front page


def index_page(library: Library) -> Planned:
    """The front page: the newest articles, and every series."""
    newest = library.rows[:INDEX_ENTRIES]
    known = sorted(library.series.items(), reverse=True)

    def make() -> bytes:
        entries, series_ = library.load(newest), [one for _, one in known]
        return site.index_page(library.about, entries, series_, library.environment).encode()

    inputs = library.inputs("index", [library.mark(row) for row in newest], known)
    return Planned("index.html", inputs, make)
