"""What an operator who frees a nick sees of it on the screen."""

from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.identity import Identity
from chatapp.client.keepsakes import Keepsakes
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.server.keyed import entered
from tests.tui.screens import window_of


async def test_an_operator_is_told_that_a_nick_is_free(tmp_path: Path) -> None:
    server = Server(Settings(port=0, operators=("ana",)))
    await server.start()
    try:
        async with entered(server.port, "luis", Identity.generate()):
            pass
        client = Client("127.0.0.1", server.port, "ana", keepsakes=Keepsakes(tmp_path, "127.0.0.1", server.port))
        async with window_of(client) as ana:
            await ana.until(lambda: bool(client.state.members))
            client.type_line("/free luis")
            await ana.shows("The nick luis is nobody's now.")
    finally:
        await server.stop()
