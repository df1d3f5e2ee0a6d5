"""No edition starts whose letters do not say what the law of their place asks for."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate.digests.error import DigestError
from syndicate.digests.legal import check_legal
from syndicate.digests.render import render
from syndicate.jobs.rehearse import rehearse
from syndicate.model import Legal, LegalProfile, Newsletter
from tests.digests.samples import (
    EDITION,
    ENVIRONMENT,
    MOMENT,
    PUBLICATION,
    SENDER,
    environment,
)

FULL = Legal("灯台の手帖 & 編集室", "東京都架空区\n岬町1-2-3", "henshu@example.com", "jp")


def check(legal: Legal, folder: Path | None = None) -> None:
    about = replace(PUBLICATION, legal=legal)
    letter = render(EDITION, about, environment(folder) if folder else ENVIRONMENT)
    check_legal(legal, letter.html, letter.text)


@pytest.mark.parametrize("profile", ["jp", "eu", None])
def test_a_letter_that_says_everything_may_go_out(profile: LegalProfile | None) -> None:
    check(replace(FULL, profile=profile))


def test_without_a_profile_nothing_is_checked() -> None:
    check(Legal())


@pytest.mark.parametrize("profile", ["jp", "eu"])
@pytest.mark.parametrize("key", ["sender", "address", "contact"])
def test_what_is_not_set_is_named_with_its_key(profile: LegalProfile, key: str) -> None:
    with pytest.raises(DigestError, match=rf"legal\.{key}.*no edition may start"):
        check(replace(FULL, profile=profile, **{key: " "}))


@pytest.mark.parametrize(
    ("profile", "contact", "enough"),
    [
        ("jp", "03-0000-0000", True),
        ("jp", "電話 ０３-００００-００００", True),
        ("jp", "https://example.com/contact", True),
        ("jp", "編集室", False),
        ("eu", "Editors, news@example.com", True),
        ("eu", "+49 30 0000000", False),
        ("eu", "https://example.com/contact", False),
    ],
)
def test_a_contact_has_to_be_one_that_the_law_knows(
    profile: LegalProfile, contact: str, *, enough: bool
) -> None:
    legal = replace(FULL, profile=profile, contact=contact)
    if enough:
        check(legal)
        return
    with pytest.raises(DigestError, match=r"legal\.contact"):
        check(legal)


@pytest.mark.parametrize("ending", ["html", "txt"])
def test_a_template_that_hides_the_sender_is_refused(tmp_path: Path, ending: str) -> None:
    (tmp_path / "digest").mkdir()
    own = f'{{% extends "digest/digest.{ending}" %}}{{% block legal %}}{{{{ "" }}}}{{% endblock %}}'
    (tmp_path / "digest" / f"mine.{ending}").write_text(own, encoding="utf-8")
    other = {"html": "txt", "txt": "html"}[ending]
    (tmp_path / "digest" / f"mine.{other}").write_text(
        f'{{% extends "digest/digest.{other}" %}}', encoding="utf-8"
    )
    newsletter = Newsletter("digest", "だより", "0 7 * * *", "UTC", template="mine")
    about = replace(PUBLICATION, legal=FULL)
    with pytest.raises(DigestError, match=r"does not show legal\.sender"):
        rehearse(newsletter, about, SENDER, environment(tmp_path), MOMENT)
