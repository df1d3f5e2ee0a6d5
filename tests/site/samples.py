"""A small publication: a Japanese series of three, its last part announced, and an English page."""

from datetime import UTC, date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from msgspec.structs import replace

from syndicate import site
from syndicate.addresses import article_path, series_path
from syndicate.model import (
    Article,
    Citation,
    Digest,
    DigestGroup,
    DigestItem,
    Entry,
    Legal,
    Part,
    Publication,
    Section,
    Series,
)
from syndicate.site import Front, Leaf, Line, Listing, Sign

TEMPLATES = Path(__file__).parents[2] / "templates"

ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

PUBLICATION = Publication(
    title="まちの地図帖",
    base_url="https://example.com/chizu",
    language="ja",
    zone="Asia/Tokyo",
    author="地図帖編集室",
    description="水と道と暮らしを、地図から読み解く読みもの。",
    legal=Legal(contact="henshu@example.com"),
)

_TITLES = (
    "用水路は誰のものか：城下町の水がいまも流れる理由とは？",
    "暗渠をたどる朝：地図から消えた川は、どこへ行ったのか？",
    "水の値段が決まるまで：検針員が歩く一日と、蛇口の向こう側",
)

SERIES = Series(
    slug="用水路は誰のものか",
    title="用水路は誰のものか：城下町の水がいまも流れる理由とは？",
    parts=(
        Part(1, _TITLES[0], 1, "用水路は誰のものか", "tag:example.com,2026-03-01:1"),
        Part(2, _TITLES[1], 2, "暗渠をたどる朝", "tag:example.com,2026-03-01:2"),
        Part(3, _TITLES[2]),
    ),
)

_FIRST = Article(
    title=_TITLES[0],
    summary="四百年前に掘られた用水路が、いまも商店街の裏を流れている。掃除をするのは誰か、水を止める鍵は誰が持つのか。町内会の当番表から、水の持ち主をたずねた。",
    highlights=(
        "用水路の大半は、法律の上では持ち主がはっきりしない「法定外公共物」である。",
        "泥さらいの当番は、いまも水路に面した四十二軒が順に受け持っている。",
        "大雨の夜に水門を閉めるのは、市役所ではなく近所の豆腐店だ。",
    ),
    lead=(
        "商店街の裏手に、幅一メートルに満たない流れがある。",
        "地図では青い点線で描かれるその水路を、上流から歩いてみた。",
    ),
    sections=(
        Section(
            heading="掃除当番が四百年続くわけ",
            teaser_question="泥をさらうのは、いったい誰の仕事なのか？",
            teaser_answer="水路に面した家が、順番に受け持つ。",
            intro=("当番表は、豆腐店の柱に画びょうで留めてあった。",),
            source_date=date(2026, 1, 18),
            key_points=(
                "当番は年に二回、春の彼岸と秋の彼岸の前の日曜日に回ってくる。",
                "参加できない家は、千円を町内会の水路会計に納める決まりになっている。",
            ),
            sources=(Citation("みどり市水路台帳", "https://water.example/canals/堀-12.html"),),
            body=(
                "台帳には、持ち主の欄に横線が一本引かれているだけだった。",
                "それでも水は止まらない。止まれば困る人が、必ずすぐ近くに住んでいるからだ。",
                "「うちの豆腐は、この水の音で目が覚めるんですよ」と店主は笑う。",
            ),
        ),
        Section(
            heading="水門の鍵を持つ人",
            teaser_question="大雨の夜、誰が水を止めるのか？",
            teaser_answer="鍵は三本。市と消防団と豆腐店が持つ。",
            source_date=date(2026, 2, 3),
            key_points=("水門は直径三十センチのハンドルを四十回まわすと閉まる。",),
            sources=(
                Citation("みどり消防団だより", "https://fire.example/news/214"),
                Citation("水門の手引き", "https://water.example/gates?lang=ja"),
            ),
            body=("閉めるのは簡単で、開ける判断のほうがずっと難しいという。",),
        ),
    ),
    next_title=_TITLES[1],
    language="ja",
)

