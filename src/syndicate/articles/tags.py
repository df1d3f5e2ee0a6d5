"""Tags as they are compared: one that is spelt in another width or case is the same."""

import unicodedata


def tag_key(name: str) -> str:
    """Return what a tag is known by: NFKC, blanks folded, no capitals."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
