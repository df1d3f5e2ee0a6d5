"""Files that are planned together are planned only where something of them may have changed (0031)."""

from pathlib import Path

from msgspec import Struct, field

from syndicate import output
from syndicate.jobs.planning import Bundle
from syndicate.store import bundles, marks
from syndicate.store.database import Transaction


class Bundles(Struct):
    """What is known of bundles when a publish begins, and what it learns of them.

    `inputs` are those of each bundle that it came across, `planned` the bundles that it plans anew, with the
    paths of their files, of which those in `lost` could not be made. They are forgotten before one of their
    files is noted as made, and known again when the publish has come to its end. `cut` is whether the last
    publish did not come to its end: what it put in place may be noted nowhere, so that nothing is believed of
    bundles, nor of a file for its size; and so it stays while some of them are lost. `begun` is whether this
    one has marked that it makes files.
    """

    tx: Transaction
    root: Path
    known: dict[str, str]
    cut: bool = False
    begun: bool = False
    inputs: dict[str, str] = field(default_factory=dict)
    planned: dict[str, list[str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def start(self, tx: Transaction) -> None:
        """Mark that from now on files may stand that are not noted."""
        if not self.begun:
            marks.put(tx, marks.PUBLISHING, 1)
        self.begun = True

    def standing(self, one: Bundle) -> list[str] | None:
        """Return the paths of a bundle whose files all stand as they would be planned, None for another."""
        if not one.name:
            return None
        inputs = self.inputs[one.name] = one.inputs()
        if self.cut or self.known.get(one.name) != inputs:
            return None
        files = bundles.files(self.tx, one.name)
        return [file[0] for file in files] if output.are_there(self.root, files) else None

    def begin(self, one: Bundle) -> list[str]:
        """Begin to plan a bundle; the paths of its files belong into the list that is returned."""
        return self.planned.setdefault(one.name, []) if one.name else []

    def doubt(self, tx: Transaction) -> None:
        """Forget the bundles that were begun: some of their files are made."""
        begun = [name for name in self.planned if self.known.pop(name, None)]
        bundles.forget(tx, begun)

    def end(self, tx: Transaction) -> None:
        """Note the bundles that were planned whole, and forget those that are no more."""
        marks.put(tx, marks.PUBLISHING, int(self.cut and bool(self.lost)))
        whole = [
            (name, self.inputs[name], paths)
            for name, paths in self.planned.items()
            if self.lost.isdisjoint(paths)
        ]
        bundles.save(tx, whole)
        bundles.forget(tx, [name for name in self.known if name not in self.inputs])

    def is_news(self) -> bool:
        """Whether there is anything to note at the end."""
        return (
            self.begun
            or self.cut
            or bool(self.planned)
            or bool(self.known.keys() - self.inputs.keys())
        )
