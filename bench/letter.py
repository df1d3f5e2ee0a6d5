"""Joining pre-encoded segments, beside building an `EmailMessage` (issue 3: 500 times as fast).

Filling a stencil is to check and encode a recipient's fields, and to join them with the segments.

Both letters decode to the same parts; that is checked before anything is measured.

    python -m bench.letter [TIMES]
"""

import sys
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP
from time import process_time

from bench import letters
from syndicate.digests.letter import Stencil
from syndicate.digests.pattern import Field

TIMES = 100


def main(times: int) -> None:
    """Measure and print both, and their ratio; the message is built `times` times."""
    made = letters.stencil()
    _same(letters.letter(made, 1).data, letters.email_message(1).as_bytes(policy=SMTP))
    pieces = _pieces(made)
    joined = _seconds(lambda _: b"".join(pieces), 200 * times)
    filled = _seconds(lambda n: letters.letter(made, n).data, 200 * times)
    built = _seconds(lambda n: letters.email_message(n).as_bytes(policy=SMTP), times)
    print(f"EmailMessage      {built * 1e6:9.1f} µs a letter")
    print(f"joining alone     {joined * 1e6:9.1f} µs, {built / joined:.0f} times as fast")
    print(f"fill a stencil    {filled * 1e6:9.1f} µs, {built / filled:.0f} times as fast")


def _same(one: bytes, other: bytes) -> None:
    def parts(data: bytes) -> list[str]:
        message = message_from_bytes(data, policy=SMTP)
        return [
            part.get_content().replace("\r\n", "\n")
            for part in message.walk()
            if not part.is_multipart()
        ]

    if parts(one) != parts(other):
        raise SystemExit("the two letters do not decode to the same parts")


def _pieces(made: Stencil) -> list[bytes]:
    link = letters.recipient(1).unsubscribe_url
    values = {Field.UNSUBSCRIBE_URL: link}
    return [b"head", *made.text.pieces(values), *made.html.pieces(values), b"end"]


def _seconds(make: Callable[[int], bytes], times: int) -> float:
    """Return the processor time that one call takes."""
    begun = process_time()
    for number in range(times):
        make(number)
    return (process_time() - begun) / times


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else TIMES)
