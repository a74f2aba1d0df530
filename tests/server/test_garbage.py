"""What a connection held is free when it has ended, and what only a collection frees is collected now and then."""

import asyncio
import contextlib
import gc
from collections.abc import Iterator

import pytest

from chatapp.server import garbage
from chatapp.server.garbage import collect_now_and_then
from chatapp.server.server import Server
from chatapp.server.session import Session
from tests.server.talking import connected, plain, rich_peer, unframed


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Python collects nothing by itself meanwhile."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def sessions() -> int:
    return sum(type(one) is Session for one in gc.get_objects())


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize("join", [plain, rich_peer, unframed, None])
async def test_a_session_is_free_when_its_connection_has_ended(server: Server, join: object) -> None:
    """Whatever it spoke, or if it said nothing yet, no cycle keeps it until there is a collection."""
    before = sessions()
    async with join(server.port, "ana") if join else connected(server.port) as peer:  # type: ignore[operator]
        await peer.read_exactly(1) if join is None else None
        assert sessions() == before + 1
    async with plain(server.port, "eva"), asyncio.timeout(5):  # whose arrival is the last that the relay knows of
        while sessions() > before + 1:  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.01)


async def test_it_is_collected_when_enough_have_gone(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before, and not again until as many more have; at the end Python has its own way again."""
    collected, before = list[int](), gc.get_threshold()
    monkeypatch.setattr(garbage, "_DEPARTURES", 3)
    monkeypatch.setattr(gc, "collect", lambda: collected.append(server.departures))
    collecting = asyncio.create_task(collect_now_and_then(server, pause=0.005))
    for number in range(7):
        async with plain(server.port, f"ana{number}"):
            pass
        await asyncio.sleep(0.02)
    assert gc.get_threshold() != before
    collecting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await collecting
    assert len(collected) == 2
    assert collected[0] >= 3
    assert collected[1] >= collected[0] + 3
    assert gc.get_threshold() == before
    gc.unfreeze()
