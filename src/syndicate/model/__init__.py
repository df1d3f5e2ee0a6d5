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
    DigestItem,
    Edition,
    EditionState,
)
from syndicate.model.feed import Feed, Piece, Removed
from syndicate.model.link import Link
from syndicate.model.media import PICTURES, is_media, media_path
from syndicate.model.news import Item, ItemKind, Log, News, NewsKind, Story
from syndicate.model.note import Note, Opening
from syndicate.model.preferences import (
    EVERYBODY,
    EVERYTHING,
    Cadence,
    Depth,
    Filters,
    Narrowing,
    Preferences,
)
from syndicate.model.publication import (
    Approval,
    Legal,
    LegalProfile,
    Links,
    Newsletter,
    Publication,
    Site,
)
from syndicate.model.series import Entry, NamedSeries, Part, Series
from syndicate.model.signup import Signup, SignupKind, SignupState, Terms
from syndicate.model.source import Source
from syndicate.model.subscriber import Subscriber, SubscriptionState
from syndicate.model.theme import DARK, LIGHT, Logo, Palette, Theme
from syndicate.model.work import Event, Tell, Work, silent

__all__ = [
    "DARK",
    "EVERYBODY",
    "EVERYTHING",
    "LIGHT",
    "OPEN_STATES",
    "PICTURES",
    "Accepted",
    "Approval",
    "Article",
    "Cadence",
    "Citation",
    "Decision",
    "Deferred",
    "Delivery",
    "DeliveryState",
    "Depth",
    "Digest",
    "DigestGroup",
    "DigestItem",
    "Done",
    "Edition",
    "EditionState",
    "Entry",
    "Event",
    "Feed",
    "Filters",
    "Image",
    "Item",
    "ItemKind",
    "Legal",
    "LegalProfile",
    "Letter",
    "Link",
    "Links",
    "Log",
    "Logo",
    "Metadata",
    "NamedSeries",
    "Narrowing",
    "News",
    "NewsKind",
    "Newsletter",
    "Note",
    "Notice",
    "Opening",
    "Outcome",
    "Page",
    "Palette",
    "Part",
    "Piece",
    "Preferences",
    "Publication",
    "Refused",
    "Removed",
    "Retry",
    "Section",
    "Series",
    "Signup",
    "SignupKind",
    "SignupState",
    "Site",
    "Source",
    "Story",
    "Subscriber",
    "SubscriptionState",
    "Tell",
    "Terms",
    "Theme",
    "Unknown",
    "Work",
    "is_media",
    "media_path",
    "silent",
]
