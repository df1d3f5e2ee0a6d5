"""Telling systemd how we are (sd_notify(3)); silence where nobody listens."""

import os
import socket


def notify(state: str) -> None:
    """Send a state such as READY=1, STOPPING=1 or WATCHDOG=1."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(state.encode(), address.replace("@", "\0", 1))
