"""What is said about a page put in the place of what its text says."""

from dataclasses import replace

from syndicate.articles.metadata import About
from syndicate.model import Article, Image


def apply(about: About, article: Article) -> Article:
    """Return an article as front matter, a sidecar or markup says it is."""
    own = About(metadata=article.metadata)
    images = article.images
    if about.image:
        images = tuple(replace(one, lead=one.url == about.image) for one in images)
        if not any(one.lead for one in images):
            images = (Image(about.image, lead=True), *images)
    warnings = article.warnings
    if about.summary:
        warnings = tuple(one for one in warnings if one.code != "no-summary")
    return replace(
        article,
        title=about.title or article.title,
        summary=about.summary or article.summary,
        language=about.language or article.language,
        images=images,
        metadata=about.over(own).metadata,
        warnings=(*about.notices, *warnings),
    )
