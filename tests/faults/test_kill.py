"""Processes killed with SIGKILL under load, servers and clients: what was confirmed stays, and is shown once."""

import asyncio
import contextlib
import itertools
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from chatapp.protocol.events import Said
from tests.faults.crowd import check_shown, crowd, read_whole, settle
from tests.faults.serving import ServerProcess, serving

NAMES = ["ana", "eva", "luis", "marta"]
MORTALS = ["ana", "eva"]
"""Whose clients are killed, while the others talk on."""
MOST_LINES = 400
"""So many lines a client that is killed has printed at most."""

LONGEST_LIFE = 0.4
"""The longest time from a server's welcome to its death, in seconds."""


@dataclass(frozen=True)
class Tally:
    """What a run that lost nothing, showed nothing twice and nothing out of order has to say."""

    kills: str
    messages: int
    server: ServerProcess

    def __str__(self) -> str:
        rate = self.messages / self.server.up_seconds
        return (
            f"{self.kills}, {self.messages} messages, {rate:.0f} a second while a server listened: 0 lost, 0 shown "
            f"twice, 0 out of order; the slowest server took {self.server.slowest_start:.2f} s to listen"
        )


async def kill_servers(folder: Path, kills: int, seed: int = 0) -> Tally:
    """Kill so many servers, each at a random moment, one in eight before it listens."""
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
    return Tally(f"{kills} kills of a server", len(log), server)


async def test_killed_servers_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """Eight kills while four talk: each is shown the log, all of it, in order and once."""
    assert (await kill_servers(tmp_path, 8)).messages > 100


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(8))
async def test_a_thousand_killed_servers_lose_nothing(tmp_path: Path, part: int, tell: Callable[[str], None]) -> None:
    """The same, 125 times in each of eight chats."""
    tell(str(await kill_servers(tmp_path, 125, seed=part)))


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
        for nick in MORTALS:
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
    try:
        async with asyncio.timeout(30):
            printed = [await process.stdout.readline() for _ in range(lines)]
            if lines:
                process.kill()
            printed += [line async for line in process.stdout]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return [line.decode() for line in printed]


async def kill_clients(folder: Path, kills: int, with_server: bool) -> Tally:
    """Kill so many clients, of two people in turns, while two others talk, and the server now and then."""
    random, outlived = Random(kills), Outlived()

    async def live(nick: str) -> None:
        for number in range(kills // len(MORTALS)):
            start = f"{nick} {number}"
            outlived.note(
                start, await run_and_kill(server.port, folder / "mortals", start, random.randint(1, MOST_LINES))
            )
        await run_and_kill(server.port, folder / "mortals", nick, 0)

    async with serving(folder / "server") as server, crowd(server.port, folder / "others", NAMES[2:]) as talkers:
        lives = asyncio.gather(*map(live, MORTALS))
        for _ in itertools.takewhile(lambda _: with_server and not lives.done(), itertools.count()):
            await asyncio.wait([lives], timeout=random.uniform(0.2, 1.5))
            await server.kill()
            await server.start()
        await lives
        await settle(talkers)
        for talker in talkers:
            await talker.until_shown_all()
    log = await read_whole(server.log)
    outlived.check(log)
    check_shown(talkers, log)
    return Tally(f"{kills} kills of clients", len(log), server)


async def test_killed_clients_lose_nothing_that_was_kept(tmp_path: Path) -> None:
    """Six kills of clients that talk, and of the server: all that was typed is said once, in order."""
    assert (await kill_clients(tmp_path, 6, with_server=True)).messages > 30


@pytest.mark.campaign
@pytest.mark.parametrize("with_server", [False, True])
async def test_a_thousand_killed_clients_lose_nothing(
    tmp_path: Path, with_server: bool, tell: Callable[[str], None]
) -> None:
    """The same for 500 kills, with a server that lives and with one that is killed too."""
    tell(str(await kill_clients(tmp_path, 500, with_server)))
