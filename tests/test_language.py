"""Languages: their words, and the way that they are written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import syndicate
from syndicate.language import direction


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ja", "ltr"),
        ("en-GB", "ltr"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("zh-Hant-TW", "ltr"),
        ("xx", "ltr"),
        ("not a tag", "ltr"),
    ],
)
def test_a_language_is_written_one_way(language: str, expected: str) -> None:
    assert direction(language) == expected


_POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "Unsubscribe"
msgstr "Wypisz się"

msgid "{title} and {count} more"
msgid_plural "{title} and {count} more"
msgstr[0] "{title} i jeszcze {count} artykuł"
msgstr[1] "{title} i jeszcze {count} artykuły"
msgstr[2] "{title} i jeszcze {count} artykułów"
"""
_LETTERS = """
from tests.digests.editions import new, written
from tests.digests.samples import ENVIRONMENT, PUBLICATION, TIDES, entry
from syndicate.digests.render import render
for count in (2, 3, 6):
    print(written(new(*(entry(n, TIDES, str(n)) for n in range(count))), "pl").subject)
letter = render(written(new(entry(1, TIDES, "t")), "pl"), PUBLICATION, ENVIRONMENT)
print("Wypisz się" in letter.html, "Wypisz się" in letter.text, '<html lang="pl"' in letter.html)
print("23 listopada 2026" in letter.html)
"""


def test_a_third_language_is_one_file(tmp_path: Path) -> None:
    """A copy of the program gets `locale/pl.po` and nothing else: words, dates and its three plurals."""
    (source,) = map(Path, syndicate.__path__)
    shutil.copytree(source, tmp_path / "syndicate", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "syndicate" / "locale" / "pl.po").write_text(_POLISH, encoding="utf-8")
    checkout = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _LETTERS],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{checkout}", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    one, few, many, *shown = done.stdout.splitlines()
    assert one.endswith(" i jeszcze 1 artykuł")
    assert few.endswith(" i jeszcze 2 artykuły")
    assert many.endswith(" i jeszcze 5 artykułów")
    assert shown == ["True True True", "True"]
