"""A server whose disk is full: it refuses what is posted, goes on with all else, and posts again once there is room."""

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from chatapp.protocol import limits
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Found, HistoryPage, Joined, Left, Members, Renamed, Said
from chatapp.protocol.requests import History, Quit, Rename, Search, Who
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.faults.crowd import read_whole
from tests.server.keyed import GENERAL, guest, say
from tests.server.storage.disks import KINDS, Disk
from tests.server.talking import Peer, plain

HEAL_SECONDS = 1.0
"""Within so long after there is room again the server posts."""


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be filled, with nothing on it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with request.param(folder) as made:
        yield made


@contextlib.asynccontextmanager
async def keeping_on(disk: Disk) -> AsyncIterator[int]:
    """Run a server with its log on `disk`; give the port."""
    server = Server(Settings(port=0, data=disk.folder))
    await server.start()
    try:
        yield server.port
    finally:
        disk.free()
        await server.stop()


def long_text(name: object) -> str:
    return f"{name} {'.' * 3000}"


async def answer(peer: Peer, text: str) -> Said | Error:
    """Say `text`, and return what becomes of it."""
    peer.send(request := say(text))
    while not (isinstance(event := await peer.event(), Said | Error) and event.id == request.id):
        pass
    return event


async def post_until_full(peer: Peer, name: str) -> tuple[list[Said], str]:
    """Return what was confirmed, and the first text that was refused."""
    confirmed = list[Said]()
    for number in itertools.count():
        answered = await answer(peer, text := long_text(f"{name} {number}"))
        if isinstance(answered, Error):
            assert (answered.code, answered.id) == (Code.STORAGE_FULL, say(text).id)
            return confirmed, text
        confirmed.append(answered)
    raise AssertionError


async def post_again(peer: Peer, text: str) -> tuple[Said, float]:
    """Say `text` until it is posted, as a client may; return that, and the seconds it took."""
    start = asyncio.get_running_loop().time()
    async with asyncio.timeout(HEAL_SECONDS):
        while isinstance(answered := await answer(peer, text), Error):
            assert answered.code == Code.STORAGE_FULL
    return answered, asyncio.get_running_loop().time() - start


async def test_what_is_posted_is_refused_by_its_id(disk: Disk) -> None:
    """The refusal says that there is no room, and of which message; nobody is shown the message."""
    async with keeping_on(disk) as port, guest(port, "ana") as ana, guest(port, "eva") as eva:
        disk.fill()
        confirmed, _ = await post_until_full(ana, "ana")
        ana.send(Quit())
        seen = list[Said]()
        while not isinstance(event := await eva.event(), Left):
            seen += [event] if isinstance(event, Said) else []
        assert seen == confirmed


async def test_a_plain_peer_is_told_too(disk: Disk) -> None:
    """What it reads is a notice, and the connection goes on."""
    async with keeping_on(disk) as port, guest(port, "ana") as ana, plain(port, "luis") as luis:
        disk.fill()
        await post_until_full(ana, "ana")
        luis.say(long_text("luis"))
        while not (line := await luis.read_line()).startswith("-- "):
            assert not line.startswith("luis: ")
        assert line == "-- The server's disk can't take any more, so that was not posted. Try again later."
        luis.say("/who")
        assert await luis.read_line() == "-- Here are: ana, luis"


async def test_reading_goes_on(disk: Disk) -> None:
    """History and search bring what was confirmed, all of it, while there is no room."""
    async with keeping_on(disk) as port, guest(port, "ana") as ana:
        before = await answer(ana, "first words")
        disk.fill()
        confirmed, _ = await post_until_full(ana, "ana")
        ana.send(History(GENERAL, limit=limits.PAGE_MOST_MESSAGES))
        page = await ana.next(HistoryPage)
        assert [before, *confirmed][-len(page.messages) :] == page.messages
        ana.send(Search(GENERAL, "words"))
        assert (await ana.next(Found)).messages == [before]


async def test_coming_and_going_go_on(disk: Disk) -> None:
    """While there is no room people come, are listed, take other nicks and leave, and all hear of it."""
    async with keeping_on(disk) as port, guest(port, "ana") as ana:
        disk.fill()
        await post_until_full(ana, "ana")
        async with guest(port, "eva") as eva:
            assert (await ana.next(Joined)).nick == "eva"
            eva.send(Rename("leo"))
            assert (await ana.next(Renamed)).to == "leo"
            ana.send(Who(GENERAL))
            assert (await ana.next(Members)).nicks == ["ana", "leo"]
            eva.send(Quit())
            assert (await ana.next(Left)).nick == "leo"


async def fill_and_free(disk: Disk, cycles: int) -> tuple[int, float]:
    """Fill the disk and free it, again and again; return how much was confirmed, and the longest healing in seconds."""
    confirmed, slowest = list[Said](), 0.0
    shutil.rmtree(disk.folder / "server-0", ignore_errors=True)
    async with keeping_on(disk) as port, guest(port, "ana") as ana:
        for cycle in range(cycles):
            disk.fill()
            posted, refused = await post_until_full(ana, f"{cycle}")
            disk.free()
            healed, seconds = await post_again(ana, refused)
            confirmed += [*posted, healed]
            slowest = max(slowest, seconds)
    assert await read_whole(disk.folder / "server-0") == confirmed
    return len(confirmed), slowest


async def test_posting_heals_by_itself(disk: Disk) -> None:
    """Full and free three times: it posts within a second, what was refused too, and has what it confirmed, once."""
    await fill_and_free(disk, 3)


@pytest.mark.campaign
async def test_posting_heals_a_hundred_times(disk: Disk, tell: Callable[[str], None]) -> None:
    """The same ten times for each of ten logs."""
    runs = [await fill_and_free(disk, 10) for _ in range(10)]
    confirmed, slowest = sum(count for count, _ in runs), max(seconds for _, seconds in runs)
    tell(f"{type(disk).__name__} full 100 times, {confirmed} confirmed: 0 lost, posting again within {slowest:.3f} s")
