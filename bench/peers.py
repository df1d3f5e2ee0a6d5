"""Settings and layouts of the programs that `bench.collect` compares with: as little as does the work."""

HUGO_SETTINGS = """
baseURL = "http://127.0.0.1:1314/"
title = "Bench"
disableKinds = ["taxonomy", "term", "section", "sitemap", "robotsTXT", "404"]
[services.rss]
limit = 20
"""
HUGO_LAYOUTS = {
    "_default/single.html": "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>"
    "<time>{{ .Date }}</time>{{ .Content }}",
    "index.html": "<!doctype html><title>{{ .Site.Title }}</title>"
    "{{ range first 50 .Site.RegularPages }}<p><a href='{{ .Permalink }}'>{{ .Title }}</a>{{ end }}",
    "_default/rss.xml": "<rss version='2.0'><channel><title>{{ .Site.Title }}</title>"
    "<link>{{ .Permalink }}</link>{{ range first 20 .Site.RegularPages }}<item><title>{{ .Title }}"
    "</title><link>{{ .Permalink }}</link><description>{{ .Content | html }}</description></item>"
    "{{ end }}</channel></rss>",
}
PELICAN_SETTINGS = """
SITENAME = "Bench"
SITEURL = "http://127.0.0.1:8000"
PATH = "content"
OUTPUT_PATH = "public"
THEME = "theme"
TIMEZONE = "UTC"
DEFAULT_PAGINATION = False
DEFAULT_LANG = "en"
DIRECT_TEMPLATES = ["index"]
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
AUTHORS_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = ARCHIVES_SAVE_AS = ""
FEED_ALL_ATOM = "feed.atom"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 20
CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "generator"
CHECK_MODIFIED_METHOD = "mtime"
"""
PELICAN_THEME = {
    "templates/base.html": "<!doctype html><title>{{ SITENAME }}</title>",
    "templates/article.html": "<!doctype html><title>{{ article.title }}</title>"
    "<h1>{{ article.title }}</h1><time>{{ article.date }}</time>{{ article.content }}",
    "templates/index.html": "<!doctype html><title>{{ SITENAME }}</title>"
    "{% for article in articles[:50] %}<p><a href='{{ SITEURL }}/{{ article.url }}'>"
    "{{ article.title }}</a>{% endfor %}",
    "static/nothing.css": "",
}
