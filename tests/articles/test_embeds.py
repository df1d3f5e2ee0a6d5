"""What is embedded in a page does not vanish: it is a link or text."""

import time

import pytest

from syndicate.articles import parse
from syndicate.model import Article, Page

FILM = "https://film.example/embed/1?feature=oembed"
LATE = f'<iframe title="A film" src="about:blank" data-lazy-src="{FILM}"></iframe>'
PLAIN = f'<noscript><iframe title="A film" src="{FILM}"></iframe></noscript>'
COUNTS = (
    '<noscript><iframe src="https://count.example/ns" height="0" width="0"></iframe></noscript>'
)
LINK = f'<a href="{FILM}">A film</a>'
TEX = (
    '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>E</mi></mrow>'
    '<annotation encoding="application/x-tex">E=m</annotation></semantics></math></span>'
    '<span class="katex-html" aria-hidden="true"><span>E</span>=<span>m</span></span></span>'
)
HALF = "<math><mi>x</mi><mo>&lt;</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn>"


def read(name: str, text: str) -> Article:
    return parse(Page(name, text.encode(), None), "en")


@pytest.mark.parametrize(
    ("embedded", "lines", "link"),
    [
        (f"{COUNTS}<div>{LATE}{PLAIN}</div>", ["A film"], LINK),
        (f'<div class="rll-youtube-player" data-src="{FILM}"></div>{PLAIN}', ["A film"], LINK),
        ("<video title=Hive src=https://x.example/a.mp4>No film</video>", ["Hive"], "a.mp4"),
        (
            "<video><source src=https://x.example/a.mp4></video>",
            ["https://x.example/a.mp4"],
            "a.mp4",
        ),
        ("<audio src=a.mp3></audio>", ["a.mp3"], '<a href="a.mp3"'),
        (f"<object><embed title='A film' src={FILM}></object>", ["A film"], LINK),
        ("<video src=blob:1></video><iframe src=/ad></iframe>", [], ""),
    ],
    ids=range(7),
)
def test_what_is_embedded_is_a_link(embedded: str, lines: list[str], link: str) -> None:
    page = read("a.html", f"<article><h1>T</h1><p>See.</p>{embedded}<p>End.</p></article>")
    assert page.lead == (*lines, "End.")
    assert link in (page.html or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"It is {TEX}, they say.", "It is E=m, they say."),
        (f"It is {HALF}</mfrac></math> long.", "It is x<(a+1)/2 long."),
        ('A <math alttext="n^2"><msup><mi>n</mi><mn>2</mn></msup></math> b', "A n^2 b"),
        ("<math><mtext>a<math>b</math></mtext></math> and more", "ab and more"),
        ("Press <button>Save</button> now.", "Press Save now."),
    ],
    ids=range(5),
)
def test_formulas_and_buttons_in_running_text_are_text(text: str, said: str) -> None:
    for name, page in (
        ("a.html", f"<article><h1>T</h1><p>See.</p><p>{text}</p></article>"),
        ("a.md", f"# T\n\nSee.\n\n{text}\n"),
    ):
        assert read(name, page).lead == (said,)
    assert read("a.html", f"<h1>T</h1><p>See.</p><h2>{text}</h2>").sections[0].heading


def test_a_button_by_itself_is_none() -> None:
    page = "<h1>T</h1><p>See.</p><div><button>Copy</button></div><p><button>Like</button></p>"
    assert read("a.html", page).lead == ()


def test_a_callout_in_markdown_is_text_and_may_be_a_highlight() -> None:
    page = read(
        "a.md",
        "# T\n\nSee.\n\n<aside>\n💡 A hive is weighed.\n\n</aside>\n\nText.\n\n"
        "<nav><a href=b.md>✅ Next</a></nav>\n\n<footer>Written in Kent.</footer>\n",
    )
    assert (page.highlights, page.lead) == (("A hive is weighed.",), ("Text.", "Written in Kent."))


@pytest.mark.parametrize("piece", ["<object><embed src=https://x.example/>", "<math>x", "<video>"])
def test_many_embeds_in_each_other_are_read_soon(piece: str) -> None:
    begun = time.process_time()
    pieces = piece * 400 + "</math></object></video>" * 400
    read("a.html", f"<h1>T</h1><p>See.</p>{pieces}{'<p>x<button>y</button></p>' * 20_000}")
    assert time.process_time() - begun < 3
