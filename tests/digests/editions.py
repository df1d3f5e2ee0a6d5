"""The editions of the golden set: each a digest, by the name of its expected files."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from msgspec.structs import replace

from syndicate.digests.selection import group, preheader, subject
from syndicate.model import (
    Article,
    Citation,
    Depth,
    Digest,
    DigestItem,
    Entry,
    Image,
    ItemKind,
    Part,
    Section,
    Series,
)
from tests.digests.samples import EDITION, LENS, MOMENT, SERIES, TIDES, entry

_HORN = Article(
    title=SERIES.parts[1].title,
    summary="濃い霧の朝、船乗りは目でなく耳で岬を探した。最後の霧笛が止むまでの百年をたどる。",
    highlights=(
        "霧笛の音は、風のない日には十海里先まで届いた。",
        "停止の理由は騒音ではなく、部品の調達だった。",
    ),
    sections=(Section(sources=(Citation("岬の新聞", "https://news.example/horn"),)),),
)
_KEEPER = Article(
    title=SERIES.parts[0].title,
    summary="灯台から人がいなくなって二十年。光を見守っているのは、港の事務所の小さな画面だった。",
    highlights=("全国の灯台は、いまは七つの港から遠隔で監視されている。",),
    sections=(Section(sources=(Citation("港町資料館", "https://museum.example/keeper"),)),),
)
_ARABIC = Article(
    title="كيف تعلّمت مدينة الميناء قراءة المدّ من جديد؟",
    summary="عندما توقفت الجداول المطبوعة عن الوصول، صنع البحّارة جداولهم الخاصة بمسطرة ودفتر وشتاء من الصبر.",
    highlights=(
        "كانت الجداول تُطبع منذ 112 عامًا قبل إغلاق المكتب.",
        "المقياس المصنوع يدويًا (gauge) دقيق الآن في حدود أربعة سنتيمترات.",
    ),
    sections=(Section(sources=(Citation("بريد الرصيف", "https://courier.example/ar"),)),),
    language="ar",
)
_ARABIC_BODY = replace(
    _ARABIC,
    html="""<p>بدأ كل شيء بمسطرة مكسورة.</p><ul><li>شتاء</li><li>دفتر</li></ul>
<blockquote><p>البحر لا ينتظر أحدًا.</p></blockquote>
<table><thead><tr><th>الميناء</th><th>المدّ</th></tr></thead>
<tbody><tr><td>الشمال</td><td>3.2 m</td></tr></tbody></table>""",
)
_FRENCH = Article(
    title="Le phare qui parlait aux trains",
    summary="Sur une côte sans port, un phare servait d’horloge aux cheminots.",
    highlights=("Sa lampe s’éteignait à l’heure du premier train.",),
    language="fr",
)
_BODY = Article(
    title="Full text: how the gauge was built",
    summary=TIDES.summary,
    highlights=TIDES.highlights,
    lead=("It began with a broken ruler.",),
    sections=(
        Section(
            heading="A ruler and a winter",
            teaser_question="How do you measure water that never stands still?",
            teaser_answer="You wait for it, twice a day.",
            intro=("The crews took turns.",),
            key_points=("Twice a day.", "In every weather."),
            sources=(Citation("The Quay Courier", "https://courier.example/tide"),),
            body=("By spring they had a table.", "It was right more often than not."),
        ),
        Section(heading="{{ 7 * 7 }} stays text", body=("So does {% raw %} and <b>this</b>.",)),
    ),
    images=(
        Image(
            "https://example.com/todai/media/gauge.jpg", "A gauge on a pier", 1200, 800, lead=True
        ),
    ),
    language="en",
)
_MARKUP = Article(
    title="本文の組みかた：見出し、表、引用、ふりがな",
    summary="本文の書きかたをひととおり並べた見本です。",
    highlights=("表は画面の幅におさまり、長い語も折り返す。",),
    html="""<p>はじめに<strong>太字</strong>と<em>強調</em>、
