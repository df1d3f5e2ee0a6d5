"""status: how sending stands, whichever process sends."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from syndicate.cli.control import show_paused
from syndicate.cli.reasons import show_uncertain
from syndicate.cli.terminal import as_json, many, opened, say, show_json, show_table

if TYPE_CHECKING:
    from syndicate.jobs.watch import Standing, Status
    from syndicate.services import Services

_EVERY_S = 2.0


@click.command()
@click.option("--watch", is_flag=True, help="Go on every 2 seconds until nothing is sent any more.")
@as_json
@click.pass_context
def status(context: click.Context, *, watch: bool, as_json: bool) -> None:
    """Show the editions that are being sent: how far, how fast, and how long still."""
    from syndicate.jobs import watch as job

    services = opened(context)
    try:
        while True:
            found = job.watch(services.store, services.clock())
            if as_json:
                show_json(found)
            else:
                show(found, services.clock())
                show_uncertain(services.store)
                show_paused(services)
                _show_held(services)
            if not (watch and found.editions):
                return
            time.sleep(_EVERY_S)
    except KeyboardInterrupt:
        return


def _show_held(services: "Services") -> None:
    """Say so where this copy of the database must not send."""
    from syndicate.store.witness import SendingHeldError, examine

    try:
        examine(services.store, services.folder)
    except SendingHeldError as error:
        say(str(error))


def show(found: "Status", now: datetime) -> None:
    """Say how sending stands, and what the last attempt came to where next to nothing is sent."""
    click.echo(summary(found, now) if found.editions else "No edition is being sent.")
    if found.of_no_edition:
        letters = many(
            found.of_no_edition, "letter of no edition waits", "letters of no edition wait"
        )
        click.echo(f"{letters} (tests, answers to requests).")
    if last := found.last:
        click.echo(
            f"The last attempt, {last.at:%Y-%m-%d %H:%M:%S} UTC: {last.came_to}: {last.reply}"
        )
    for one in found.editions:
        click.echo(f"\n{one.edition}  {one.state}  {many(one.frozen, 'letter', 'letters')}")
        show_table(_rows(one), otherwise="")
    for group, rate in found.limited.items():
        click.echo(f"{group} may go no faster than {rate:.2g} letters a second.")


def summary(found: "Status", now: datetime) -> str:
    """Say in one line how fast letters leave, and what is left."""
    speed = f"{found.rate:.1f} letters a second" if found.alive else "nobody sends just now"
    texts = [speed, many(found.waiting, "waits", "wait")]
    if found.held:
        texts.append(many(found.held, "is held back by a pause", "are held back by a pause"))
    if found.left_seconds is not None and found.waiting:
        texts.append(f"{timedelta(seconds=round(found.left_seconds))} left")
    if found.next_due is not None:
        at = f"next due {found.next_due:%Y-%m-%d %H:%M:%S} UTC"
        texts.append(at if found.next_due > now else "due now")
    return " · ".join(texts)


def _rows(one: "Standing") -> list[tuple[object, ...]]:
    kinds = ("sent", "failed", "unknown", "deferred", "pending", "under_way", "cancelled")
    return [
        ("", *(kind.replace("_", " ") for kind in kinds)),
        *((group, *(counts[kind] for kind in kinds)) for group, counts in one.groups.items()),
        ("all", *(getattr(one, kind) for kind in kinds)),
    ]
