"""When an edition's sending stops by itself: too many refusals or complaints (DELIVERY.md, "Speed and pace").

A list with many dead addresses, a letter that servers refuse, and readers who call it spam cost a
sender's name for months; a stopped edition costs an hour. What a server only puts off never counts.
"""

from msgspec import Struct

ENOUGH = 500  # finished letters: with fewer, a handful of refusals would already be a rate
_ADDRESSES = 0.05  # lists that were asked for stay below 2 %; providers punish from about 5 % on
_OURS = 0.01  # a letter that one server in a hundred refuses has something wrong with it
_COMPLAINTS = 0.001  # the rate that the large providers ask senders to stay below


class Counts(Struct, frozen=True):
    """One edition so far, in letters.

    `finished` are those at their end and refusals that blame us, whose letters wait still; of
    them, `address`, `message` and `us` are refusals by what they blame (`outbox/blame.py`).
    `complaints` are readers who reported a letter of this edition as spam.
    """

    finished: int
    address: int = 0
    message: int = 0
    us: int = 0
    complaints: int = 0


def tripped(counts: Counts) -> str | None:
    """Return in a plain sentence why sending has to stop, None while it may go on."""
    if counts.finished < ENOUGH:
        return None
    ours = counts.message + counts.us
    if counts.address >= _ADDRESSES * counts.finished:
        return _sentence(counts.address, counts, "addresses were refused as not existing", "old")
    if ours >= _OURS * counts.finished:
        return _sentence(ours, counts, "letters were refused for what they are or who sends", "us")
    if counts.complaints >= _COMPLAINTS * counts.finished:
        return _sentence(counts.complaints, counts, "readers reported spam", "spam")
    return None


_ADVICE = {
    "old": "Find out where these addresses came from before you go on.",
    "us": "Read the replies and mend the letter or the sender's domain before you go on.",
    "spam": "Find out why they do not want it before you go on.",
}


def _sentence(found: int, counts: Counts, what: str, advice: str) -> str:
    percent = 100 * found / counts.finished
    return f"{found} of {counts.finished} {what} ({percent:.2g} %). {_ADVICE[advice]}"
