"""Peers without framing: each read is a message, in both directions."""

import asyncio

from chatapp.protocol import limits
from chatapp.protocol.events import Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.server import Server
from tests.server.talking import plain, rich_peer, unframed


async def test_a_read_is_a_message(server: Server) -> None:
    """What the peer writes at once is one message, with line feeds in it or not."""
    async with rich_peer(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        for text in ("hola", "dos\nlíneas", "con final\n"):
            ana.write(text)
            assert (await eva.next(Said)).text == text.rstrip("\n")


async def test_the_speaker_that_it_writes_is_dropped(server: Server) -> None:
    """`ana: ` in front is what such clients write; the server names the speaker itself, once."""
    async with plain(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        await eva.read_line()
        for text in ("ana: hola", "hola", "eva: hola", "ana: ana: hola"):
            ana.write(text)
            assert await eva.read_line() == f"ana: {text.removeprefix('ana: ')}"


async def test_the_speaker_is_dropped_after_a_rename_too(server: Server) -> None:
    """A client that renames goes on writing its first nick, or the new one: neither is said twice."""
    async with plain(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        ana.write("ana: /nick leo")
        assert await eva.lines(2) == ["ana se ha unido al chat.", "-- ana is now leo."]
        for text in ("ana: hola", "leo: hola", "hola"):
            ana.write(text)
            assert await eva.read_line() == "leo: hola"


async def test_the_speaker_is_dropped_however_the_nick_is_composed(server: Server) -> None:
    """A nick typed with combining marks is recognised as it was typed."""
    async with plain(server.port, "eva") as eva, unframed(server.port, "Jose\u0301") as jose:
        jose.write("Jose\u0301: hola")
        assert await eva.lines(2) == ["Jos\u00e9 se ha unido al chat.", "Jos\u00e9: hola"]


async def test_messages_in_quick_succession_stay_apart(server: Server) -> None:
    """What others say at once comes as reads of their own, or with a newline between: never glued."""
    async with plain(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        eva.say("uno", "dos")
        await eva.until("eva: dos")
        eva.say("tres")
        reads = [await ana.read()]
        while not reads[-1].endswith(b"eva: tres"):
            reads.append(await ana.read())
    assert b"\n".join(reads).split(b"\n") == [b"eva: uno", b"eva: dos", b"eva: tres"]


async def test_no_read_is_over_1024_bytes(server: Server) -> None:
    """A long message comes in pieces, between which there is a pause, with every character whole."""
    text = "ñ€😀" * 400
    async with rich_peer(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        eva.send(Say(GENERAL, text, "1"))
        received = b""
        while len(received) < len(f"eva: {text}".encode()):
            async with asyncio.timeout(5):
                piece = await ana.reader.read(2**16)
            assert 0 < len(piece) <= limits.UNFRAMED_READ_BYTES
            received += piece
            piece.decode()
        assert received.decode() == f"eva: {text}"


async def test_bad_bytes_and_too_many_are_an_error_line(server: Server) -> None:
    """One line each says what was wrong, and the next message is one."""
    async with unframed(server.port, "ana") as ana:
        ana.write(b"Jos\xe9!")
        assert (await ana.read()).startswith(b"-- That was not UTF-8")
        ana.write("a\0b")
        assert (await ana.read()).startswith(b"-- A message can't hold the character U+0000")
        ana.write("hola")
        assert await ana.read() == b"ana: hola"


async def test_a_character_that_a_read_splits_is_whole(server: Server) -> None:
    """The rest of a character comes with the next read, and is part of that message."""
    async with plain(server.port, "eva") as eva, unframed(server.port, "ana") as ana:
        await eva.read_line()
        ana.write("hola ñ".encode()[:-1])
        assert await eva.read_line() == "ana: hola "
        ana.write("ñ".encode()[-1:])
        assert await eva.read_line() == "ana: ñ"
