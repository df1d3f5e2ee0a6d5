"""premailer's traps, held."""

import pytest
from premailer import Premailer

from syndicate.digests.error import DigestError
from syndicate.digests.inline import inline

PAGE = """<!DOCTYPE html>
<html><head>
<style>.a {{ color: #0b6e5f; width: 50%; {rule} }}</style>
<style data-premailer="ignore">@media (max-width: 480px) {{ .a {{ width: 100% !important; }} }}</style>
</head><body><p class="a">{text}</p><a href="{link}">x</a></body></html>"""


def page(rule: str = "", text: str = "x", link: str = "xmark1") -> str:
    return PAGE.format(rule=rule, text=text, link=link)


def test_rules_move_into_style_attributes_and_the_page_is_otherwise_the_same() -> None:
    moved = inline(page(), ["xmark1"])
    assert '<p class="a" style="color:#0b6e5f; width:50%">x</p>' in moved
    assert moved.startswith("<!DOCTYPE html>")
    assert "data-premailer" not in moved


def test_media_rules_keep_what_makes_them_win() -> None:
    moved = inline(page(), ["xmark1"])
    assert "@media (max-width: 480px) { .a { width: 100% !important; } }" in moved
    assert moved.count("!important") == page().count("!important")


@pytest.mark.parametrize(("strip", "told"), [(True, "1 !important are lost"), (False, "changed")])
def test_what_the_library_does_to_kept_rules_is_noticed(
    strip: bool,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Careless(Premailer):  # type: ignore[misc]
        def transform(self, *args: object, **options: object) -> object:
            self.attribute_name, self.strip_important = "unknown", strip
            return super().transform(*args, **options)

    monkeypatch.setattr("premailer.Premailer", Careless)
    with pytest.raises(DigestError, match=told):
        inline(page(), ["xmark1"])


def test_more_css_in_the_head_than_gmail_reads_is_refused() -> None:
    rules = "@media print { .a { color: #000 } }" * 500
    source = page().replace("</head>", f'<style data-premailer="ignore">{rules}</style></head>')
    with pytest.raises(DigestError, match="bytes of CSS are left in the letter's head"):
        inline(source, ["xmark1"])


@pytest.mark.parametrize(
    "rule", ["} @media print { .a { color: #000 !important }", "} [data-ogsc] .a { color: #fff"]
)
def test_rules_that_cannot_be_inlined_are_refused_where_they_would_be_lost(rule: str) -> None:
    with pytest.raises(DigestError, match="data-premailer"):
        inline(page(rule=rule), ["xmark1"])


def test_calc_is_refused_in_styles_and_allowed_in_text() -> None:
    with pytest.raises(DigestError, match=r"calc\(\)"):
        inline(page(rule="width: calc(100% - 2px)"), ["xmark1"])
    assert "calc(1px)" in inline(page(text='width="calc(1px)"'), ["xmark1"])


def test_a_field_that_was_changed_is_refused() -> None:
    source = page(link="xmark1").replace('href="xmark1"', 'href="xmark1" href="xmark1"')
    with pytest.raises(DigestError, match="recipient's field"):
        inline(source, ["xmark1"])


def test_nothing_is_loaded_from_elsewhere() -> None:
    source = page().replace("</head>", '<link rel="stylesheet" href="file:///etc/passwd"></head>')
    assert "root:" not in inline(source, ["xmark1"])
