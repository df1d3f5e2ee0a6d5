"""What nothing touched is not planned again, and what is not as it was left is made again."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from syndicate import site
from syndicate.jobs import publish as publishing
from syndicate.jobs.bundles import Bundles
from syndicate.jobs.planning import Bundle, Library, open_library, stages
from syndicate.jobs.planning.said import HUNDRED, read_said
from syndicate.jobs.publish import publish
from syndicate.model import Article, Event, Metadata, Publication, Tell
from syndicate.output import OutputRefused
from syndicate.store import articles, bundles, outputs, publication
from syndicate.store.articles import Row
from syndicate.store.database import Store, open_store
from syndicate.store.schema.content import article
from tests.conftest import NOW
from tests.jobs.press import Press, numbered
from tests.site.samples import ENVIRONMENT

MANY = HUNDRED + 20
SEA, PORT = Metadata(tags=("sea",)), Metadata(tags=("port",))


@pytest.fixture
def store(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    """What is remembered of files is read and written on both databases elsewhere: one will do here."""
    file = shutil.copyfile(migrated_sqlite, tmp_path / "syndicate.db")
    with closing(open_store(f"sqlite:///{file}")) as opened:
        yield opened


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Press:
    """Some articles, two of them parts of a series, that are published."""
    press = Press(store, tmp_path / "public")
    press.bring(*numbered(1, 4, metadata=SEA))
    press.bring(
        Article("Tides (1)", "A.", next_title="Ebb (2)"), Article("Ebb (2)", "B.", language="en")
    )
    press.publish()
    return press


@contextmanager
def opened(press: Press, version: str = "v1") -> Iterator[Library]:
    """Open what is planned from."""
    with press.store.read() as tx:
        origin = publication.origin(tx)
        assert origin
        yield open_library(tx, press.root, origin, press.about, [], [], ENVIRONMENT, version)


def named(library: Library) -> list[Bundle]:
    found = [one for one in chain.from_iterable(stages(library)) if one.name]
    assert found
    return found


def to_plan(press: Press, version: str = "v1") -> set[str]:
    """Name the bundles that a publish would plan."""
    with opened(press, version) as library:
        known = Bundles(library.tx, press.root, bundles.known(library.tx))
        return {one.name for one in named(library) if known.standing(one) is None}


def plans(press: Press) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the inputs of each bundle, and of each of its files."""
    with opened(press) as library:
        return {
            one.name: (one.inputs(), {file.path: file.inputs for file in one.files()})
            for one in named(library)
        }


def afresh(press: Press, place: Path) -> dict[str, bytes]:
    """What a first build into another place gives."""
    fresh = replace(press, root=place)
    fresh.publish()
    return fresh.files()


def test_nothing_is_planned_where_nothing_changed(press: Press) -> None:
    assert to_plan(press) == set()
    assert press.publish().written == ()
    assert to_plan(press) == set()


def test_a_text_that_changes_costs_the_plans_of_its_hundred_and_of_its_block(
    store: Store, tmp_path: Path
) -> None:
    press = Press(store, tmp_path / "public")
    press.bring(*numbered(1, MANY))
    press.publish()
    press.bring(Article("n3", "Something else."))
    shown = {"list/lang/ja/"}  # among the newest it stands with its summary
    assert to_plan(press) - shown == {"articles/0", "search/0"}
    press.publish()
    assert to_plan(press) == set()
    press.bring(Article("n3", "Something else.", lead=("Of this the index knows nothing.",)))
    assert to_plan(press) - shown == {"articles/0"}


def empty(press: Press) -> None:
    """Take everything down."""
    for row in press.rows():
        press.withdraw(row.title)


