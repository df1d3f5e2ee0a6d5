"""A real Postfix on a free loopback port: a relay that demands STARTTLS and hands on what it takes."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import trustme

POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "Postfix is not installed, or this is not the superuser, without whom it does not run"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{onward}
smtp_tls_security_level = none
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/relay.pem
smtpd_client_connection_count_limit = 0
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def relay(folder: Path, authority: trustme.CA, onward: int) -> Iterator[int]:
    """Run a Postfix that keeps everything below `folder`; yields its port.

    It takes letters over STARTTLS alone and passes them to the server at port `onward`.
    """
    assert POSTFIX
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    for name in ("etc", "queue", "data", "log"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", "postfix")
    for parent in (folder, *folder.parents):  # its processes give up the superuser's rights
        if parent.stat().st_uid == os.getuid() and parent.stat().st_mode & 0o011 != 0o011:
            parent.chmod(parent.stat().st_mode | 0o011)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        folder / "relay.pem"
    )
    (folder / "relay.pem").chmod(0o600)
    (folder / "etc/main.cf").write_text(_MAIN.format(folder=folder, onward=onward))
    (folder / "etc/master.cf").write_text(_MASTER.format(port=port))

    def postfix(command: str) -> None:
        done = subprocess.run(
            [POSTFIX, "-c", folder / "etc", command], capture_output=True, text=True, check=False
        )
        if done.returncode:
            log = folder / "log/postfix.log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"postfix {command}: {done.stdout}{done.stderr}{said}")

    postfix("start")
    try:
        yield port
    finally:
        postfix("stop")
