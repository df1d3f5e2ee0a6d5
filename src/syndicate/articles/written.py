"""An article written as a page again, for a person to read on a terminal."""

from collections.abc import Iterator

from syndicate.model import Article, Section


def as_page(article: Article) -> Iterator[str]:
    """Yield the lines of an article, with the marks of its language (English, or Japanese)."""
    japanese = article.language.startswith("ja")
    yield article.title
    if article.summary is not None:
        yield article.summary
    yield from (f"💡 {text}" for text in article.highlights)
    yield from article.lead
    for section in article.sections:
        yield ""
        yield from _section(section, japanese=japanese)
    if article.next_title:
        yield ""
        yield "次のページを読む ⇒" if japanese else "Next page ⇒"
        yield article.next_title


def _section(section: Section, *, japanese: bool) -> Iterator[str]:
    head = (section.heading, section.teaser_question, section.teaser_answer, *section.intro)
    yield from (line for line in head if line)
    if section.source_date:
        mark = "公開日:" if japanese else "Published: "
        yield f"{mark}{section.source_date:%Y/%m/%d}"
    yield from (f"✅ {text}" for text in section.key_points)
    more, credit = (
        ("さらに読む ⇒", "出典/画像元: ") if japanese else ("Read more ⇒", " Source/Image: ")
    )
    yield from (f"{more}{source.name}{credit}{source.url}" for source in section.sources)
    yield from section.body
