"""An editor's note for the next edition: what it may say, and that it is used once."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.articles.note import read_note
from syndicate.errors import PageRefused
from syndicate.jobs import notes
from syndicate.jobs.compose import compose
from syndicate.jobs.editions import Cut, cut
from syndicate.jobs.plan import plan
from syndicate.jobs.slots import slot_by_hand
from syndicate.jobs.withdraw import WithdrawalRefused
from syndicate.model import Cadence, Digest, Note, Publication, silent
from syndicate.store import variants
from tests.news.paper import Paper

A, B = "a@example.com", "b@example.com"
ABOUT = Publication("A publication", "https://example.com")
WHOLE = """---
subject: A subject of ours
preheader: And what stands beside it
lead: three
order: [two]
exclude:
  - one
---
Good morning.
All of you.

Read on.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return tmp_path / "content"


def write(content: Path, text: str) -> Path:
    file = content / "_editions" / "digest" / "next.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def issued(paper: Paper, content: Path) -> Cut:
    paper.pass_time(seconds=1)
    slot, note = slot_by_hand(paper.newsletter, paper.now), notes.waiting([content], "digest")
    report = cut(paper.store, paper.newsletter, slot, "v1", paper.now, silent, note)
    paper.render()
    return report


def digest_of(paper: Paper, report: Cut) -> Digest:
    assert report.edition
    with paper.store.read() as tx:
        variant = variants.of_edition(tx, report.edition.id)[0]
        return compose(tx, report.edition, variant, paper.newsletter, ABOUT)


def test_a_note_says_subject_opening_words_order_and_what_is_left_out() -> None:
    assert read_note(WHOLE, "next.md") == Note(
        "A subject of ours",
        "And what stands beside it",
        ("Good morning. All of you.", "Read on."),
        ("three", "two"),
        ("one",),
    )
    assert read_note("Only words.", "next.md") == Note(opening=("Only words.",))
    assert read_note('+++\nsubject = "x"\n+++\n', "next.md") == Note("x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nsubjekt: x\n---\n", "next.md: subjekt: unknown key; did you mean subject?"),
        ("---\nzzz: x\n---\n", "next.md: zzz: unknown key; there are: subject, preheader, lead,"),
        ("---\nsubject: [a]\n---\n", "next.md: subject: expected one line of text (found ['a'])"),
        ("---\norder: one\n---\n", "next.md: order: expected a list of articles (found 'one')"),
        ("---\nsubject: {\n---\n", "next.md: its YAML front matter cannot be read"),
        (
            "---\nexclude: [one]\n\nWords.",
            "next.md: its front matter, from “---” on, does not stand",
        ),
    ],
)
def test_what_is_wrong_with_a_note_is_named_with_its_key(text: str, expected: str) -> None:
    with pytest.raises(PageRefused) as refused:
        read_note(text, "next.md")
    assert expected in str(refused.value)


def test_an_edition_bears_the_note_once(paper: Paper, content: Path) -> None:
    paper.join(A)
    for title in ("one", "two", "three"):
        paper.write(title)
    file = write(content, WHOLE)
    digest = digest_of(paper, issued(paper, content))
    assert (digest.subject, digest.preheader) == (
        "A subject of ours",
        "And what stands beside it",
    )
    assert digest.opening == ("Good morning. All of you.", "Read on.")
    assert [entry.article.title for entry in digest.entries] == ["three", "two"]
    assert not file.exists()
    assert (file.parent / "1.md").exists()
    paper.send()
    paper.write("four")
    assert digest_of(paper, issued(paper, content)).subject == "four"


def test_what_is_left_out_stays_out_until_it_is_put_back(paper: Paper, content: Path) -> None:
    paper.join(A)
    paper.write("one")
    paper.write("two")
    write(content, "---\nexclude: [one]\n---\n")
    issued(paper, content)
    paper.send()
    paper.write("three")
    paper.mail()
    assert notes.put_back(paper.store, "digest", "one", paper.now) == "one"
    paper.mail()
    assert paper.titles(1) == [{"two": "new"}, {"three": "new"}, {"one": "new"}]
    with pytest.raises(WithdrawalRefused, match="one is not left out of digest"):
        notes.put_back(paper.store, "digest", "one", paper.now)


