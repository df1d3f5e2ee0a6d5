"""The pictures of an article: which lie beside its page, and what became of them (PAGES.md)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from msgspec.structs import replace

from syndicate.model import Article, Image, Notice, is_media

_NAMED = 3  # pictures that one notice names
_PUBLISHED = re.compile(r'(?:src|href)="(media/[^"]+)"')
_SIZED = re.compile(r"-\d{2,4}x\d{2,4}(?=\.[A-Za-z]+$)")  # as WordPress calls smaller copies


def wanted(article: Article) -> tuple[str, ...]:
    """Return the addresses of an article's pictures that may be files beside its page."""
    urls = [image.url for image in article.images]
    if article.html:
        from syndicate.markup.shown import pictures_in  # noqa: PLC0415 - text pages start faster

        urls.extend(pictures_in(article.html))
    return tuple(url for url in dict.fromkeys(urls) if _is_beside(url))


def _is_beside(url: str) -> bool:
    """Whether an address names a file by where it lies from the page."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc and not is_media(url)


def placed(article: Article, found: Mapping[str, Image], notices: Sequence[Notice]) -> Article:
    """Return an article with `found` pictures, by their addresses on the page, where they are published.

    What was not found is taken from the page's canonical address, if it has one.
    """
    base = article.metadata.canonical
    urls = wanted(article) if base else ()
    far = {url: Image(_joined(base or "", url)) for url in urls if url not in found}
    images, html = {**far, **found}, article.html
    if html and images:
        from syndicate.markup.shown import with_pictures  # noqa: PLC0415 - as above

        html = with_pictures(html, images)
    return replace(
        article,
        images=tuple(_as_found(one, images.get(one.url)) for one in article.images),
        html=html,
        warnings=(*article.warnings, *notices),
    )


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _as_found(image: Image, found: Image | None) -> Image:
    if found is None:
        return image
    width, height = found.width or image.width, found.height or image.height
    return replace(image, url=found.url, width=width, height=height, size=found.size)


def published(article: Article) -> tuple[str, ...]:
    """Return the published paths of the pictures that an article shows or links to."""
    html = article.html or ""
    linked = _PUBLISHED.findall(html) if '"media/' in html else ()
    paths = (*(image.url for image in article.images), *linked)
    return tuple(dict.fromkeys(one for one in paths if is_media(one)))


def unnamed(images: Iterable[Image]) -> tuple[Notice, ...]:
    """Warn of pictures without an alternative text."""
    urls = [image.url for image in images if not image.alt]
    if not urls:
        return ()
    some = ", ".join(url[-80:] for url in urls[:_NAMED])
    more = f" and {len(urls) - _NAMED} more" if len(urls) > _NAMED else ""
    message = f"these pictures have no alternative text: {some}{more}. Say what they show."
    return (Notice("no-alt", message),)


def with_lead(images: Sequence[Image], url: str, alt: str) -> tuple[Image, ...]:
    """Make the picture of an address the leading one; other sizes of it are that picture, too."""
    stem = _stem(url)
    at = next((at for at, one in enumerate(images) if one.url == url), None)
    if at is None:
        at = next((at for at, one in enumerate(images) if _stem(one.url) == stem), None)
    if at is None:
        return (Image(url, alt, lead=True), *(replace(one, lead=False) for one in images))
    return tuple(replace(one, lead=place == at) for place, one in enumerate(images))


def _stem(url: str) -> str:
    return _SIZED.sub("", url.partition("?")[0])
