"""Which article a page is: the one of its text, of its file, of its title, or a new one (issue 2)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from syndicate.articles.candidates import NEW, Candidate, Identity, Known
from syndicate.articles.change import says_the_same
from syndicate.articles.likeness import is_alike, is_close, is_edit, is_part, is_retitled
from syndicate.articles.series import title_key

_RECENT = 20  # articles of one title whose text is compared: a weekly page has one a week


_Step = Callable[[Candidate, Known], Iterator[int]]  # what a candidate may be, likeliest first


def identify(candidates: Sequence[Candidate], known: Known) -> dict[str, Identity]:
    """Decide which article each candidate is, by its path.

    All texts are compared before any address of an original, addresses before file names, and names
    before titles, so that files that swap their names, or a new page under an old one's name, change
    nothing but names. None of these alone is proof: another text there is a new article, or its
    readers would never be told of it. A text under another name and title comes last. A copy of a
    file does not take its article away while that is edited a little, and stays its double.
    """
    copies = [one for one in candidates if one.copied is not None]
    others = [one for one in candidates if one.copied is None]
    sure = _in_place(candidates), _by_digest
    likely = (
        _by_former,
        _by_canonical(candidates),
        _by_path,
        _by_name(candidates),
        _by_title,
    )
    desk = _Desk(known, dict(known.settled))
    desk.take([*others, *copies], sure)
    desk.take(others, likely)
    desk.leave(copies)
    desk.take(copies, likely)
    free = [number for number in known.parted if number not in desk.settled]
    desk.take(others, [_by_parted(free[-_RECENT:])])
    left = [one for one in candidates if one.path not in desk.decided]
    desk.decided.update(_newcomers(left, known, desk.settled))
    return desk.decided


class _Desk(Struct, frozen=True):
    """Where it is decided: `settled` grows by the articles that candidates were found to be."""

    known: Known
    settled: dict[int, str]
    decided: dict[str, Identity] = field(default_factory=dict)

    def take(self, some: Sequence[Candidate], steps: Sequence[_Step]) -> None:
        """Decide what the steps find, one after the other."""
        for found in steps:
            for one in some:
                if one.path not in self.decided and (numbers := list(found(one, self.known))):
                    self._settle(one, numbers, sure=found is _by_digest)

    def _settle(self, one: Candidate, numbers: Sequence[int], *, sure: bool) -> None:
        article_id = next((number for number in numbers if number not in self.settled), None)
        if article_id is not None:
            self.settled[article_id] = one.path
            same = self.known.by_path.get(one.path) == article_id
            self.decided[one.path] = Identity("same" if same else "moved", article_id)
        elif self.known.unread(self.settled[numbers[0]]):
            self.decided[one.path] = Identity("unsure")
        elif sure:
            self.decided[one.path] = Identity("double", other=self.settled[numbers[0]])

    def leave(self, copies: Sequence[Candidate]) -> None:
        """Leave copies what they were, while another file holds the article."""
        for one in copies:
            if one.path not in self.decided and one.copied in self.settled:
                self.decided[one.path] = Identity("double", other=self.settled[one.copied])


def _in_place(candidates: Sequence[Candidate]) -> _Step:
    """Find the article of a file that says the same, or nearly so while a copy of it lies elsewhere."""
    copied: set[int] = set()

    def find(one: Candidate, known: Known) -> Iterator[int]:
        number = known.by_path.get(one.path)
        if number is None or one.path not in known.standing:
            return
        same = known.by_digest.get(one.digest)
        if same is None and not copied:
            copied.update(_copied(candidates, known), (0,))
        if same == number or (same is None and number in copied and _is_close(one, number, known)):
            yield number

    return find


def _is_close(one: Candidate, number: int, known: Known) -> bool:
    said = known.said(number)
    return title_key(said.title) == one.title_key and is_close(said, known.read(one))


def _copied(candidates: Sequence[Candidate], known: Known) -> Iterator[int]:
    """Yield the articles whose texts are in a file that did not hold them."""
    for one in candidates:
        number = known.by_digest.get(one.digest)
        if number and (one.path not in known.standing or known.by_path.get(one.path) != number):
            yield number


def _by_digest(one: Candidate, known: Known) -> Iterator[int]:
    if one.digest in known.by_digest:
        yield known.by_digest[one.digest]


def _by_former(one: Candidate, known: Known) -> Iterator[int]:
    """The article that said this before its page was half-written: what it says now is a part of it."""
    number = known.by_former.get(one.digest)
    if number is not None and is_part(known.said(number), known.read(one)):
        yield number


def _by_canonical(candidates: Sequence[Candidate]) -> _Step:
    """Find the article of the same original, if this page alone names it: parts of a post share one."""
    named = Counter(one.canonical for one in candidates)

    def find(one: Candidate, known: Known) -> Iterator[int]:
        number = known.by_canonical.get(one.canonical) if one.canonical else None
        alone = number is not None and named[one.canonical] == 1
        if number is not None and alone and is_edit(known.said(number), known.read(one)):
            yield number

    return find


def _by_name(candidates: Sequence[Candidate]) -> _Step:
    """Find the article of a file whose name had other capitals, and is not there any more."""
    names: dict[str, list[str]] = {}

    def find(one: Candidate, known: Known) -> Iterator[int]:
        if one.path in known.by_path or not known.by_path:
            return
        if not names:
            read = {one.path for one in candidates}
            for path in known.by_path:
                others = names.setdefault(path.casefold(), [])
                others += [path] if path not in read else []
        for path in names.get(one.path.casefold(), ()):
            number = known.by_path[path]
            if is_edit(known.said(number), known.read(one)):
                yield number

    return find


def _by_path(one: Candidate, known: Known) -> Iterator[int]:
    """The article of the same file; once the file was gone, its title alone says nothing."""
    number = known.by_path.get(one.path)
    if number is not None:
        said = known.said(number)
        elsewhere = {said.metadata.canonical, one.canonical} - {None}
        sure = one.path in known.standing and len(elsewhere) < 2
        agrees = is_edit if sure else is_alike
        if agrees(said, known.read(one)):
            yield number


def _by_title(one: Candidate, known: Known) -> Iterator[int]:
    for number in _namesakes(one, known, known.settled):
        if is_alike(known.said(number), known.read(one)):
            yield number


def _by_parted(free: Sequence[int]) -> _Step:
    """Find the article whose file went in this pass, and that has another title now, and nothing else."""

    def find(one: Candidate, known: Known) -> Iterator[int]:
        return (number for number in free if is_retitled(known.said(number), known.read(one)))

    return find


def _namesakes(one: Candidate, known: Known, settled: Collection[int]) -> Iterator[int]:
    """The newest articles of a title that no file holds, newest first."""
    free = [number for number in known.by_title.get(one.title_key, ()) if number not in settled]
    yield from reversed(free[-_RECENT:])


def _newcomers(
    candidates: Sequence[Candidate], known: Known, settled: Mapping[int, str]
) -> dict[str, Identity]:
    """New articles, one for each text, in whatever shape it comes."""
    shared = _shared(one.title_key for one in candidates)
    first: dict[str, tuple[Candidate, ...]] = {}
    decided: dict[str, Identity] = {}
    for one in candidates:
        if _is_unsure(one, known, settled):
            decided[one.path] = Identity("unsure")
            continue
        others = first.get(one.title_key, ())
        double = _same(one, others, known) or _standing_double(one, known, settled)
        if double is None:
            if one.title_key in shared:
                first[one.title_key] = (*others, one)[-_RECENT:]
            not_this = _passed_over(one, known, settled)
            decided[one.path] = Identity("new", not_this=not_this) if not_this else NEW
        else:
            decided[one.path] = Identity("double", other=double)
    return decided


def _shared(keys: Iterable[str]) -> set[str]:
    """Return the titles that several bear."""
    seen, shared = set[str](), set[str]()
    for key in keys:
        (shared if key in seen else seen).add(key)
    return shared


def _is_unsure(one: Candidate, known: Known, settled: Mapping[int, str]) -> bool:
    """Whether the article of this title may be here: files swap names one after the other."""
    return any(
        number in settled
        and known.unread(settled[number])
        and is_alike(known.said(number), known.read(one))
        for number in known.by_title.get(one.title_key, ())[-_RECENT:]
    )


def _same(one: Candidate, others: Sequence[Candidate], known: Known) -> str | None:
    same = (it.path for it in others if says_the_same(known.read(it), known.read(one)))
    return next(same, None)


def _standing_double(one: Candidate, known: Known, settled: Mapping[int, str]) -> str | None:
    """Name the file that holds the same article already, in another shape."""
    namesakes = [number for number in known.by_title.get(one.title_key, ()) if number in settled]
    for number in reversed(namesakes[-_RECENT:]):
        path = settled[number]
        if path != one.path and says_the_same(known.said(number), known.read(one)):
            return path
    return None


def _passed_over(one: Candidate, known: Known, settled: Collection[int]) -> int | None:
    number = known.by_path.get(one.path)
    if number is not None and number not in settled:
        return number
    return next(_namesakes(one, known, settled), None)
