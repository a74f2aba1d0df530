"""What is measured: this chat as it ships, and whatever servers to compare it with are installed."""

import contextlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import cores, on_core

START_SECONDS = 20.0

PORTS = range(20000, 32000)
"""Where servers listen: below the ports that the system gives to the thousands of connections."""

LOG = "server.log"


class DoesNotStart(Exception):
    """A server ended, or did not listen in time."""


@dataclass(frozen=True)
class Running:
    """A server that listens, in a process of its own."""

    pid: int
    port: int
    dialect: str
    folder: Path

    @property
    def log(self) -> str:
        """What the server has logged so far."""
        return (self.folder / LOG).read_text("utf-8")


@dataclass(frozen=True)
class Subject:
    """A server: its name in tables, the dialect that its members speak, and how it is started."""

    name: str
    dialect: str
    command: Callable[[int, Path], Sequence[str]]
    """Given a port and an empty folder."""


def serve_command(port: int, folder: Path) -> list[str]:
    """Return what hosts this chat, its log in `folder`; as fast as it is, people may be here too."""
    place = ("--port", str(port), "--data", str(folder))
    return [sys.executable, "-m", "chatapp", "serve", *place, "--lang", "en", "--rate", "none"]


PLAIN = Subject("chatapp", "plain", serve_command)
RICH = Subject("chatapp, rich members", "rich", serve_command)


def limit_server(binary: Path) -> Subject:
    return Subject("C server", "plain", lambda port, _: [str(binary), str(port)])


def durable_limit_server(binary: Path) -> Subject:
    return Subject("C server, disk first", "plain", lambda port, folder: [str(binary), str(port), str(folder / "kept")])


def _redis(port: int, folder: Path) -> list[str]:
    address = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    unlimited = ["--maxclients", "19000", "--client-output-buffer-limit", "pubsub 0 0 0"]
    return ["redis-server", *address, "--save", "", "--appendonly", "no", *unlimited]


def _nats(port: int, _: Path) -> list[str]:
    return ["nats-server", "-a", "127.0.0.1", "-p", str(port)]


def _ngircd(port: int, folder: Path) -> list[str]:
    path = folder / "ngircd.conf"
    path.write_text(NGIRCD.format(port=port))
    return ["ngircd", "--nodaemon", "--config", str(path)]


def _inspircd(port: int, folder: Path) -> list[str]:
    path = folder / "inspircd.conf"
    path.write_text(INSPIRCD.format(port=port, folder=folder))
    return ["inspircd", "--nofork", "--runasroot", "--config", str(path)]


NGIRCD = """\
[Global]
Name = irc.bench
Info = bench
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = bench
ServerUID = root
ServerGID = root
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 600
PongTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
RequireAuthPing = no
"""

INSPIRCD = """\
<config format="xml">
<server name="irc.bench" description="bench" network="bench" id="97K">
<admin name="a" nick="a" email="a@irc.bench">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" pingfreq="600" hardsendq="16777216" softsendq="8388608" recvq="1048576"
  threshold="1000000" commandrate="1000000000" fakelag="no" localmax="100000" globalmax="100000" maxconnwarn="no"
  maxchans="20" resolvehostnames="no" useconnectban="no" useconnflood="no">
<performance netbuffersize="65534" somaxconn="4096" softlimit="18000" quietbursts="yes" clonesonconnect="no"
  timeskipwarn="0">
<security runasuser="" allowcoreunload="no" maxtargets="20">
<options defaultmodes="n" nosnoticestack="no">
<pid file="{folder}/inspircd.pid">
"""

INSTALLABLE = (
    Subject("redis-server", "redis", _redis),
    Subject("inspircd", "irc", _inspircd),
    Subject("ngircd", "irc", _ngircd),
    Subject("nats-server", "nats", _nats),
)


def installed() -> list[Subject]:
    return [subject for subject in INSTALLABLE if shutil.which(subject.name)]


@contextlib.contextmanager
def running(subject: Subject, folder: Path, port: int = 0) -> Iterator[Running]:
    """Run a server on the core of servers, its data in `folder`, until the end of the block."""
    port = port or unused_port()
    command = subject.command(port, folder)
    if subject.command is not serve_command:  # which is to raise its limit by itself
        command = ["sh", "-c", 'ulimit -n "$(ulimit -Hn)"; exec "$@"', "sh", *command]
    with (folder / LOG).open("wb") as log, on_core(cores()[0]):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        if not listens(process, port):
            raise DoesNotStart(f"{subject.name}:\n{(folder / LOG).read_text('utf-8', 'replace')[-2000:]}")
        yield Running(process.pid, port, subject.dialect, folder)
    finally:
        end(process)


def unused_port() -> int:
    """Return a port of PORTS on which nothing listens."""
    while True:
        with contextlib.suppress(OSError), socket.socket() as probe:
            port = random.choice(PORTS)
            probe.bind(("127.0.0.1", port))
            return port


def listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait until the port takes connections; return False if the process ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.01)
    return False


def end(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
