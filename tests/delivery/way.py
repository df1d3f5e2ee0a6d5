"""One letter at a time over a carrier, as most tests want it."""

from syndicate.delivery import Transport
from syndicate.model import Letter, Outcome


class Way:
    """A way out with one connection."""

    def __init__(self, transport: Transport) -> None:
        self._carrier = transport.carrier(1)

    def send(self, letter: Letter) -> Outcome:
        """Hand a letter over and wait for what becomes of it."""
        self._carrier.take(7, letter)
        landed: list[tuple[int, Outcome]] = []
        while not landed:
            landed = self._carrier.landed(10, 1)
        ((ticket, outcome),) = landed
        assert ticket == 7
        assert self._carrier.landed(0, 1) == []
        return outcome

    def close(self) -> None:
        """End it."""
        self._carrier.close()
