"""Pictures for tests, made on the spot."""

from io import BytesIO
from pathlib import Path

from PIL import Image


def picture(
    file: Path, size: tuple[int, int] = (4, 3), colour: str = "red", kind: str | None = None
) -> bytes:
    """Write a picture of one colour by the ending of its name, and return its bytes."""
    made = BytesIO()
    Image.new("RGB", size, colour).save(made, kind or Image.registered_extensions()[file.suffix])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(made.getvalue())
    return made.getvalue()