CHANGES: dict[str, Callable[[Press], object]] = {
    "a new article": lambda press: press.bring(Article("Harbour", "C.", metadata=PORT)),
    "another text": lambda press: press.bring(Article("n1", "Other.", metadata=SEA)),
    "another tag": lambda press: press.bring(Article("n1", "About 1.", metadata=PORT)),
    "a next part": lambda press: press.bring(
        Article("Ebb (2)", "B.", next_title="Flood (3)", language="en")
    ),
    "a withdrawal": lambda press: press.withdraw("n2"),
    "a part that leaves": lambda press: press.withdraw("Ebb (2)"),
    "all that leave": empty,
    "another address": lambda press: press.move("https://other.example"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_any_change_all_is_as_a_first_build_makes_it(
    press: Press, tmp_path: Path, change: Callable[[Press], object]
) -> None:
    change(press)
    press.publish()
    assert press.files() == afresh(press, tmp_path / "fresh")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_where_any_file_is_planned_otherwise_so_is_its_bundle(
    press: Press, change: Callable[[Press], object]
) -> None:
    before = plans(press)
    change(press)
    after = plans(press)
    assert after != before
    for name, (inputs, files) in after.items():
        known_inputs, known_files = before.get(name, ("", {}))
        assert inputs != known_inputs or files == known_files, name


def test_what_was_withdrawn_and_comes_back_is_published_again(press: Press, tmp_path: Path) -> None:
    before = press.files()
    for title in ("n2", "Ebb (2)"):
        press.withdraw(title)
    press.publish()
    assert press.files() != before
    for title in ("n2", "Ebb (2)"):
        press.restore(title)
    press.publish()
    assert press.files() == afresh(press, tmp_path / "fresh")


def test_sitemaps_come_and_leave_as_pages_pass_the_thousand(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "BLOCK", 20)

    def standing() -> set[str]:
        press.publish()
        found = sitemaps(press.files())
        assert found == sitemaps(afresh(press, tmp_path / f"fresh-{len(press.told)}"))
        return {path for path in found if path.endswith(".xml")}

    assert standing() == {"sitemap.xml"}
    press.bring(*numbered(5, 42))
    parts = {f"sitemap-{name}.xml" for name in ("1", "2", "3", "lists-1")}
    assert standing() == {"sitemap.xml", *parts}
    for row in press.rows():
        if 20 <= row.id < 40:
            press.withdraw(row.title)
    assert standing() == {"sitemap.xml", *parts - {"sitemap-2.xml"}}
    for row in press.rows():
        if 6 < row.id < 20:
            press.withdraw(row.title)
    assert standing() == {"sitemap.xml"}
    press.restore("n20")
    press.restore("n30")
    assert standing() == {"sitemap.xml"}


def sitemaps(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path.startswith("sitemap")}


def test_bundles_that_are_planned_no_more_are_forgotten(press: Press) -> None:
    empty(press)
    press.publish()
    with press.store.read() as tx:
        assert set(bundles.known(tx)) == {"archives", "list/archive/"}
    assert to_plan(press) == set()


def test_other_settings_and_another_release_are_planned_anew(press: Press) -> None:
    everything = to_plan(press, "v2") | {"archives"}  # which a release leaves alone
    assert {
        "articles/0",
        "search/0",
        "list/archive/",
        "list/lang/en/",
        "list/tags/sea/",
    } < everything
    assert (
        to_plan(replace(press, about=replace(press.about, author="Somebody"))) | {"archives"}
        == everything
    )
    press.move("https://other.example")
    assert to_plan(press) == everything


PATHS = ["articles/n1/index.html", "archive/index.html", "search/0-1/k0.js"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("ending", ["", ".br", ".gz"])
@pytest.mark.parametrize("content", [None, b"", b"by hand"], ids=["gone", "empty", "altered"])
def test_a_file_that_is_not_as_it_was_left_is_made_again(
    press: Press, path: str, ending: str, content: bytes | None
) -> None:
    before = press.files()
    file = press.root / (path + ending)
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert press.files() != before
    press.publish()
    assert press.files() == before
    assert to_plan(press) == set()


class Killed(Exception):
    """Somebody ended the process."""


def killed_at(count: int) -> Tell:
    """End a publish when it has made so many files."""
    left = iter(range(count))

    def tell(event: Event) -> None:
        if event.name == "file.written" and next(left, None) is None:
            raise Killed

    return tell


@pytest.mark.parametrize("count", [1, 4, 9, 14])
def test_a_publish_that_was_killed_is_completed_by_the_next_and_one_that_takes_it_back(
    press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(publishing, "BATCH", 2)
    before, about = press.files(), press.about
    press.about = replace(about, title="Another")
    with pytest.raises(Killed):
        publish(press.store, press.about, [], [], ENVIRONMENT, "v1", press.root, killed_at(count))
    halfway = press.files()
    assert halfway != before
    press.about = about
    press.publish()
    assert press.files() == before
    press.about = replace(about, title="Another")
    press.publish()
    assert press.files() == afresh(press, tmp_path / "fresh")


def cut_short(press: Press, about: Publication, count: int) -> dict[str, bytes]:
    """Kill a publish with other settings when it has made so many files; return what stands then."""
    with pytest.raises(Killed):
        publish(press.store, about, [], [], ENVIRONMENT, "v1", press.root, killed_at(count))
    return press.files()


@pytest.mark.parametrize("count", [0, 4, 9, 14])
def test_a_change_that_leaves_all_sizes_and_is_taken_back_after_a_kill_leaves_nothing_stale(
    press: Press, count: int
) -> None:
    before = press.files()
    halfway = cut_short(press, replace(press.about, title="港と汐"), count)
    assert halfway != before
    press.publish()
    assert press.files() == before
    assert to_plan(press) == set()
    assert press.publish().written == ()


def forms(files: Iterable[str]) -> set[str]:
    return {path for path in files if path.endswith((".br", ".gz"))}


def test_compressed_forms_leave_with_their_setting_and_come_back_with_it(press: Press) -> None:
    before, about = press.files(), press.about
    assert len(forms(before)) > 20
    press.about = replace(about, compress=False)
    assert press.publish().written == ()  # the texts are what they were
    assert press.files() == {path: before[path] for path in before.keys() - forms(before)}
    assert to_plan(press) == set()
    press.about = about
    press.publish()
    assert press.files() == before
    assert to_plan(press) == set()


@pytest.mark.parametrize("count", [1, 4, 9, 14])
def test_no_compressed_form_of_another_text_is_left_by_a_kill(press: Press, count: int) -> None:
    compressed, about = press.about, replace(press.about, compress=False)
    press.about = about
    press.publish()
    before = press.files()
    cut_short(press, replace(compressed, title="港と汐"), count)
    assert forms(press.files())
    press.publish()
    assert press.files() == before


def test_after_a_kill_no_file_is_believed_for_its_size(press: Press) -> None:
    before = press.files()
    cut_short(press, replace(press.about, title="港と汐"), 1)
    for path, data in before.items():
        (press.root / path).write_bytes(data[::-1])
    press.publish()
    assert press.files() == before


@pytest.mark.parametrize("count", [1, 3, 9])
def test_what_a_kill_put_in_place_for_an_article_that_is_withdrawn_then_leaves(
    press: Press, tmp_path: Path, count: int
) -> None:
    by_hand = {
        "articles/own/index.html",
        "articles/n5/mine.pdf",
        "own.html",
        "own.2.new",
        ".own.new",
    }
    for path in by_hand:
        (press.root / path).parent.mkdir(parents=True, exist_ok=True)
        (press.root / path).write_text("mine", "utf-8")
    press.bring(*numbered(5, 7, metadata=PORT))
    assert "articles/n5/index.html" in cut_short(press, press.about, count)
    for number in (5, 6, 7):
        press.withdraw(f"n{number}")
    (press.root / "articles/n6").mkdir(exist_ok=True)
    (press.root / "articles/n6/.index.html.br.4711.new").write_bytes(b"half of")
    press.publish()
    stands = press.files()
    assert {path: stands.pop(path) for path in by_hand} == dict.fromkeys(by_hand, b"mine")
    assert stands == afresh(press, tmp_path / "fresh")


def test_what_stands_whole_after_a_kill_is_not_made_again(press: Press) -> None:
    changed = cut_short(press, replace(press.about, title="港と汐"), 1)
    before = {path: (press.root / path).stat().st_mtime_ns for path in changed}
    written = press.publish().written
    after = {
        path for path, time in before.items() if (press.root / path).stat().st_mtime_ns != time
    }
    assert {path.removesuffix(".br").removesuffix(".gz") for path in after} <= set(written)
    assert len(written) < len(before) / 4


def test_after_a_kill_a_feed_that_cannot_be_made_yet_is_not_believed_later(
    press: Press, tmp_path: Path
) -> None:
    cut_short(press, replace(press.about, title="港と汐"), 28)
    press.bring(Article("Wasps", "Of wasps.", html='<p onclick="sting()">Wasps sting.</p>'))
    assert press.publish().unfit
    press.withdraw("Wasps")
    press.publish()
    assert press.files() == afresh(press, tmp_path / "fresh")
    assert to_plan(press) == set()


def test_a_page_that_cannot_be_made_is_tried_each_time(press: Press) -> None:
    path = press.root / "articles" / "n1"
    shutil.rmtree(path)
    path.write_text("in the way", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(OutputRefused):
            press.publish()
    path.unlink()
    press.publish()
    assert (path / "index.html").exists()


OTHERS = {
    "state": articles.WITHDRAWN,
    "published": NOW - timedelta(days=7),
    "updated": NOW + timedelta(days=7),
    **dict.fromkeys(("revision", "part", "own_part"), 7),
}


@pytest.mark.parametrize("name", sorted({*Row.__struct_fields__} - {"id", "lost"}))
def test_all_that_readers_see_of_an_article_names_its_hundred(press: Press, name: str) -> None:
    number, column = press.row("n1").id, article.c[name.removesuffix("_id")]
    other = press.row("Ebb (2)").series_id if name == "series_id" else OTHERS.get(name, "x")
    with press.store.write() as tx:
        before = read_said(tx, [number], {})
        tx.execute(update(article).where(article.c.id == number).values({column: other}))
        assert read_said(tx, [number], {}).hundreds != before.hundreds
        tx.rollback()


@pytest.mark.parametrize("name", ["slug", "published", "gist"])
def test_all_that_the_index_shows_of_an_article_names_its_block(press: Press, name: str) -> None:
    number = press.row("n1").id
    with press.store.write() as tx:
        before = read_said(tx, [number], {})
        tx.execute(
            update(article)
            .where(article.c.id == number)
            .values({article.c[name]: OTHERS.get(name, "x")})
        )
        assert read_said(tx, [number], {}).blocks != before.blocks
        tx.rollback()


def test_a_block_of_the_index_is_made_of_whole_hundreds() -> None:
    assert site.BLOCK % HUNDRED == 0


def test_the_sizes_that_are_remembered_are_those_of_the_manifest(press: Press) -> None:
    with press.store.read() as tx:
        files = bundles.files(tx, "articles/0")
        paths = [path for path, *_ in files]
        assert paths
        assert sorted(files) == sorted(outputs.sizes(tx, paths))
