"""Processes killed with SIGKILL under load, servers and clients: what was confirmed stays, and is shown once."""

import asyncio
import contextlib
import itertools
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from chatapp.protocol.events import Said
from tests.faults.crowd import check_shown, crowd, read_whole, settle
from tests.ports import free_port

NAMES = ["ana", "eva", "luis", "marta"]
LONGEST_LIFE = 0.4
"""The longest time from a server's welcome to its death, in seconds."""


class ServerProcess:
    """`chatapp serve` on one port and folder, killed and started again."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self._data = data
        self._process: Process

    @property
    def log(self) -> Path:
        return self._data / f"server-{self.port}"

    async def start(self) -> None:
        arguments = ("-m", "chatapp", "serve", "--port", str(self.port), "--data", str(self._data))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, "--log-level", "error", stdout=PIPE, stderr=DEVNULL
        )

    async def listening(self) -> None:
        """Wait until it says that it listens."""
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            assert (await self._process.stdout.readline()).startswith(b"Listening")

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


@contextlib.asynccontextmanager
async def serving(data: Path) -> AsyncIterator[ServerProcess]:
    server = ServerProcess(data)
    await server.start()
    try:
        await server.listening()
        yield server
    finally:
        await server.kill()


async def kill_servers(folder: Path, kills: int, seed: int = 0) -> int:
    """Kill so many servers, each at a random moment, one in eight before it listens; return how much was said."""
    random = Random(seed)
    async with serving(folder / "server") as server, crowd(server.port, folder / "clients", NAMES) as talkers:
        for _ in range(kills):
            if random.randrange(8):
                witness = random.choice(talkers)
                await witness.until_shown(len(witness.shown) + 1)
            await asyncio.sleep(random.uniform(0, LONGEST_LIFE))
            await server.kill()
            await server.start()
        await settle(talkers)
    log = await read_whole(server.log)
    check_shown(talkers, log)
    return len(log)


async def test_killed_servers_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """Eight kills while four talk: each is shown the log, all of it, in order and once."""
    assert await kill_servers(tmp_path, 8) > 100


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(8))
async def test_a_thousand_killed_servers_lose_nothing(tmp_path: Path, part: int) -> None:
    """The same, 125 times in each of eight chats."""
    said = await kill_servers(tmp_path, 125, seed=part)
    print(f"125 kills of a server, {said} messages: 0 lost, 0 shown twice, 0 out of order")


class Outlived:
    """What clients that were killed had kept and were shown."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.shown: list[list[int]] = []

    def note(self, start: str, printed: list[str]) -> None:
        """Take what one process printed; the last line may be half a one."""
        whole = [line.split() for line in printed if line.endswith("\n")]
        self.kept |= {f"{start} {number}" for kind, number in whole if kind == "kept"}
        self.shown.append([int(seq) for kind, seq in whole if kind == "said"])

    def check(self, log: list[Said]) -> None:
        """All that was kept is in the log once and in order; what each process was shown is a part with no hole."""
        for nick in ("ana", "eva"):
            rounds = [tuple(map(int, said.text.split()[1:])) for said in log if said.nick == nick]
            assert rounds == sorted(set(rounds))
        assert self.kept <= {said.text for said in log}
        seqs = [said.seq for said in log]
        for shown in filter(None, self.shown):
            first = seqs.index(shown[0])
            assert seqs[first : first + len(shown)] == shown


async def run_and_kill(port: int, folder: Path, start: str, lines: int) -> list[str]:
    """Let a client talk until it has printed so many lines, kill it, and return all that it printed."""
    command = ("-m", "tests.faults.talker", str(port), str(folder), *([start.split()[0], start] if lines else [start]))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        printed = [await process.stdout.readline() for _ in range(lines)]
        if lines:
            process.kill()
        printed += [line async for line in process.stdout]
        await process.wait()
    return [line.decode() for line in printed]


async def kill_clients(folder: Path, kills: int, with_server: bool) -> int:
    """Kill so many clients, of two people in turns, and the server now and then; return how much was said."""
    random, outlived = Random(kills), Outlived()

    async def live(nick: str) -> None:
        for number in range(kills // 2):
            start = f"{nick} {number}"
            outlived.note(start, await run_and_kill(server.port, folder / "clients", start, random.randint(1, 120)))
        await run_and_kill(server.port, folder / "clients", nick, 0)

    async with serving(folder / "server") as server:
        lives = asyncio.gather(live("ana"), live("eva"))
        for _ in itertools.takewhile(lambda _: with_server and not lives.done(), itertools.count()):
            await asyncio.wait([lives], timeout=random.uniform(0.2, 1.5))
            await server.kill()
            await server.start()
        await lives
    log = await read_whole(server.log)
    outlived.check(log)
    return len(log)


async def test_killed_clients_lose_nothing_that_was_kept(tmp_path: Path) -> None:
    """Six kills of clients that talk, and of the server: all that was typed is said once, in order."""
    assert await kill_clients(tmp_path, 6, with_server=True) > 30


@pytest.mark.campaign
@pytest.mark.parametrize("with_server", [False, True])
async def test_hundreds_of_killed_clients_lose_nothing(tmp_path: Path, with_server: bool) -> None:
    """The same for 250 kills, with a server that lives and with one that is killed too."""
    said = await kill_clients(tmp_path, 250, with_server)
    print(f"250 kills of clients, {said} messages: 0 lost, 0 twice, 0 out of order")
