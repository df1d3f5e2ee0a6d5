"""Put the pictures that lie beside a page into its article."""

from collections.abc import Callable, Sequence

from syndicate.articles import placed
from syndicate.content.pictures import Picture
from syndicate.model import Article, Image, Notice


def with_files(
    article: Article, beside: Sequence[Picture], address: Callable[[Picture], str | None]
) -> Article:
    """Put what was found of the pictures beside a page into its article, and say what was not."""
    images = {
        one.url: Image(address(one) or one.url, width=one.width, height=one.height, size=one.size)
        for one in beside
        if one.media
    }
    far = article.metadata.canonical is not None
    notices = [
        Notice(one.code, f"the picture {one.url[-200:]} {one.reason}.")
        for one in beside
        if one.code and not (far and one.code == "image-missing")
    ]
    return placed(article, images, notices)
