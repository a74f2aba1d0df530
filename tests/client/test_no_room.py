"""A server without room for a message: the client keeps it, tries again, and has nothing overtake it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol import rich
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error, Said, Welcomed
from chatapp.protocol.requests import Say
from tests.client.watching import AN_HOUR, Watch, serving


class FullServer:
    """Refuses what is said while it `is_full`; `asked` holds all texts that came, in their order."""

    def __init__(self) -> None:
        self.is_full = True
        self.asked: list[str] = []
        self._seq = 0
        self._asked_again = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        await reader.readline()
        writer.write(rich.encode(Welcomed("ana", "#general", ["ana"], "log", self._seq, 1)))
        while (line := await reader.readline()) not in (b"SALIR\n", b""):
            if isinstance(request := rich.decode_request(line.decode()), Say):
                writer.write(rich.encode(self._answer(request)))
                async with self._asked_again:
                    self._asked_again.notify_all()
        writer.close()

    def _answer(self, say: Say) -> Said | Error:
        self.asked.append(say.text)
        if self.is_full:
            return Error(Code.STORAGE_FULL, "", say.id)
        self._seq += 1
        return Said(self._seq, say.room, "ana", say.text, 0.0, say.id)

    async def until_asked(self, count: int) -> None:
        """Wait until so many messages came, refused ones too."""
        async with asyncio.timeout(10), self._asked_again:
            await self._asked_again.wait_for(lambda: len(self.asked) >= count)


@contextlib.asynccontextmanager
async def refused_uno(port: int, keepsakes: Keepsakes) -> AsyncIterator[tuple[Client, Watch, Error]]:
    """Run a client that said "uno" to a server with no room for it, and was told so."""
    async with Client("127.0.0.1", port, "ana", keepsakes=keepsakes, pauses=AN_HOUR) as client:
        ana = Watch(client)
        await ana.next(Welcomed)
        client.type_line("uno")
        yield client, ana, await ana.next(Error)


async def test_what_was_refused_for_want_of_room_is_said_later(tmp_path: Path) -> None:
    """It waits, on the disk too; it alone is tried again; what is typed meanwhile follows it when there is room."""
    server = FullServer()
    async with serving(server.serve) as port:
        keepsakes = Keepsakes(tmp_path, "127.0.0.1", port)
        async with refused_uno(port, keepsakes) as (client, ana, refused):
            client.type_line("dos")
            client.type_line("tres")
            await server.until_asked(3)
            assert server.asked == ["uno"] * 3
            assert [say.text for say in client.state.pending.values()] == ["uno", "dos", "tres"]
            assert [say.text for say in keepsakes.outbox("ana").load()] == ["uno", "dos", "tres"]
            server.is_full = False
            assert await ana.texts(3) == ["uno", "dos", "tres"]
            assert (client.state.pending, client.state.unkept, keepsakes.outbox("ana").load()) == ({}, set(), [])
            client.type_line("last")
            assert await ana.texts(1) == ["last"]
            assert [event for event in ana.seen if isinstance(event, Error)] == [refused]
            assert refused.code == Code.STORAGE_FULL


async def test_what_waited_for_room_is_said_after_a_restart_of_the_client(tmp_path: Path) -> None:
    """The client leaves while the server has no room; the next one says what was refused, once."""
    server = FullServer()
    async with serving(server.serve) as port:
        keepsakes = Keepsakes(tmp_path, "127.0.0.1", port)
        async with refused_uno(port, keepsakes):
            pass
        server.is_full = False
        async with Client("127.0.0.1", port, "ana", keepsakes=keepsakes, pauses=AN_HOUR) as client:
            assert await Watch(client).texts(1) == ["uno"]
            assert client.state.pending == {}
