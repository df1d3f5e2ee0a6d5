"""What no database holds, in pages: no pass ends because of it."""

import random
from pathlib import Path

from syndicate.model import Article
from syndicate.store.database import Store
from tests.jobs.press import Press
from tests.jobs.test_collect import BOATS, Editor, editor

__all__ = ["editor"]

_letters = random.Random(3)
LONG = "".join(
    chr(_letters.randint(0x4E00, 0x9FA0)) for _ in range(6000)
)  # hardly to be compressed
LINKED = """<html><head><script type="application/ld+json">{"@type": "NewsArticle",
"description": "Half an emoji \\ud83d and \\u0000", "keywords": ["a\\u0000\\udc00"],
"image": "\\ud83d\\u0000.png"}</script></head>
<body><article><h1>Bees &#x202e;&#1;&#xd83d;</h1><p>Text.</p></article></body></html>"""


def test_no_page_ends_a_pass(editor: Editor) -> None:
    texts = {
        "linked.html": LINKED,
        "toml.md": '+++\ntitle = "A\\u0000B"\ntags = ["c\\u0000"]\nimage = "d\\u0000.png"\n+++\nText.\n',
        "yaml.md": '---\ntitle: "E \\ud83d *"\n---\nText.\n',
        "part.md": "---\ntitle: F\nseries: S\npart: 99999999999999999999\n---\nText.\n",
        "tag.md": f"---\ntitle: G\ntags: [{LONG}]\nseries: {LONG}\nauthor: {LONG}\n---\nText.\n",
        "address.md": f"---\ntitle: H\ncanonical: https://h.example/{LONG}\n---\nText.\n",
        "picture.md": f"# I\n\n![I]({LONG}.png) ![I](../{LONG}.png)\n",
        "slug.md": f"---\ntitle: J\nslug: {LONG}\n---\nText.\n",
        "line.txt": f"{LONG}\rText.\rMore.",
        "next.txt": f"K\nText.\nNext page ⇒\n{LONG}\n",
        "good.txt": BOATS,
    }
    for name, text in texts.items():
        (editor.folder / name).write_text(text, encoding="utf-8")
    for name in ("linked.html", "toml.md"):
        (editor.folder / f"{name}.toml").write_text('author = "N\\u0000 O"\n', encoding="utf-8")
    report = editor.pick_up()
    refused = dict(report.refused)
    assert set(refused) <= {"content/yaml.md"}
    assert len(report.new) + len(refused) == len(texts)
    titles = {one.title for one in editor.published()}
    assert {"Bees", "AB", "F", "G", "H", "I", "J", "K", "船"} <= titles
    codes = {(path, one.code) for path, one in report.warnings}
    assert {
        ("content/linked.html", "control-characters"),
        ("content/part.md", "metadata-invalid"),
        ("content/address.md", "metadata-invalid"),
        ("content/picture.md", "image-missing"),
    } <= codes
    assert editor.pick_up().new == ()


def test_a_path_longer_than_an_index_holds_is_skipped_by_name(editor: Editor) -> None:
    folder = editor.folder
    for _ in range(6):
        folder /= LONG[:80]
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(BOATS, encoding="utf-8")
    (editor.folder / "b.txt").write_text("B\nText of another page.\n", encoding="utf-8")
    report = editor.pick_up()
    assert report.new == ("content/b.txt",)
    ((path, reason),) = report.refused
    assert path.count(LONG[:80]) == 5
    assert "move it further up" in reason


def test_a_link_longer_than_an_index_holds_keeps_nothing_from_being_published(
    store: Store, tmp_path: Path
) -> None:
    press = Press(store, tmp_path)
    link = f'<p><a href="https://example.com/{LONG}">Far</a> <a href="https://example.com/%00">No</a></p>'
    press.bring(Article("Boats", "Of boats.", html=link), Article("Bees", "Of bees."))
    assert press.publish().written
    assert {"Boats", "Bees"} <= set(press.titles())
