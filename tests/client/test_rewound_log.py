"""A log that was put back to an earlier state gives its numbers again, and what is new is shown all the same."""

import shutil
from pathlib import Path

from chatapp.client.events import Disconnected
from chatapp.protocol.events import HistoryPage, Welcomed
from chatapp.server.server import Server, log_file
from chatapp.server.settings import Settings
from chatapp.server.storage.files import remove_database
from chatapp.server.storage.upkeep import backup
from tests.client.watching import Watch, joined
from tests.ports import free_port


async def started(port: int, data: Path) -> Server:
    server = Server(Settings(port=port, data=data))
    await server.start()
    return server


async def say(watch: Watch, *texts: str) -> None:
    """Say each, and wait until it was shown."""
    for text in texts:
        watch.client.type_line(text)
        assert await watch.texts(1) == [text]


async def test_what_is_said_after_a_log_was_put_back_is_shown(tmp_path: Path) -> None:
    """The log is put back to before what a client saw last: all that is said from then on is shown, once, in order."""
    port = free_port()
    log = log_file(tmp_path, port)
    server = await started(port, tmp_path)
    async with joined(port, "ana") as ana:
        await say(ana, "uno", "dos")
        backup(log, tmp_path / "copy")
        await say(ana, "three that", "are lost", "with the disk")
        await server.stop()
        await ana.next(Disconnected)
        remove_database(log)
        shutil.move(tmp_path / "copy", log)
        server = await started(port, tmp_path)
        async with joined(port, "eva") as eva:
            ana.client.retry_now()
            assert (await ana.next(Welcomed)).seq == 2
            assert [said.text for said in (await ana.next(HistoryPage)).messages] == ["uno", "dos"]
            await say(eva, "tres", "cuatro")
            assert await ana.texts(2) == ["tres", "cuatro"]
            await say(ana, "cinco")
            assert ana.client.state.last_seq == 5
    await server.stop()
