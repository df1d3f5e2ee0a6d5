"""Front matter: metadata before the text of a Markdown page, as YAML or TOML; and sidecars, as TOML."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from msgspec.structs import replace

from syndicate.articles.decode import BLANKS
from syndicate.articles.metadata import NOTHING, About, misspelt, read_about, unknown
from syndicate.errors import PageRefused
from syndicate.model import Notice, Page

Read = Callable[[str], Mapping[str, Any]]
Strays = Callable[[Mapping[str, Any], str], Iterable[Notice]]
T = TypeVar("T")
_LIMIT = 65_536  # characters: metadata are a few lines
_SHORT = 2_000  # characters: most are shorter
_FENCES = (
    ("---", "YAML", re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)),
    ("+++", "TOML", re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE)),
)
_SHOWN = 40  # characters of a key, or of a line
_RESOLVED = {"null", "timestamp"}  # what words of YAML are taken for, apart from texts
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_BLANK = re.compile(rf"(?:[{BLANKS}]*+\n)*+")
_KEY = re.compile(r"""["']?[^\W\d][\w.-]*+["']?[ \t]*+[:=](?!//)""")  # and no address, and no time
# What is meant for front matter: dashes (also those that an editor made of them) or pluses, with a key below
# them, or below a comment there.
_BEGUN = re.compile(
    rf"{_BLANK.pattern}[{BLANKS}]*+(-{{2,}}+|[\u2013\u2014]++|\+{{2,}}+)[{BLANKS}]*+\n"
    rf"{_BLANK.pattern}(?:#.*+\n)*+[{BLANKS}]*+{_KEY.pattern}"
)


def split(text: str, path: str) -> tuple[About, str]:
    """Return what the front matter of a page says, and the text after it.

    A fence without a key below it is a line of text if it is never closed, or stands below blank lines.
    Raises PageRefused for metadata that cannot be read, or are not closed.
    """
    matter, kind, rest = _cut(text, path)
    if matter is None:
        return NOTHING, text
    where = f"its {kind} front matter"
    return _about(matter, _READERS[kind], path, where, misspelt), rest


def fields(text: str, path: str) -> tuple[Mapping[str, Any], str]:
    """Return the keys and values of a front matter as they are, and the text after it.

    Raises PageRefused for what cannot be read.
    """
    matter, kind, rest = _cut(text, path)
    if matter is None:
        return {}, text
    return _safely(matter, _READERS[kind], path, f"its {kind} front matter"), rest


def refuse_begun(text: str, path: str) -> None:
    """Raise PageRefused for a page that begins with front matter, and is of a shape that has none."""
    if begun := _BEGUN.match(text):
        raise PageRefused(
            f"{path}: begins with front matter (“{begun[1][:_SHOWN]}”), which is read in Markdown alone. Let "
            f"the name end in .md, or move it into {path}.toml beside the page. Text needs a title above it."
        )


def _cut(text: str, path: str) -> tuple[str | None, str, str]:
    """Return the front matter (None without one), its kind, and the text after it."""
    begun = text.lstrip("\ufeff")
    first, _, rest = _BLANK.sub("", begun, 1).partition("\n")
    for fence, kind, closing in _FENCES:
        if first.rstrip() == fence:
            closed = closing.search(rest)
            if closed is None or not (begun.startswith(fence) or _KEY.match(rest)):
                break
            return rest[: closed.start()], kind, rest[closed.end() :]
    if opened := _BEGUN.match(text):
        raise PageRefused(
            f"{path}: its front matter, from “{opened[1][:_SHOWN]}” on, does not stand between two lines --- "
            "(YAML) or two lines +++ (TOML). Write both of them, or *** if this is text."
        )
    return None, "", text


def beside(page: Page) -> About:
    """Return what a page's sidecar says. Raises PageRefused, naming the sidecar, if it is broken."""
    if page.sidecar is None:
        return NOTHING
    name = f"{page.path}.toml"
    try:
        text = page.sidecar.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PageRefused(f"{page.path}: its sidecar {name} is not UTF-8. Save it so.") from None
    return _about(text, tomllib.loads, page.path, f"its sidecar {name}", unknown)


def _about(text: str, read: Read, path: str, where: str, strays: Strays) -> About:
    """Return what metadata say; `strays` names the keys that are not read and seem to be meant for us."""

    def checked(text: str) -> About:
        said = read(text)
        about = read_about(said, where)
        return replace(about, notices=(*about.notices, *strays(said, where)))

    return _safely(text, checked, path, where)


def _safely(text: str, read: Callable[[str], T], path: str, where: str) -> T:
    if len(text) > _LIMIT:
        raise PageRefused(f"{path}: {where} is longer than {_LIMIT:,} characters. Shorten it.")
    try:
        return read(text.replace("\r\n", "\n"))
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        reason = " ".join(str(error).split())[:200]
    except RecursionError:
        reason = "it is nested too deeply"
    raise PageRefused(f"{path}: {where} cannot be read ({reason}). Mend it.")


def _yaml(text: str) -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415 - a short command starts faster

    short = len(text) <= _SHORT and "*" not in text
    try:
        said = yaml.load(text, _fast_loader() if short else _careful_loader())  # noqa: S506 - both are safe ones
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        where = f" in line {at.line + 2}, column {at.column + 1}" if at else ""  # after its `---`
        raise ValueError(f"{error.problem or error.context}{where}") from None
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise ValueError("it has no keys")  # noqa: TRY004 - the page is wrong, not the program
    return {key: value for key, value in said.items() if isinstance(key, str)}


def _literal(base: Any) -> Any:
    """Let a loader take words as they stand but for times: `no` is a language, and `007` a title.

    A key that comes twice is refused, as YAML has it; the libraries take the last. So is a day that no
    calendar has, by its place: left out, it would send at once what was to come later.
    """
    import yaml  # noqa: PLC0415

    kept = {
        first: [one for one in some if one[0].rpartition(":")[2] in _RESOLVED]
        for first, some in base.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self: Any, node: Any, deep: bool = False) -> Any:
        pairs = node.value
        said = base.construct_mapping(self, node, deep)
        if len(said) < len(pairs):
            ((key, times),) = Counter(str(key.value) for key, _ in pairs).most_common(1)
            if times > 1:
                raise ValueError(f"it has the key “{key[:_SHOWN]}” twice")
        return said

    def construct_timestamp(self: Any, node: Any) -> Any:
        try:
            return base.construct_yaml_timestamp(self, node)
        except (ValueError, OverflowError) as error:
            reason = f"{node.value[:_SHOWN]} is no date: {error}"
            raise yaml.constructor.ConstructorError(None, None, reason, node.start_mark) from None

    own = {
        "yaml_implicit_resolvers": kept,
        "yaml_constructors": base.yaml_constructors | {_TIMESTAMP: construct_timestamp},
        "construct_mapping": construct_mapping,
    }
    return type("Loader", (base,), own)


@cache
def _careful_loader() -> Any:
    import yaml  # noqa: PLC0415

    class Loader(_literal(yaml.SafeLoader)):  # type: ignore[misc]
        """Safe YAML without aliases: a few of them can stand for more than a memory holds."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise ValueError("it has aliases (*name), which are not read")
            return super().compose_node(parent, index)

    return Loader


@cache
def _fast_loader() -> Any:
    """LibYAML, where it is there: six times as fast, for what cannot be nested so deeply as to harm it."""
    import yaml  # noqa: PLC0415

    return _literal(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


_READERS: Mapping[str, Read] = {"YAML": _yaml, "TOML": tomllib.loads}
