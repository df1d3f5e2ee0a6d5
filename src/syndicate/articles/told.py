"""What is said about a page put in the place of what its text says."""

from msgspec.structs import replace

from syndicate.articles.metadata import NOTHING, About
from syndicate.articles.pictures import unnamed, with_lead
from syndicate.markup.shown import leading_nowhere
from syndicate.model import Article, Notice

_NAMED = 3  # links in one warning


def astray(article: Article) -> tuple[Notice, ...]:
    """Warn of links that nobody can follow: a relative address is known from that of an original alone."""
    lost = leading_nowhere(article.html or "", article.metadata.canonical)
    if not lost:
        return ()
    some = ", ".join(one[:80] for one in lost[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    message = f"these links are only text: {some}{more}. Write their whole addresses (https://…)."
    return (Notice("link-relative", message),)


def apply(about: About, article: Article) -> Article:
    """Return an article as front matter, a sidecar or markup says it is."""
    if about is NOTHING:
        return article
    images, warnings = article.images, article.warnings
    if about.image:
        images = with_lead(images, about.image, about.image_alt or "")
        added = images[:1] if len(images) > len(article.images) else ()
        if about.image_alt is None:
            warnings = (*warnings, *unnamed(added))
    if about.summary:
        warnings = tuple(one for one in warnings if one.code != "no-summary")
    return replace(
        article,
        title=about.title or article.title,
        summary=about.summary or article.summary,
        language=about.language or article.language,
        images=images,
        metadata=about.metadata_over(article.metadata),
        warnings=(*about.notices, *warnings),
    )
