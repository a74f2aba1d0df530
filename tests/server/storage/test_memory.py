"""The server's memory doesn't grow with the history."""

import subprocess
import sys
from pathlib import Path

_READ_A_LONG_LOG = """
import asyncio, resource, sys
from pathlib import Path
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import post

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

async def main():
    store = await SqliteStore.open(Path(sys.argv[1]))
    peaks = []
    for part in range(20):
        for batch in range(10):
            first = part * 10_000 + batch * 1_000
            await store.append([post(f"hola {i} y {'x' * 100}", f"{i:09}") for i in range(first, first + 1_000)])
        for seq in range(0, store.last_seq, 500):
            await store.after("#general", seq, 100)
        await store.search("hola", ["#general"], None, 100)
        peaks.append(peak())
    print(peaks[4], peaks[-1])

asyncio.run(main())
"""


def test_two_hundred_thousand_messages_take_no_more_memory_than_fifty_thousand(tmp_path: Path) -> None:
    """The page caches of the three connections are full by then: what comes after costs at most 16 MiB more."""
    command = [sys.executable, "-c", _READ_A_LONG_LOG, str(tmp_path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    early_kib, late_kib = map(int, printed.split())
    assert late_kib - early_kib < 16 * 1024
