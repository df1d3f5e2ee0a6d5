"""What several commands do: cut an edition, send."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Signal
from types import FrameType

from syndicate.cli.terminal import complain
from syndicate.delivery import Transport
from syndicate.jobs import approval, notes
from syndicate.jobs.answer import answer
from syndicate.jobs.deliver import IDLE, Delivered, deliver
from syndicate.jobs.editions import Cut, approve, cut
from syndicate.jobs.finish import finish
from syndicate.jobs.notes import Waiting
from syndicate.jobs.reach import Reach, reach_of_cut
from syndicate.jobs.recover import Seat, seated
from syndicate.jobs.render import LettersRefused, render_letters
from syndicate.jobs.slots import slot_by_hand
from syndicate.model import Edition, Newsletter
from syndicate.services import Services
from syndicate.store import witness
from syndicate.workers.publishing import publish_files

_HEARD = b"\nending: what is under way is finished first (Ctrl-C again: at once)\n"


def reach_of_edition(
    services: Services, newsletter: Newsletter, readers_of: int | None = None
) -> Reach:
    """Return whom a cut would go to now."""
    now = services.clock()
    slot = slot_by_hand(newsletter, now, readers_of)
    return reach_of_cut(
        services.store, newsletter, slot, _note(services, newsletter, readers_of), now
    )


def _note(services: Services, newsletter: Newsletter, readers_of: int | None) -> Waiting | None:
    """Return the editor's words for the next edition; one of corrections has none."""
    places = services.settings.content_folders(services.folder)
    return None if readers_of else notes.waiting(places, newsletter.name)


def cut_edition(services: Services, newsletter: Newsletter, readers_of: int | None = None) -> Cut:
    """Cut an edition now, and make its page and letters if it starts.

    `readers_of` is the edition whose readers alone get it.
    """
    now = services.clock()
    witness.attest(services.store, services.folder)
    services.rehearse(newsletter)
    slot = slot_by_hand(newsletter, now, readers_of)
    note = _note(services, newsletter, readers_of)
    report = cut(services.store, newsletter, slot, services.version, now, services.tell, note)
    return _prepare(services, report)


def approve_edition(services: Services, newsletter: Newsletter, edition: Edition, by: str) -> Cut:
    """Start a draft, and make its page and letters; `by` is who approves it."""
    now = services.clock()
    witness.attest(services.store, services.folder)
    services.rehearse(newsletter)
    report = approve(services.store, newsletter, edition, services.version, now, services.tell, by)
    return _prepare(services, report)


def _prepare(services: Services, report: Cut) -> Cut:
    """Publish an edition's page before its letters can leave."""
    if report.edition and report.edition.started:
        witness.attest(services.store, services.folder)
        prepare_letters(services)
    return report


def prepare_letters(services: Services) -> None:
    """Make what started editions still lack: also what a killed process left undone."""
    publish_files(services)
    render_letters(
        services.store,
        services.about,
        services.newsletters,
        services.senders,
        services.environment,
        services.tell,
    )


def send(services: Services) -> Delivered:
    """Send what is due; SIGTERM and Ctrl-C let the letters under way arrive first."""
    transport = services.transport()
    with (
        seated(services.store, services.folder, services.clock(), services.tell) as seat,
        stop_signal() as stop,
    ):
        names = [one.name for one in services.newsletters]
        now = services.clock()
        approval.ask(services.store, services.newsletters, services.version, now, services.tell)
        answer(services.store, services.keys, names, now, services.tell)
        try:
            prepare_letters(services)
        except LettersRefused as error:
            complain(str(error))  # the letters of all others leave
        report = _deliver(services, transport, seat, stop)
        finish(
            services.store, services.newsletters, services.version, services.clock(), services.tell
        )
    return report


def send_tests(services: Services) -> Delivered:
    """Send test letters that are due, and no other."""
    transport = services.transport()
    with (
        seated(services.store, services.folder, services.clock(), services.tell) as seat,
        stop_signal() as stop,
    ):
        return _deliver(services, transport, seat, stop, tests=True)


def _deliver(
    services: Services, transport: Transport, seat: Seat, stop: Signal, *, tests: bool = False
) -> Delivered:
    return deliver(
        services.store,
        transport,
        seat,
        services.letter,
        services.clock,
        services.tell,
        stop,
        way=services.way,
        idle=IDLE,
        tests=tests,
    )


@contextmanager
def stop_signal() -> Iterator[Signal]:
    """Yield a flag that SIGTERM and SIGINT set; a second one ends the process as usual.

    Who pressed Ctrl-C at a terminal is told that it was heard.
    """
    stop = Signal()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])
        if number == signal.SIGINT and sys.stderr.isatty():
            os.write(sys.stderr.fileno(), _HEARD)  # a signal may come in the middle of a print

    for number in before:
        signal.signal(number, on_signal)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
