"""What the system sees: a message is on the disk before anyone is sent it."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from tests.peers import LinePeer
from tests.ports import free_port

MESSAGES = 20
WAIT_SECONDS = 30.0


async def test_every_message_is_synced_before_its_echo(tmp_path: Path) -> None:
    """Between the arrival of each message and its echo, strace sees the log's fsync or fdatasync return."""
    trace, port = tmp_path / "trace", free_port()
    server = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-qq", "-s", "200", "-e", "trace=fsync,fdatasync,sendto,recvfrom", "-o", str(trace)),
        *(sys.executable, "-m", "chatapp", "serve", "--port", str(port), "--data", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert server.stdout is not None
    async with asyncio.timeout(WAIT_SECONDS):
        await server.stdout.readline()
    async with await LinePeer.connect(port) as ana:
        await ana.join("ana")
        for number in range(MESSAGES):
            ana.send_line(f"message {number}.")
            assert await ana.read_line() == f"ana: message {number}."
    os.kill(_child_of(server.pid), signal.SIGTERM)
    async with asyncio.timeout(WAIT_SECONDS):
        await server.wait()
    calls = _calls(trace.read_text())
    for number in range(MESSAGES):
        came, went = calls.index(f"recv {number}"), calls.index(f"send {number}")
        assert "sync" in calls[came:went]


def _child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _calls(trace: str) -> list[str]:
    """Return what happened, in order: ``recv N``, ``sync`` (a sync that returned 0) and ``send N``."""
    pattern = r"recvfrom.*\"message (\d+)\.|((?:fsync|fdatasync).* = 0)|sendto.*ana: message (\d+)\."
    return [
        f"recv {came}" if came else f"send {went}" if went else "sync"
        for came, synced, went in re.findall(pattern, trace)
    ]
