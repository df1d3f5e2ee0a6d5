"""What one reader is due of a newsletter's news: a history for each rule."""

from collections.abc import Mapping

from syndicate.digests.owed import Owed, Reader, corrections, fresh, owed
from syndicate.model import EVERYTHING, Filters, Item, ItemKind, Log, News, NewsKind, Story

NEW, CORRECTED, OMNIBUS = NewsKind.NEW, NewsKind.CORRECTED, NewsKind.OMNIBUS
ONE, TWO, THREE = (Story(n, 1, "en") for n in (1, 2, 3))
PARTS = tuple(Story(n, 1, "en", series="lens", part=n) for n in (1, 2, 3))


def log(*rows: tuple[int, NewsKind] | tuple[int, NewsKind, int], stories: tuple[Story, ...]) -> Log:
    """A log of rows: (article, kind, revision), numbered from 1."""
    return Log(
        tuple(
            News("digest", seq, row[0], row[2] if len(row) > 2 else 1, row[1])
            for seq, row in enumerate(rows, 1)
        ),
        {one.article_id: one for one in stories},
        {one.article_id: one.series for one in stories if one.series},
    )


def shown(found: Owed) -> Mapping[int, ItemKind]:
    return {item.article_id: item.kind for item in found.items}


PLAIN = log((1, NEW), (2, NEW), (3, NEW), stories=(ONE, TWO, THREE))


def test_news_are_what_comes_after_the_cursor_in_the_order_of_the_log() -> None:
    assert [item.article_id for item in owed(PLAIN, Reader(1)).items] == [2, 3]
    assert owed(PLAIN, Reader(3)) == Owed()


def test_what_may_not_be_mailed_now_is_nobodys_news() -> None:
    gone = log((1, NEW), (2, NEW), stories=(TWO,))
    assert shown(owed(gone, Reader(0))) == {2: ItemKind.NEW}


def test_filters_reject_news_corrections_and_parts_alike() -> None:
    german = Reader(0, filters=Filters(languages=("de",)), held={1: 1})
    relogged = log((1, NEW), (2, NEW), (1, CORRECTED, 2), stories=(ONE, TWO))
    assert owed(relogged, german) == Owed()
    only = Reader(0, filters=Filters(series=("lens",)))
    mixed = log((1, NEW), (2, NEW), stories=(ONE, PARTS[1]))
    assert shown(owed(mixed, only)) == {2: ItemKind.NEW}


def test_an_article_whose_first_row_is_in_the_range_is_simply_news_at_its_newest_revision() -> None:
    found = owed(log((1, NEW), (1, CORRECTED, 2), stories=(Story(1, 3, "en"),)), Reader(0))
    assert found.items == (Item(1, 3, None, ItemKind.NEW),)


CORRECTION = log((1, NEW), (1, CORRECTED, 3), (2, NEW), stories=(Story(1, 4, "en"), TWO))


def test_a_correction_is_due_to_holders_of_an_older_revision_and_to_no_other() -> None:
    assert shown(owed(CORRECTION, Reader(1, held={1: 2}))) == {
        1: ItemKind.CORRECTED,
        2: ItemKind.NEW,
    }
    assert shown(owed(CORRECTION, Reader(1, held={1: 3}))) == {2: ItemKind.NEW}
    assert shown(owed(CORRECTION, Reader(1))) == {2: ItemKind.NEW}


def test_no_letter_consists_of_corrections_and_one_that_waits_is_told() -> None:
    before = log((1, NEW), (1, CORRECTED, 3), stories=(Story(1, 3, "en"),))
    assert owed(before, Reader(1, held={1: 1})) == Owed(waits=True)
    assert owed(before, Reader(1, held={1: 3})) == Owed()


def test_an_article_that_was_put_back_is_news_to_who_holds_none_of_it() -> None:
    again = log((1, NEW), (2, NEW), (1, NEW, 2), stories=(Story(1, 2, "en"), TWO))
    assert shown(owed(again, Reader(2))) == {1: ItemKind.NEW}
    assert owed(again, Reader(2, held={1: 2})) == Owed()
    assert owed(again, Reader(2, held={1: 1})) == Owed(waits=True)
    assert shown(owed(again, Reader(1, held={1: 1}))) == {1: ItemKind.CORRECTED, 2: ItemKind.NEW}


SERIES = log((1, NEW), (2, NEW), (3, NEW), stories=PARTS)


def test_who_joined_in_the_middle_of_a_series_catches_up_once() -> None:
    assert shown(owed(SERIES, Reader(1, start=1))) == {
        1: ItemKind.CATCH_UP,
        2: ItemKind.NEW,
        3: ItemKind.NEW,
    }
    assert shown(owed(SERIES, Reader(2, start=1))) == {3: ItemKind.NEW}
    assert shown(owed(SERIES, Reader(2, start=2))) == {
        1: ItemKind.CATCH_UP,
        2: ItemKind.CATCH_UP,
        3: ItemKind.NEW,
    }


def test_parts_that_were_nobodys_news_are_caught_up_with() -> None:
    archive = log((3, NEW), stories=PARTS)
    assert shown(owed(archive, Reader(0))) == {
        1: ItemKind.CATCH_UP,
        2: ItemKind.CATCH_UP,
        3: ItemKind.NEW,
    }


def test_nobody_catches_up_without_news_of_the_series() -> None:
    other = log((1, NEW), (4, NEW), stories=(*PARTS, Story(4, 1, "en")))
    assert shown(owed(other, Reader(1, start=1))) == {4: ItemKind.NEW}


def test_a_part_is_caught_up_with_only_if_it_passes() -> None:
    german = Story(1, 1, "de", series="lens", part=1)
    mixed = log((1, NEW), (2, NEW), stories=(german, PARTS[1]))
    english = Filters(languages=("en",))
    assert shown(owed(mixed, Reader(1, 1, english))) == {2: ItemKind.NEW}


def test_a_closing_letter_holds_every_part_and_none_of_them_twice() -> None:
    closed = log((1, NEW), (2, NEW), (3, NEW), (3, OMNIBUS), stories=PARTS)
    assert shown(owed(closed, Reader(2))) == {
        1: ItemKind.OMNIBUS,
        2: ItemKind.OMNIBUS,
        3: ItemKind.NEW,
    }
    assert set(shown(owed(closed, Reader(0))).values()) == {ItemKind.NEW}
    assert owed(closed, Reader(4)) == Owed()


def test_a_closing_letter_needs_its_last_part() -> None:
    closed = log((1, NEW), (3, NEW), (3, OMNIBUS), (4, NEW), stories=(PARTS[0], Story(4, 1, "en")))
    assert shown(owed(closed, Reader(1))) == {4: ItemKind.NEW}


def test_a_page_shows_the_news_and_nothing_personal() -> None:
    assert fresh(CORRECTION, 1, EVERYTHING) == (Item(2, 1, None, ItemKind.NEW),)
    assert [item.article_id for item in fresh(SERIES, 1, EVERYTHING)] == [2, 3]


def test_corrections_alone_are_chosen_wherever_the_cursor_stands() -> None:
    for cursor in (0, 2, 3):
        assert shown(corrections(CORRECTION, Reader(cursor, held={1: 1}))) == {
            1: ItemKind.CORRECTED
        }
    assert corrections(CORRECTION, Reader(0, held={1: 3})) == Owed()
    assert corrections(CORRECTION, Reader(0)) == Owed()