def test_what_is_left_out_is_taken_from_letters_that_wait_still(
    paper: Paper, content: Path
) -> None:
    paper.join(A, B)
    paper.wish(1, cadence=Cadence.EACH)
    paper.write("one")
    paper.write("two")
    paper.tick()
    paper.write("three")
    write(content, "---\nexclude: [one]\n---\n")
    paper.until(7)
    (slot,) = (one for one in paper.due() if one.audience == "calendar")
    note = notes.waiting([content], "digest")
    cut(paper.store, paper.newsletter, slot, "v1", paper.now, silent, note)
    paper.render()
    paper.send()
    assert paper.titles(1) == [{"two": "new"}]
    assert paper.titles(2) == [{"two": "new", "three": "new"}]
    notes.put_back(paper.store, "digest", "one", paper.now)
    paper.tick()
    paper.send()
    assert paper.titles(1) == [{"two": "new"}, {"one": "new", "three": "new"}]


def test_what_a_note_would_leave_out_leaves_as_long_as_no_edition_uses_it(
    paper: Paper, content: Path
) -> None:
    paper.join(A)
    paper.write("one")
    paper.issue()
    write(content, "---\nexclude: [one]\n---\n")
    assert issued(paper, content).edition is None
    paper.send()
    assert paper.titles(1) == [{"one": "new"}]


def test_a_note_that_cannot_be_put_away_is_used_once_all_the_same(
    paper: Paper, content: Path
) -> None:
    paper.join(A)
    paper.write("one")
    file = write(content, "---\nsubject: Ours\n---\n")
    (file.parent / "1.md").mkdir()
    assert digest_of(paper, issued(paper, content)).subject == "Ours"
    assert file.exists()
    paper.send()
    paper.write("two")
    assert digest_of(paper, issued(paper, content)).subject == "two"


def test_a_note_waits_while_there_is_no_edition(paper: Paper, content: Path) -> None:
    paper.join(A)
    paper.write("one")
    file = write(content, "---\nsubject: Ours\nexclude: [one]\n---\n")
    assert issued(paper, content).edition is None
    assert file.exists()
    paper.write("two")
    digest = digest_of(paper, issued(paper, content))
    assert (digest.subject, [one.article.title for one in digest.entries]) == ("Ours", ["two"])


def test_a_draft_hands_its_note_on_to_the_one_that_replaces_it(paper: Paper, content: Path) -> None:
    paper.newsletter = replace(paper.newsletter, approval="required")
    paper.join(A)
    paper.write("one")
    write(content, "---\nsubject: Ours\n---\n")
    first = issued(paper, content)
    second = issued(paper, content)
    assert first.edition
    assert second.edition
    assert second.edition.note == first.edition.note
    assert second.edition.note


def test_a_note_that_names_no_article_stops_the_cut_and_nothing_is_done(
    paper: Paper, content: Path
) -> None:
    paper.join(A)
    paper.write("one")
    write(content, "---\nlead: none such\n---\n")
    with pytest.raises(
        PageRefused, match=r"next\.md: lead or order: there is no article 'none such'"
    ):
        issued(paper, content)
    write(content, "---\nlead: one\n---\n")
    assert issued(paper, content).letters == 1


def test_a_note_that_is_no_file_of_the_directory_is_refused(content: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    write(content, "").unlink()
    (content / "_editions" / "digest" / "next.md").symlink_to(secret)
    with pytest.raises(PageRefused, match="leads out of the content directory"):
        notes.waiting([content], "digest")


def test_the_plan_shows_the_note_and_changes_nothing(paper: Paper, content: Path) -> None:
    paper.join(A)
    for title in ("one", "two", "three"):
        paper.write(title)
    write(content, WHOLE)
    note = notes.waiting([content], "digest")
    assert note
    for _ in range(2):
        first, second = plan(paper.store, [paper.newsletter], 2, paper.now, {"digest": note})
        assert (first.subject, first.opening[0]) == (
            "A subject of ours",
            "Good morning. All of you.",
        )
        assert [one.title for one in first.articles] == ["three", "two"]
        assert [(one.title, one.code) for one in first.left_out] == [("one", "excluded")]
        assert second.subject == ""
