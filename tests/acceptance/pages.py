"""Pages written for tests, in the model shape."""

from pathlib import Path

FIRST, SECOND, THIRD = "蜂の巣を数える 第一話", "蜂の巣を数える 第二話", "蜂の巣を数える 第三話"


def page(title: str, next_title: str | None = None, *, highlight: str = "巣箱は三つある。") -> str:
    """A page with one section, and a next part if one is named."""
    following = f"次のページを読む ⇒\n{next_title}\n" if next_title else ""
    return (
        f"{title}\n{title}の要約です。\n💡 {highlight}\n💡 蜜は秋にとれる。\n"
        "庭の話をします。\n巣箱の置き場所\nどこに置くのがよい?\n南向きの斜面がよい\n"
        "日当たりと風を見ます。\n公開日:2026/10/01\n\n✅ 南を向ける。\n✅ 水場を近くに。\n"
        f"さらに読む ⇒見本の養蜂帳出典/画像元: https://example.org/bees朝日が当たります。\n蜂は早起きです。\n{following}"
    )


def series() -> dict[str, str]:
    """Three parts by file name, whose names sort in the wrong order."""
    return {
        "a.txt": page(THIRD),
        "b.txt": page(FIRST, SECOND),
        "c.txt": page(SECOND, THIRD),
    }


def write(folder: Path, pages: dict[str, str]) -> None:
    """Put pages into a content directory."""
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
