"""Published pictures: each is named by its bytes, so that an address never changes what it shows."""

import re

PICTURES = {  # media types by the ends of published names
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}
_DIGITS = 16
_MEDIA = re.compile(rf"media/[0-9a-f]{{{_DIGITS}}}\.(?:{'|'.join(PICTURES)})")


def media_path(digest: str, ending: str) -> str:
    """Return the published path of a picture: `digest` is the SHA-256 (hex) of its bytes."""
    return f"media/{digest[:_DIGITS]}.{ending}"


def is_media(path: str) -> bool:
    """Whether this is the published path of a picture."""
    return _MEDIA.fullmatch(path) is not None
