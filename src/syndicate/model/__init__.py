"""The nouns: frozen records of the standard library, imported by every room above."""

from syndicate.model.article import Article, Citation, Image, Metadata, Notice, Page, Section
from syndicate.model.delivery import (
    OPEN_STATES,
    Accepted,
    Decision,
    Deferred,
    Delivery,
    DeliveryState,
    Done,
    Letter,
    Outcome,
    Refused,
    Retry,
    Unknown,
)
from syndicate.model.edition import (
    Digest,
    DigestGroup,
    Edition,
    EditionState,
    News,
    NewsKind,
)
from syndicate.model.publication import Approval, Feed, Legal, Links, Newsletter, Publication
from syndicate.model.series import Entry, NamedSeries, Part, Series
from syndicate.model.source import Source
from syndicate.model.subscriber import Subscriber, SubscriptionState
from syndicate.model.theme import DARK, LIGHT, Logo, Palette, Theme
from syndicate.model.work import Event, Tell, Work, silent

__all__ = [
    "DARK",
    "LIGHT",
    "OPEN_STATES",
    "Accepted",
    "Approval",
    "Article",
    "Citation",
    "Decision",
    "Deferred",
    "Delivery",
    "DeliveryState",
    "Digest",
    "DigestGroup",
    "Done",
    "Edition",
    "EditionState",
    "Entry",
    "Event",
    "Feed",
    "Image",
    "Legal",
    "Letter",
    "Links",
    "Logo",
    "Metadata",
    "NamedSeries",
    "News",
    "NewsKind",
    "Newsletter",
    "Notice",
    "Outcome",
    "Page",
    "Palette",
    "Part",
    "Publication",
    "Refused",
    "Retry",
    "Section",
    "Series",
    "Source",
    "Subscriber",
    "SubscriptionState",
    "Tell",
    "Theme",
    "Unknown",
    "Work",
    "silent",
]
