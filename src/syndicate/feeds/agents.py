"""What a feed's reader says of itself, reduced to a family of programs, and how many read through it."""

import re
from functools import lru_cache
from typing import NamedTuple

OTHER, UNNAMED = "other", "unnamed"

# The first that is found counts: services before programs, programs before the libraries they are made of.
FAMILIES = (
    ("feedly", "Feedly"),
    ("inoreader", "Inoreader"),
    ("newsblur", "NewsBlur"),
    ("feedbin", "Feedbin"),
    ("theoldreader", "The Old Reader"),
    ("bazqux", "BazQux"),
    ("feedspot", "Feedspot"),
    ("feedpress", "FeedPress"),
    ("blogtrottr", "Blogtrottr"),
    ("feedfetcher", "FeedFetcher"),
    ("miniflux", "Miniflux"),
    ("freshrss", "FreshRSS"),
    ("tiny tiny rss", "Tiny Tiny RSS"),
    ("nextcloud", "Nextcloud News"),
    ("commafeed", "CommaFeed"),
    ("yarr", "yarr"),
    ("netnewswire", "NetNewsWire"),
    ("reeder", "Reeder"),
    ("unread", "Unread"),
    ("newsboat", "newsboat"),
    ("liferea", "Liferea"),
    ("akregator", "Akregator"),
    ("rssguard", "RSS Guard"),
    ("rss guard", "RSS Guard"),
    ("quiterss", "QuiteRSS"),
    ("thunderbird", "Thunderbird"),
    ("vienna", "Vienna"),
    ("antennapod", "AntennaPod"),
    ("capyreader", "Capy Reader"),
    ("feeder", "Feeder"),
    ("ifttt", "IFTTT"),
    ("zapier", "Zapier"),
    ("slackbot", "Slack"),
    ("discordbot", "Discord"),
    ("mastodon", "Mastodon"),
    ("syndicate", "syndicate"),
    ("rss-parser", "rss-parser"),
    ("feedparser", "feedparser"),
    ("python-reader", "reader"),
    ("googlebot", "search engines"),
    ("bingbot", "search engines"),
    ("duckduckbot", "search engines"),
    ("applebot", "search engines"),
    ("yandex", "search engines"),
    ("baiduspider", "search engines"),
    ("python", "Python"),
    ("aiohttp", "Python"),
    ("node-fetch", "Node.js"),
    ("undici", "Node.js"),
    ("axios", "Node.js"),
    ("go-http-client", "Go"),
    ("okhttp", "Java"),
    ("java/", "Java"),
    ("curl", "curl"),
    ("wget", "Wget"),
    ("mozilla", "browsers"),
)
_THROUGH = re.compile(r"(?<!\d)(\d{1,7}) (?:feed |active )?(?:subscriber|reader|user|follower)s?\b")


class Reader(NamedTuple):
    """Who asked: the family of the program, and the subscribers that an aggregator says to have."""

    family: str
    subscribers: int


@lru_cache(maxsize=2048)
def reader(agent: bytes) -> Reader:
    """Read a User-Agent header."""
    text = agent[:500].decode("latin-1").lower()
    if not text.strip():
        return Reader(UNNAMED, 0)
    family = next((name for needle, name in FAMILIES if needle in text), OTHER)
    through = _THROUGH.search(text)
    return Reader(family, int(through[1]) if through else 0)
