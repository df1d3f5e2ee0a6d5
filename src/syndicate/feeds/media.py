"""Pictures in Yahoo's Media RSS, which both XML formats take."""

from lxml.etree import SubElement, _Element

from syndicate.feeds.items import Picture

MEDIA = "http://search.yahoo.com/mrss/"


def add_picture(parent: _Element, picture: Picture) -> None:
    """Add a picture, with its alternative text where it has any."""
    numbers = {"fileSize": picture.size, "width": picture.width, "height": picture.height}
    content = SubElement(parent, f"{{{MEDIA}}}content")
    content.set("url", picture.address)
    content.set("medium", "image")
    if picture.media_type is not None:
        content.set("type", picture.media_type)
    for name, value in numbers.items():
        if value is not None:
            content.set(name, str(value))
    if picture.alt:
        SubElement(content, f"{{{MEDIA}}}description", type="plain").text = picture.alt
