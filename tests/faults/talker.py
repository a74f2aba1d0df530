"""A client in a process of its own, to be killed: it says numbered lines, and prints what is kept and what it is shown.

Arguments: the port, the folder, the nick, and how its lines begin; without the last it says nothing new, and ends when
all that it said before is confirmed.
"""

import asyncio
import sys
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.protocol.events import Said, Welcomed
from tests.client.watching import pauses_of
from tests.faults.crowd import PENDING


async def talk(port: int, folder: Path, nick: str, start: str = "") -> None:
    number = 0
    keepsakes = Keepsakes(folder, "127.0.0.1", port)
    async with Client("127.0.0.1", port, nick, keepsakes=keepsakes, pauses=pauses_of(0.02)) as client:
        async for event in client:
            if isinstance(event, Welcomed):
                print("welcomed", event.seq, flush=True)
            if isinstance(event, Said):
                print("said", event.seq, flush=True)
            while start and client.state.was_welcomed and len(client.state.pending) < PENDING:
                client.type_line(f"{start} {number}")
                print("kept", number, flush=True)
                number += 1
            if not start and client.state.was_welcomed and not client.state.pending:
                return


if __name__ == "__main__":
    asyncio.run(talk(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
