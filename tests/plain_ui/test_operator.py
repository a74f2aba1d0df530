"""An operator of the chat, line by line."""

from pathlib import Path

from chatapp.client.identity import Identity
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.plain_ui.windows import piped
from tests.server.keyed import entered


async def test_an_operator_frees_a_nick(tmp_path: Path) -> None:
    """And reads that it is so, or that nobody owns it."""
    server = Server(Settings(port=0, operators=("ana",)))
    await server.start()
    try:
        async with entered(server.port, "luis", Identity.generate()):
            pass
        async with piped("--nick", "ana", "--port", str(server.port), data=tmp_path) as ana:
            ana.type("/free luis", "/free luis")
            await ana.shows("The nick luis is nobody's now.")
            ana.end_input()
            code, _, errors = await ana.end()
        assert (code, errors) == (1, "There is nobody called luis to be reached. To see who is here: /who\n")
    finally:
        await server.stop()
