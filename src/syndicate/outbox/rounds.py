"""How many letters a round of the ledger is for (decision 0034).

A round costs as much as several letters, so that it is better for many; yet while it is written, the
server has nothing to do but what was on its way already.
"""

_SPARE = 2  # letters: with fewer left, the server has waited for us, or was about to


def together(before: int, left: int, connections: int) -> int:
    """Return how many letters the next round waits for: a third to two thirds of the connections.

    `before` is what the last one waited for; `left` were on their way still when it was on the disk.
    """
    if left >= _SPARE:
        return min(before + 1, 2 * fewest(connections))
    return max(before - 1, fewest(connections))


def fewest(connections: int) -> int:
    """Return how many a round waits for at first, and where the disk is slow."""
    return max(1, connections // 3)
