"""The daemon: everything is done when it is due, until a signal comes."""

import socket
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING, Literal

import click

from syndicate.cli.terminal import complain, opened
from syndicate.errors import ConfigError

if TYPE_CHECKING:
    from threading import Event as Signal

    from uvicorn import Server

    from syndicate.jobs.recover import Seat
    from syndicate.services import Services

_PATIENCE_S = 5  # for readers' requests under way at the end


@click.command()
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="How the log is written (else: log.format).",
)
@click.pass_context
def run(context: click.Context, *, log_format: Literal["text", "json"] | None) -> None:
    """Run the daemon: pick up, publish, cut, send and answer, until SIGTERM or Ctrl-C."""
    from syndicate.jobs.recover import seated
    from syndicate.store.witness import SendingHeldError

    services = _telling(opened(context), log_format)
    services.check_smtp()
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


def _telling(services: "Services", style: Literal["text", "json"] | None) -> "Services":
    """Return the services with a log on standard error."""
    from syndicate import log

    wanted = services.settings.log
    tell = log.to_stderr(services.clock, style or wanted.format, wanted.level)
    return services.telling(tell)


def _listen(host: str, port: int) -> socket.socket:
    """Bind the web server's address, before anything else is begun."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # Python names the address once more
        raise ConfigError(
            f"web.host and web.port: {host}:{port} cannot be bound ({reason}). "
            "End what listens there, or choose another host or port."
        ) from None


def _serve(services: "Services", seat: "Seat | None", listener: socket.socket) -> None:
    """Run everything until a signal comes: the web server ends first, letters under way arrive."""
    import uvicorn

    from syndicate.cli.work import stop_signal
    from syndicate.jobs.polls import Polls
    from syndicate.jobs.slots import schedule
    from syndicate.model import Event
    from syndicate.scheduler import Alarm
    from syndicate.web import Metrics, Vitals, application
    from syndicate.workers.local import Runner
    from syndicate.workers.systemd import notify

    runner: Runner

    def sending_held() -> bool:
        return runner.sending_held

    metrics = Metrics(services, sending_held)
    services = services.telling(metrics.hearing(services.tell))
    polls = Polls()
    runner = Runner(services, seat, polls)
    alarm, web = Alarm(), services.settings.web
    vitals = Vitals(runner.quiet_for, sending_held)
    planned = {one.name: schedule(one) for one in services.newsletters}
    schedules = {name: found for name, found in planned.items() if found is not None}
    config = uvicorn.Config(
        application(services, vitals, metrics, polls),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=list(web.trusted_proxies) or None,
        timeout_graceful_shutdown=_PATIENCE_S,
        timeout_notify=1,
    )
    server = uvicorn.Server(config)
    with stop_signal() as stop:
        config.callback_notify = partial(_end_on, stop, server)
        runner.start()
        alarm.start(runner.wake, schedules, clock=services.clock)
        address = f"http://{web.host}:{listener.getsockname()[1]}"
        services.tell(Event("daemon.ready", {"address": address, "sending": seat is not None}))
        notify("READY=1")
        try:
            server.run(sockets=[listener])
        finally:
            notify("STOPPING=1")
            alarm.stop()
            runner.stop()
    services.tell(Event("daemon.ended"))


async def _end_on(stop: "Signal", server: "Server") -> None:
    """End the web server on a signal that came before it listened to signals itself."""
    if stop.is_set():
        server.should_exit = True
