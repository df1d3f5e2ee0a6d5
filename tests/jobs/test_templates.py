"""A publication's own templates are tried before readers see what is wrong with them."""

from pathlib import Path

import pytest
from jinja2 import Environment

from syndicate import resources
from syndicate.cli.setup import make_publication, new_settings
from syndicate.jobs.templates import broken_templates
from syndicate.model import Publication
from syndicate.services import open_services
from tests.acceptance.program import Program
from tests.conftest import NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_publication(tmp_path, new_settings("content"))
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    file = folder / "templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def broken(folder: Path) -> list[tuple[str, str]]:
    services = open_services(folder)
    about: Publication = services.about
    environment: Environment = services.environment
    found = broken_templates(about, environment, folder / "templates", NOW)
    return [(one.file, one.message) for one in found]


def idle(folder: Path) -> dict[str, str]:
    return dict(open_services(folder).idle_templates())


def test_one_that_counts_for_nothing_is_named_with_the_nearest_name(folder: Path) -> None:
    assert idle(folder) == {}
    write(folder, "web/artcle.html", "")
    write(folder, "article.html", "")
    write(folder, "init/syndicate.toml", "")
    found = idle(folder)
    assert list(found) == [
        f"templates/{n}" for n in ("article.html", "init/syndicate.toml", "web/artcle.html")
    ]
    assert "Is web/article.html meant? Rename it" in found["templates/web/artcle.html"]
    assert str(resources.folder("templates")) in found["templates/init/syndicate.toml"]


def test_one_that_cannot_be_read_is_named_and_ends_nothing(folder: Path) -> None:
    write(folder, "web/artcle.html", "")
    (folder / "templates/web/artcle.html").unlink()
    (folder / "templates/web/artcle.html").symlink_to("/proc/self/mem")  # nobody can read its start
    assert list(idle(folder)) == ["templates/web/artcle.html"]


def test_ones_that_are_named_by_others_or_are_an_editors_are_not_idle(folder: Path) -> None:
    write(folder, "web/article.html", '{% include "web/mine.html" %}')
    for name in ("web/mine.html", "web/.article.html.swp", "web/article.html~", "_old/web/x.html"):
        write(folder, name, "mine")
    settings = folder / "syndicate.toml"
    text = settings.read_text("utf-8").replace('# template = "digest"', 'template = "short"')
    settings.write_text(text, encoding="utf-8")
    for name in ("digest/short.html", "digest/short.txt", "digest/digest.txt"):
        write(folder, name, "mine")
    assert idle(folder) == {}


def test_templates_that_work_are_no_finding(folder: Path) -> None:
    write(
        folder,
        "web/article.html",
        '{% extends "web/base.html" %}{% block content %}<h1>{{ entry.article.title }}</h1>{% endblock %}',
    )
    write(folder, "web/assets/style.css", "body { color: {{ theme.light.ink }} }")
    assert broken(folder) == []


def test_one_that_imports_the_parts_of_pages_by_itself_works(folder: Path) -> None:
    write(
        folder,
        "web/article.html",
        '{% extends "web/base.html" %}{% import "web/parts.html" as parts with context %}'
        "{% block content %}<h1>{{ parts.day(entry.published) }}</h1>{% endblock %}",
    )
    assert broken(folder) == []


def test_what_all_pages_show_alike_is_named_with_its_line_where_it_fails(folder: Path) -> None:
    write(folder, "web/parts.html", "{% set ways %}\n{{ nothing.here }}\n{% endset %}")
    found = dict(broken(folder))
    assert "web/parts.html line 2 does not work" in found["templates/web/gone.html"]


def test_one_that_cannot_be_read_is_named_with_its_line(folder: Path) -> None:
    write(folder, "web/series.html", "<p>\n{% if %}")
    write(folder, "digest/mine.html", "{{ oh")
    (first, said), (second, _) = broken(folder)
    assert (first, second) == ("templates/digest/mine.html", "templates/web/series.html")
    assert said.startswith("line 1: ")


def test_one_that_makes_a_broken_page_is_named_with_what_is_wrong(folder: Path) -> None:
    write(
        folder,
        "web/article.html",
        '{% extends "web/base.html" %}{% block content %}<h1>a</h2>{% endblock %}',
    )
    ((file, said),) = broken(folder)
    assert file == "templates/web/article.html"
    assert "<h1> is open where </h2> stands" in said


def test_one_that_asks_for_what_is_not_there_is_named_where_it_fails(folder: Path) -> None:
    write(folder, "web/parts.html", "{% macro lang(code) %}\n{{ nothing.here }}\n{% endmacro %}")
    found = dict(broken(folder))
    assert "templates/web/index.html" in found
    assert "'nothing' is undefined" in found["templates/web/article.html"]
    assert "web/parts.html line 2" in found["templates/web/article.html"]


def test_a_style_sheet_that_is_a_broken_template_fails_the_pages(folder: Path) -> None:
    write(folder, "web/assets/style.css", "a { color: {{ theme.dusk.ink }} }")
    assert any("style.css" in said for _, said in broken(folder))


def test_check_names_a_broken_template_and_ends_with_one(folder: Path) -> None:
    write(folder, "web/article.html", "{{ nothing }}")
    done = Program(folder)("check", status=1)
    assert "templates/web/article.html" in done.stdout
    assert "1 template does not work" in done.stdout


def test_a_template_that_is_edited_while_a_daemon_runs_counts_from_its_next_start(
    tmp_path: Path,
) -> None:
    """Its drafts were approved with the template as it was."""
    (tmp_path / "syndicate.toml").write_text("", encoding="utf-8")
    own = tmp_path / "templates" / "own.html"
    own.parent.mkdir()
    own.write_text("before", encoding="utf-8")
    daemon = open_services(tmp_path)
    for text in ("before", "after"):
        own.write_text(text, encoding="utf-8")
        assert daemon.environment.get_template("own.html").render() == "before"
    assert open_services(tmp_path).environment.get_template("own.html").render() == "after"
