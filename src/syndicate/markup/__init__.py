"""Plain text and articles made safe for the documents they stand in; templates drawn."""

from syndicate.markup.body import article_body, overview
from syndicate.markup.links import cited_name, web_address
from syndicate.markup.mail import mail_body
from syndicate.markup.shown import picture_address
from syndicate.markup.simple import simple_links
from syndicate.markup.templates import draw, parts
from syndicate.markup.text import html_text, xml_text

__all__ = [
    "article_body",
    "cited_name",
    "draw",
    "html_text",
    "mail_body",
    "overview",
    "parts",
    "picture_address",
    "simple_links",
    "web_address",
    "xml_text",
]