_SECOND = Article(
    title=_TITLES[1],
    summary="川はなくなったのではなく、道の下にもぐっただけだった。古い地図と一本のチョークを持って、朝六時のまちを歩く。",
    highlights=(
        "マンホールの間隔を測ると、かつての川幅がわかる。",
        "橋の名前だけが、バス停に残っている。",
    ),
    lead=("始発のバスが来る前の交差点は、足もとの水の音が聞こえるほど静かだ。",),
    sections=(
        Section(
            heading="橋のない橋のバス停",
            teaser_question="なぜ川のない場所に橋の名前があるのか？",
            teaser_answer="昭和三十八年まで、そこに橋があったから。",
            source_date=date(2026, 2, 20),
            key_points=("市内のバス停のうち十一か所が、いまはない橋の名を持つ。",),
            sources=(Citation("みどり交通 停留所のあゆみ", "https://bus.example/stops"),),
            body=("運転手の多くは、その由来を知らないまま毎朝その名を告げている。",),
        ),
    ),
    next_title=_TITLES[2],
    language="ja",
)

_ENGLISH = Article(
    title="Why the Last Ferry Leaves at 9:40: A Timetable and the Town That Bends Around It",
    summary="For sixty years the harbour has run on one sailing nobody dares to move. We followed the "
    "evening boat from the bakery’s first order to the pilot’s last radio call.",
    highlights=(
        "The 9:40 departure is set by the tide tables of 1964, not by demand.",
        "Three shops, a night school and a choir keep their hours by it.",
        "Moving it by twenty minutes would cost less than repainting the pier.",
    ),
    lead=("Every evening at nine, the bakery on Quay Street locks one half of its door.",),
    sections=(
        Section(
            heading="A timetable older than the pier",
            teaser_question="Who decided on 9:40?",
            teaser_answer="A tide clerk, in pencil, in the spring of 1964.",
            intro=("The ledger is kept in a biscuit tin in the harbour office.",),
            source_date=date(2026, 2, 11),
            key_points=(
                "The pencilled note gives a depth of four metres at the old berth.",
                "The berth was dredged in 1981; nobody rubbed the note out.",
            ),
            sources=(Citation("Harbour Office Ledger", "https://harbour.example/ledger#1964"),),
            body=(
                "Timetables outlive their reasons, and people build evenings on them.",
                "The choir ends on a short hymn, because the long one misses the boat.",
            ),
        ),
    ),
    language="en",
)


def _entry(number: int, slug: str, article: Article, day: datetime, part: int | None) -> Entry:
    return Entry(
        article_id=number,
        uid=f"tag:example.com,2026-03-01:{number}",
        slug=slug,
        revision=1,
        published=day,
        updated=day,
        article=article,
        series=SERIES if part else None,
        part=part,
    )


FIRST = _entry(1, "用水路は誰のものか", _FIRST, datetime(2026, 3, 1, 22, tzinfo=UTC), 1)
SECOND = replace(
    _entry(2, "暗渠をたどる朝", _SECOND, datetime(2026, 3, 5, 22, tzinfo=UTC), 2),
    updated=datetime(2026, 3, 8, 3, tzinfo=UTC),
)
ENGLISH = _entry(3, "why-the-last-ferry", _ENGLISH, datetime(2026, 3, 4, 9, 30, tzinfo=UTC), None)
ENTRIES = (SECOND, ENGLISH, FIRST)

DIGEST = Digest(
    newsletter_title="まちの地図帖 週報",
    number=12,
    language="ja",
    date=datetime(2026, 3, 8, 22, tzinfo=UTC),
    groups=(
        DigestGroup(SERIES, (DigestItem(FIRST), DigestItem(SECOND))),
        DigestGroup(None, (DigestItem(ENGLISH),)),
    ),
    subject="用水路は誰のものか、ほか二本",
    preheader="四百年前に掘られた用水路が、いまも流れている。",
    address="https://example.com/chizu/editions/weekly/12/",
)

