"""The daemon: run; and deliver, its sending half done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from syndicate.cli.editions import deliver
from syndicate.cli.terminal import complain, opened

if TYPE_CHECKING:
    from syndicate.jobs.recover import Seat
    from syndicate.services import Services


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(run)
    app.command()(deliver)


def run(context: typer.Context) -> None:
    """Run the daemon: pick up, publish, cut, send and answer, until SIGTERM or Ctrl-C."""
    from syndicate import clock, log

    services = opened(context, tell=log.to_stderr(clock.now))
    with _seat(services) as seat:
        _serve(services, seat)


@contextmanager
def _seat(services: "Services") -> "Iterator[Seat | None]":
    """Take the sender's seat; an old copy of the database publishes all the same, and sends nothing."""
    from syndicate.jobs.recover import seated
    from syndicate.store.witness import SendingHeldError

    try:
        with seated(services.store, services.folder, services.clock(), services.tell) as seat:
            yield seat
    except SendingHeldError as error:
        complain(str(error))
        yield None


def _serve(services: "Services", seat: "Seat | None") -> None:
    import uvicorn

    from syndicate.cli.work import stop_signal
    from syndicate.digests.calendar import Schedule
    from syndicate.scheduler import Alarm
    from syndicate.web import application
    from syndicate.workers import Runner
    from syndicate.workers.systemd import notify

    runner, alarm, web = Runner(services, seat), Alarm(), services.settings.web
    schedules = {one.name: Schedule.parse(one.cron, one.zone) for one in services.newsletters}
    server = uvicorn.Server(
        uvicorn.Config(
            application(services),
            host=web.host,
            port=web.port,
            log_config=None,
            access_log=False,
            proxy_headers=bool(web.trusted_proxies),
            forwarded_allow_ips=list(web.trusted_proxies) or None,
            server_header=False,
        )
    )
    with stop_signal():
        runner.start()
        alarm.start(runner.wake, schedules, clock=services.clock)
        notify("READY=1")
        try:
            server.run()
        finally:
            notify("STOPPING=1")
            alarm.stop()
            runner.stop()
    typer.echo("ended", err=True)
