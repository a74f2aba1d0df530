"""A server with a password, in a process of its own: prints its port, and ends with its stdin.

Arguments: the folder for its log, the password, and what it costs to compare one.
"""

import asyncio
import sys
from pathlib import Path

from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings


async def serve(folder: Path, secret: str, cost: int) -> None:
    server = Server(Settings(port=0, data=folder, password=Password.of(secret, cost)))
    await server.start()
    print(server.port, flush=True)
    await server.run_until(asyncio.to_thread(sys.stdin.read))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
