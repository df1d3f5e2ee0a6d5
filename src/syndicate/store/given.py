"""Names that are given once: which of them were."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct, field

from syndicate.store.batches import batches


class Given(Struct, frozen=True):
    """The names of a kind that were given; called with one, it says whether that was.

    `among` returns which of some names were, some hundreds at a time. What was asked for once is
    remembered, so that a pass with many new names asks for them all at once.
    """

    among: Callable[[Sequence[str]], Iterable[str]]
    known: dict[str, bool] = field(default_factory=dict)

    def __call__(self, name: str) -> bool:
        """Whether a name was given."""
        if name not in self.known:
            self.expect([name])
        return self.known[name]

    def expect(self, names: Iterable[str]) -> None:
        """Ask for names that will be wanted."""
        new = [name for name in names if name not in self.known]
        for some in batches(new):
            self.known.update(dict.fromkeys(some, False))
            self.known.update(dict.fromkeys(self.among(some), True))

    def add(self, name: str) -> None:
        """Note a name as given."""
        self.known[name] = True
