"""The daemon: run; and deliver, its sending half done once."""

import socket
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import typer

from syndicate.cli.editions import deliver
from syndicate.cli.terminal import complain, opened
from syndicate.errors import ConfigError

if TYPE_CHECKING:
    from syndicate.jobs.recover import Seat
    from syndicate.services import Services

_PATIENCE_S = 5  # for readers' requests under way at the end


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(run)
    app.command()(deliver)


def run(context: typer.Context) -> None:
    """Run the daemon: pick up, publish, cut, send and answer, until SIGTERM or Ctrl-C."""
    from syndicate import clock, log
    from syndicate.jobs.recover import seated
    from syndicate.store.witness import SendingHeldError

    services = opened(context, tell=log.to_stderr(clock.now))
    with ExitStack() as stack:
        seat = None
        try:
            seat = stack.enter_context(
                seated(services.store, services.folder, services.clock(), services.tell)
            )
        except SendingHeldError as error:
            complain(str(error))
        web = services.settings.web
        listener = stack.enter_context(closing(_listen(web.host, web.port)))
        _serve(services, seat, listener)


def _listen(host: str, port: int) -> socket.socket:
    """Bind the web server's address, before anything else is begun."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise ConfigError(
            f"web.host and web.port: {host}:{port} cannot be bound ({error.strerror}). "
            "End what listens there, or choose another port."
        ) from None


def _serve(services: "Services", seat: "Seat | None", listener: socket.socket) -> None:
    """Run everything until a signal comes: the web server ends first, letters under way arrive."""
    import uvicorn

    from syndicate.cli.work import stop_signal
    from syndicate.digests.calendar import Schedule
    from syndicate.model import Event
    from syndicate.scheduler import Alarm
    from syndicate.web import application
    from syndicate.workers import Runner
    from syndicate.workers.systemd import notify

    runner, alarm, web = Runner(services, seat), Alarm(), services.settings.web
    schedules = {one.name: Schedule.parse(one.cron, one.zone) for one in services.newsletters}
    config = uvicorn.Config(
        application(services),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=list(web.trusted_proxies) or None,
        timeout_graceful_shutdown=_PATIENCE_S,
    )
    with stop_signal():
        runner.start()
        alarm.start(runner.wake, schedules, clock=services.clock)
        address = f"http://{web.host}:{listener.getsockname()[1]}"
        services.tell(Event("daemon.ready", {"address": address, "sending": seat is not None}))
        notify("READY=1")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            notify("STOPPING=1")
            alarm.stop()
            runner.stop()
    services.tell(Event("daemon.ended"))