<a href="https://sea.example/a?b=1&amp;c=2">つながり</a>、
<ruby>灯台<rp>（</rp><rt>とうだい</rt><rp>）</rp></ruby>。</p>
<h2>並べたもの</h2>
<ul><li>一つめは長くて、電話の画面では次の行へ折り返すほどの文です。</li>
<li>二つめ<ol start="3"><li>三番</li><li>四番</li></ol></li></ul>
<blockquote><p>光は、見る人がいてはじめて光になる。</p></blockquote>
<h3>表</h3>
<table><thead><tr><th>灯台</th><th>高さ</th><th>初点灯</th></tr></thead>
<tbody><tr><td>観音崎</td><td>19 m</td><td>1869年</td></tr>
<tr><td>Supercalifragilisticexpialidocious</td><td>31 m</td><td>1874年</td></tr></tbody></table>
<pre><code>period = flashes / seconds  # {{ no_template }}, longer than a telephone is wide</code></pre>
<dl><dt>閃光</dt><dd>光っている時間が短いもの。</dd></dl><hr>
<p><a href="https://e.example/灯">https://e.example/long/address/without/a/blank/to/break</a></p>
""",
)


def _part(number: int, article: Article) -> Entry:
    place = SERIES.parts[number - 1]
    return replace(
        entry(number, replace(article, title=place.title), place.slug or "", number),
        series=SERIES,
        part=number,
    )


_PARTS = (_part(1, _KEEPER), _part(2, _HORN), _part(3, LENS))


def sixty() -> Iterator[Entry]:
    """Every part of a series of sixty, each with all that an article has."""
    parts = tuple(
        Part(n, f"{n}番目の灯台をたずねて：岬の光はなぜ消えなかったのか", n, f"{n}番目の灯台")
        for n in range(1, 61)
    )
    series = Series("灯台めぐり", "灯台めぐり", (*parts, Part(61, "旅の終わりに")))
    for part in parts:
        made = entry(part.number, replace(LENS, title=part.title), part.slug or "")
        at = made.published + timedelta(minutes=part.number)
        yield replace(made, published=at, series=series, part=part.number)


def written(items: Sequence[DigestItem], language: str = "ja", **more: object) -> Digest:
    """Write the digest of some items."""
    title = "灯台の手帖 だより" if language == "ja" else "Letters from the Lighthouse"
    groups = group(items)
    made = Digest(
        newsletter_title=title,
        number=12,
        language=language,
        date=MOMENT,
        groups=groups,
        subject=subject(groups, title, language),
        preheader=preheader(groups),
        address="https://example.com/todai/editions/digest/12/",
    )
    return replace(made, **more)


def new(*entries: Entry) -> list[DigestItem]:
    """The items of articles that are all new."""
    return [DigestItem(one) for one in entries]


_TIDES = entry(9, TIDES, "how-a-harbour-town-learned", 7)
_LONG = "灯台守のいない夜に光を見守る人びとの、長い長い記録とその先にあるもの" * 4
_SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
_FAMILY = "👩\u200d👩\u200d👧\u200d👦"

EDITIONS = {
    "edition": EDITION,
    "one_article": written(new(_TIDES), "en"),
    "series_of_three": written(new(*_PARTS)),
    "sixty_parts": written(new(*sixty())),
    "mixed_languages": written(
        new(_PARTS[2], _TIDES, entry(11, _FRENCH, "le-phare", 9)),
        opening=(
            "いつもお読みいただき、ありがとうございます。",
            "今週は海の話を三つお届けします。",
        ),
    ),
    "right_to_left": written(new(entry(12, _ARABIC, "المد", 8), _TIDES), "en"),
    "right_to_left_in_full": written(new(entry(19, _ARABIC_BODY, "المد")), "en", depth=Depth.FULL),
    "long_titles": written(
        new(
            entry(13, replace(LENS, title=_LONG), "long", 1),
            entry(14, replace(TIDES, title="Supercalifragilistic" * 12), "longer", 2),
        )
    ),
    "emoji": written(
        new(
            entry(
                15,
                Article(
                    title=f"{_FAMILY} 家族で灯台へ {_SCOTLAND}",
                    summary=f"👍🏽 と {_FAMILY} と 🇯🇵、それから 1️⃣ 番目の岬。",
                    highlights=(f"{_FAMILY} は四人。", "💡 から始まる一行も、そのまま。"),
                ),
                "family",
            )
        )
    ),
    "no_highlights": written(new(entry(16, replace(TIDES, highlights=()), "plain")), "en"),
    "correction": written(
        [DigestItem(_PARTS[2]), DigestItem(_PARTS[1], ItemKind.CORRECTED)],
    ),
    "catch_up": written(
        [
            DigestItem(_PARTS[2]),
            *(DigestItem(one, ItemKind.CATCH_UP) for one in _PARTS[:2]),
        ]
    ),
    "closing_after_correction": written(
        [
            DigestItem(_PARTS[0], ItemKind.CORRECTED),
            DigestItem(_PARTS[1], ItemKind.OMNIBUS),
            DigestItem(_PARTS[2]),
        ]
    ),
    "omnibus": written([DigestItem(one, ItemKind.OMNIBUS) for one in _PARTS]),
    "full_text": written(new(entry(17, _BODY, "gauge")), "en", depth=Depth.FULL, lead_image=True),
    "body_markup": written(new(entry(18, _MARKUP, "markup")), depth=Depth.FULL),
    "highlights_only": written(new(_PARTS[2], _TIDES), depth=Depth.HIGHLIGHTS),
    "more_rows": written(
        [
            DigestItem(_TIDES),
            DigestItem(_PARTS[2], linked=True),
            DigestItem(entry(11, _FRENCH, "le-phare", 9), linked=True),
            DigestItem(entry(12, _ARABIC, "المد", 10), linked=True),
        ],
        "en",
    ),
}
