"""An article as semantic HTML: a class where a style may want one, no empty elements."""

from collections.abc import Callable, Iterable
from datetime import date

from syndicate.markup.links import cited_name, linked_text, web_address
from syndicate.markup.shown import To, picture_address, shown_html
from syndicate.markup.text import html_text, xml_text
from syndicate.model import Article, Citation, Image, Section


def article_body(
    article: Article,
    gettext: Callable[[str], str],
    format_date: Callable[[date], str],
    to: To,
    here: str | None = "",
) -> str:
    """Write the whole article as HTML without its title, one block a line.

    `gettext` and `format_date` are those of the article's language, `to` writes the link to a
    published path, `here` is where links within the article lead: "" on its own page. Any part may be
    missing. A page's own markup stands in the place of its sections; else each picture stands in its
    section, and a declared leading one above all.
    """
    if article.html:
        own = xml_text(shown_html(article.html, article.metadata.canonical, to, here)).strip()
        return _lines([overview(article), *_apart(article, to), own])
    figures: dict[int, list[str]] = {}
    for image in article.images:
        place = image.section if image.section <= len(article.sections) else 0
        figures.setdefault(-1 if image.lead else place, []).append(_figure(image, to))
    above, below = figures.get(-1, []), figures.get(0, [])
    sections = (
        _section(section, figures.get(number, []), gettext, format_date)
        for number, section in enumerate(article.sections, 1)
    )
    return _lines([overview(article), *above, *_paragraphs(article.lead), *below, *sections])


def overview(article: Article) -> str:
    """Write the summary and the highlights alone, as HTML; "" when the article has neither."""
    summary = _element("p", article.summary, "summary")
    return _lines([summary, _list("highlights", "💡", article.highlights)])


def _apart(article: Article, to: To) -> Iterable[str]:
    """The leading picture, where the page's markup does not show it."""
    lead = article.lead_image
    if (
        lead is not None
        and lead.lead
        and f'src="{html_text(lead.url)}"' not in (article.html or "")
    ):
        yield _figure(lead, to)


def _figure(image: Image, to: To) -> str:
    address = picture_address(image, to)
    if address is None:
        return _element("p", image.alt)
    sizes = (("width", image.width), ("height", image.height))
    said = "".join(f' {name}="{pixels}"' for name, pixels in sizes if image.width and image.height)
    shown = f'<img src="{html_text(address)}" alt="{html_text(image.alt)}"{said} loading="lazy">'
    return f"<figure>{shown}{_element('figcaption', image.caption)}</figure>"


def _section(
    section: Section,
    figures: Iterable[str],
    gettext: Callable[[str], str],
    format_date: Callable[[date], str],
) -> str:
    inner = _lines(
        [
            _element("h2", section.heading),
            _element("p", section.teaser_question, "teaser-question"),
            _element("p", section.teaser_answer, "teaser-answer"),
            *_paragraphs(section.intro),
            *figures,
            _list("key-points", "✅", section.key_points),
            *_paragraphs(section.body),
            _sources(section, gettext, format_date),
        ]
    )
    return f"<section>\n{inner}\n</section>" if inner else ""


def _sources(
    section: Section, gettext: Callable[[str], str], format_date: Callable[[date], str]
) -> str:
    shown = [link for link in map(_cited, section.sources) if link]
    label = gettext("Sources:") if len(shown) > 1 else gettext("Source:")
    if section.source_date is not None:
        day, text = section.source_date.isoformat(), html_text(format_date(section.source_date))
        shown.append(f'<time datetime="{day}">{text}</time>')
    return f'<p class="sources">{html_text(label)} {", ".join(shown)}</p>' if shown else ""


def _cited(citation: Citation) -> str:
    name, address = html_text(cited_name(citation)), web_address(citation.url)
    return f'<a href="{html_text(address)}">{name}</a>' if address else name


def _list(name: str, mark: str, items: Iterable[str]) -> str:
    """Hide the mark from screen readers: it is decoration, and they already say "list item"."""
    texts = [text for text in map(_text, items) if text]
    lines = [f'<li><span aria-hidden="true">{mark}</span> {text}</li>' for text in texts]
    return _lines([f'<ul class="{name}">', *lines, "</ul>"]) if lines else ""


def _paragraphs(texts: Iterable[str]) -> Iterable[str]:
    """Write lines of running text, in which addresses are links."""
    written = (linked_text(text).strip() for text in texts)
    return (f"<p>{text}</p>" for text in written if text)


def _element(tag: str, text: str | None, name: str = "") -> str:
    content, attribute = _text(text), f' class="{name}"' if name else ""
    return f"<{tag}{attribute}>{content}</{tag}>" if content else ""


def _text(text: str | None) -> str:
    return html_text(text or "").strip()


def _lines(blocks: Iterable[str]) -> str:
    return "\n".join(block for block in blocks if block)
