"""A server to which the addresses of this machine are like any other: ``python -m tests.faults.counting FOLDER``."""

import asyncio
import sys
from pathlib import Path

from chatapp.server.garbage import collect_now_and_then
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings

COLLECTED_EVERY = 15.0
"""A campaign is not to wait a minute for that."""


async def _serve(folder: Path) -> None:
    """Print the port, and serve until stdin ends."""
    server = Server(Settings(port=0, rates=Rates(spares_loopback=False), data=folder))
    await server.start()
    print(server.port, flush=True)
    collecting = asyncio.create_task(collect_now_and_then(server, COLLECTED_EVERY))
    await server.run_until(asyncio.to_thread(sys.stdin.read))
    collecting.cancel()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
