"""What is called for each verb of due work. Letters and pings have threads of their own."""

from collections.abc import Callable, Mapping

from syndicate.jobs import approval, notes
from syndicate.jobs.announce import settle
from syndicate.jobs.answer import answer
from syndicate.jobs.due import due_slots
from syndicate.jobs.editions import cut
from syndicate.jobs.finish import finish
from syndicate.jobs.release import release
from syndicate.jobs.render import render_letters
from syndicate.jobs.withdraw import withdraw_overdue
from syndicate.model import Work
from syndicate.services import Services
from syndicate.store.witness import attest
from syndicate.workers.publishing import publish_files


def _withdraw(one: Services, _work: Work) -> None:
    withdraw_overdue(one.store, one.rules, one.clock(), one.tell)


def _release(one: Services, _work: Work) -> None:
    release(one.store, one.newsletters, one.rules, one.clock(), one.tell)


def _announce(one: Services, _work: Work) -> None:
    settle(one.store, one.newsletters, one.clock(), one.tell)


def _publish(one: Services, _work: Work) -> None:
    publish_files(one)


def _cut(one: Services, work: Work) -> None:
    """Cut what is due of a newsletter; an editor's note is for the calendar."""
    newsletter, now = one.newsletter(str(work.arguments["newsletter"])), one.clock()
    with one.store.read() as tx:
        slots = due_slots(tx, newsletter, now)
    for slot in slots:
        one.rehearse(newsletter)
        note = None
        if slot.audience == "calendar":
            note = notes.waiting(one.settings.content_folders(one.folder), newsletter.name)
        cut(one.store, newsletter, slot, one.version, now, one.tell, note)
        attest(one.store, one.folder)


def _render(one: Services, _work: Work) -> None:
    render_letters(one.store, one.about, one.newsletters, one.senders, one.environment, one.tell)


def _answer(one: Services, _work: Work) -> None:
    names, now = [each.name for each in one.newsletters], one.clock()
    approval.ask(one.store, one.newsletters, one.version, now, one.tell)
    answer(one.store, one.keys, names, now, one.tell)


def _finish(one: Services, _work: Work) -> None:
    finish(one.store, one.newsletters, one.version, one.clock(), one.tell)


VERBS: Mapping[str, Callable[[Services, Work], None]] = {
    "withdraw": _withdraw,
    "release": _release,
    "announce": _announce,
    "publish": _publish,
    "cut": _cut,
    "render": _render,
    "answer": _answer,
    "finish": _finish,
}
WITHOUT_A_SEAT = ("release", "publish")  # verbs of which no letter comes
