"""A peer that stops reading: it is dropped when too much waits for it, and nobody else is held up."""

import pytest

from chatapp.server.settings import Settings
from tests.server.talking import Peer, plain, rich_peer, running, unframed

BOUND = 64 * 1024
JOINERS = {"plain": plain, "rich": rich_peer, "unframed": unframed}


@pytest.mark.parametrize("dialect", JOINERS)
async def test_who_reads_nothing_is_dropped(dialect: str, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond the bound the connection is cut; the others are told that it left, and go on."""
    async with running(outbox_bytes=BOUND) as server, plain(server.port, "ana") as ana:
        async with JOINERS[dialect](server.port, "lento") as lento:
            await ana.read_until("lento se ha unido al chat.")
            lento.stop_reading()
            await _talk_until(ana, "lento se ha desconectado.")
            ana.say("hola")
            await ana.read_until("ana: hola")
        async with plain(server.port, "lento"):
            assert await ana.read_line() == "lento se ha unido al chat."
    assert "lento is dropped: You read too slowly: over 65536 bytes were waiting." in caplog.text


async def _talk_until(peer: Peer, notice: str, most: int = 5000) -> None:
    """Say long lines, each once the last one is back, until a line is `notice`."""
    for _ in range(most):
        peer.say("x" * 4000)
        if (line := await peer.read_line()) == notice:
            return
        assert line == "ana: " + "x" * 4000
    pytest.fail("it was never dropped")


async def test_who_reads_slowly_but_reads_is_kept() -> None:
    """Far more than the bound goes through to a peer that reads as it comes."""
    async with (
        running(outbox_bytes=BOUND) as server,
        plain(server.port, "ana") as ana,
        plain(server.port, "eva") as eva,
    ):
        for number in range(200):
            ana.say(f"{number}" + "x" * 4000)
            await ana.read_line()
            assert (await eva.read_line()).startswith(f"ana: {number}x")


def test_a_mebibyte_may_wait() -> None:
    """The bound that people get."""
    assert Settings().outbox_bytes == 1024 * 1024