LINES = tuple(
    Line(
        title=one.article.title,
        path=article_path(one.slug),
        language=one.article.language,
        date=one.published,
        part=one.part,
        total=SERIES.total if one.part else None,
    )
    for one in ENTRIES
)

ISSUE = Line(DIGEST.newsletter_title, "editions/weekly/12/", "ja", DIGEST.date, number=12)

SHELF = Line(SERIES.title, series_path(SERIES.slug), "ja", SECOND.published, total=SERIES.total)

FRONT = Front(
    entries=ENTRIES,
    series=(SHELF,),
    tags=(Sign("水路", "tags/水路/", 2), Sign("harbours", "tags/harbours/", 1)),
    languages=(Sign("日本語", "lang/ja/", 2, "ja"), Sign("English", "lang/en/", 1, "en")),
    editions=(ISSUE,),
    more=True,
)

_OLDER = tuple(
    Leaf(f"archive/page-{n}/", datetime(2024, 1, n, tzinfo=UTC), datetime(2025, n, 1, tzinfo=UTC))
    for n in (2, 1)
)
ARCHIVE = Listing("archive", "", "archive/", "ja", 203, lines=LINES, leaves=_OLDER)
TAG = Listing("tag", "水路", "tags/水路/", "ja", 2, entries=(SECOND, FIRST))
EDITIONS = Listing("editions", "", "editions/", "ja", 1, lines=(ISSUE,))


def pages() -> dict[str, str]:
    """Every page of the publication, by the name of its expected file."""
    newsletter = DIGEST.newsletter_title
    return {
        "index.html": site.index_page(PUBLICATION, FRONT, ENVIRONMENT),
        "archive.html": site.list_page(PUBLICATION, ARCHIVE, ENVIRONMENT),
        "tag.html": site.list_page(PUBLICATION, TAG, ENVIRONMENT),
        "editions.html": site.list_page(PUBLICATION, EDITIONS, ENVIRONMENT),
        "tags.html": site.tags_page(PUBLICATION, FRONT.tags, ENVIRONMENT),
        "search.html": site.search_page(PUBLICATION, [site.Block(0, 1)], ENVIRONMENT),
        "article-first.html": site.article_page(PUBLICATION, FIRST, ENVIRONMENT),
        "article-second.html": site.article_page(PUBLICATION, SECOND, ENVIRONMENT),
        "article-english.html": site.article_page(PUBLICATION, ENGLISH, ENVIRONMENT),
        "series.html": site.series_page(PUBLICATION, SERIES, ENTRIES, ENVIRONMENT),
        "edition.html": site.edition_page(PUBLICATION, DIGEST, ENVIRONMENT),
        "404.html": site.not_found_page(PUBLICATION, ENVIRONMENT),
        "unsubscribe.html": unsubscribe_page(PUBLICATION, newsletter, "TOKEN", "ja"),
        "unsubscribed.html": unsubscribed_page(PUBLICATION, newsletter, "en"),
        "problem.html": problem_page(PUBLICATION, "This link is not one of ours.", "ja"),
    }


def unsubscribe_page(about: Publication, title: str, token: str, language: str) -> str:
    return site.answer(
        about,
        "unsubscribe.html",
        ENVIRONMENT,
        language,
        newsletter_title=title,
        action=f"u/{token}",
    )


def unsubscribed_page(about: Publication, title: str, language: str, back: str = "") -> str:
    return site.answer(
        about, "unsubscribed.html", ENVIRONMENT, language, newsletter_title=title, back=back
    )


def problem_page(about: Publication, message: str, language: str) -> str:
    return site.answer(about, "problem.html", ENVIRONMENT, language, message=message)
