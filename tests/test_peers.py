"""The seed's client and server, as the tests have them, understand each other as the seed's own do."""

from tests.peers import SeedClient, SeedServer


async def test_the_seeds_two_halves_chat() -> None:
    """Two seed clients at a seed server see each other come, speak and go, in the seed's words."""
    async with SeedServer() as server, SeedClient(server.port, "ana") as ana:
        await ana.wait_for("ana se ha unido al chat.Conectado al servidor.")
        async with SeedClient(server.port, "luis") as luis:
            await luis.wait_for("Conectado al servidor.")
            await luis.type_line("hola, ¿qué tal?")
            await ana.wait_for("luis se ha unido al chat.luis: hola, ¿qué tal?")
            await luis.wait_for("luis: hola, ¿qué tal?")
            assert (server.nicks, server.received) == (["ana", "luis"], ["luis: hola, ¿qué tal?".encode()])
            await luis.type_line("Salir")
            await luis.wait_closed()
        await ana.wait_for("luis se ha desconectado.")


async def test_a_lost_connection_counts_as_salir() -> None:
    """A seed client that is gone without a word is told to have left."""
    async with SeedServer() as server, SeedClient(server.port, "ana") as ana:
        async with SeedClient(server.port, "luis") as luis:
            await luis.wait_for("Conectado al servidor.")
        await ana.wait_for("luis se ha desconectado.")
