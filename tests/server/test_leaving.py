"""Leaving: by SALIR or by a lost connection, everyone is told, and the nick is free at once."""

import pytest

from chatapp.protocol.events import Joined, Left, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Quit, Say
from chatapp.server.server import Server
from tests.server.talking import connected, plain, rich_peer, unframed


@pytest.mark.parametrize("salir", ["SALIR", "salir", "Salir", " sAlIr "])
async def test_a_plain_peer_leaves_by_salir_in_any_case(server: Server, salir: str) -> None:
    """It gets its own notice as the last line, and is closed; the others get the notice."""
    async with plain(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        ana.say(salir)
        assert await ana.rest() == b"ana se ha desconectado.\n"
        assert await eva.lines(2) == ["ana se ha unido al chat.", "ana se ha desconectado."]


async def test_a_rich_peer_leaves_by_salir_exactly(server: Server) -> None:
    """The bare line SALIR ends a rich session; its own Left is the last event."""
    async with rich_peer(server.port, "eva") as eva, rich_peer(server.port, "ana") as ana:
        ana.write(b"salir\nSALIR\n")
        *_, error, left = (await ana.rest()).splitlines()
        assert b'"malformed"' in error
        assert b'"left"' in left
        assert (await eva.next(Left)).nick == "ana"


@pytest.mark.parametrize("salir", ["SALIR", "salir", "ana: SALIR"])
async def test_an_unframed_peer_leaves_by_salir(server: Server, salir: str) -> None:
    """Without a newline, and with the nick before it or not."""
    async with unframed(server.port, "ana") as ana:
        ana.write(salir)
        assert await ana.rest() == b"ana se ha desconectado."


@pytest.mark.parametrize("how", ["close", "reset", "half-close"])
async def test_a_lost_connection_is_a_leave(server: Server, how: str) -> None:
    """However a connection ends, the others are told once, and the nick is free."""
    async with plain(server.port, "eva") as eva, plain(server.port, "ana") as ana:
        {"close": ana.writer.close, "reset": ana.cut, "half-close": ana.writer.write_eof}[how]()
        assert await eva.lines(2) == ["ana se ha unido al chat.", "ana se ha desconectado."]
        async with plain(server.port, "ana"):
            eva.say("hola")
            assert await eva.lines(2) == ["ana se ha unido al chat.", "eva: hola"]


async def test_a_peer_lost_in_the_handshake_is_nobody(server: Server) -> None:
    """Who never had a nick leaves no trace."""
    async with plain(server.port, "eva") as eva:
        for opening in (b"", b"an", b'{"type"', b"a b\n"):
            async with connected(server.port) as peer:
                assert await peer.read() == b"NICK"
                peer.write(opening)
        eva.say("hola")
        assert await eva.read_line() == "eva: hola"


async def test_a_nick_is_free_as_soon_as_its_holder_leaves(server: Server) -> None:
    """Whoever reads the notice can take the nick; leaving comes before joining for everyone."""
    async with rich_peer(server.port, "eva") as eva:
        for _ in range(20):
            async with rich_peer(server.port, "ana") as ana:
                ana.send(Quit())
                await ana.next(Left)
        assert await eva.event()
        told = [type(await eva.event()) for _ in range(40)]
        assert told == [Joined, Left] * 20


async def test_nothing_is_said_after_salir(server: Server) -> None:
    """What is pipelined behind SALIR is not read, in either dialect."""
    async with plain(server.port, "leo") as leo:
        async with plain(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
            ana.say("uno", "SALIR", "hola", "SALIR")
            assert await ana.until("ana se ha desconectado.") == ["eva se ha unido al chat.", "ana: uno"]
            assert await ana.rest() == b""
            eva.send(Say(GENERAL, "dos", "1"), Quit(), Say(GENERAL, "hola", "2"))
            await eva.next(Left)
            assert (await eva.next(Said)).text == "dos"
            assert (await eva.next(Left)).nick == "eva"
            assert await eva.rest() == b""
        leo.say("last")
        said = await leo.until("leo: last")
        assert [line for line in said if ": " in line] == ["ana: uno", "eva: dos"]


async def test_what_was_said_before_a_lost_connection_is_said(server: Server) -> None:
    """Lines that arrived count, though their author is gone before anyone saw them."""
    async with plain(server.port, "eva") as eva, connected(server.port) as ana:
        ana.say("ana", "uno", "dos")
        ana.writer.write_eof()
        assert await eva.lines(4) == ["ana se ha unido al chat.", "ana: uno", "ana: dos", "ana se ha desconectado."]
