"""Garbage collection where nothing is done but to serve: now and then, and not whenever many come at once.

A collection of all that thousands of connections hold stops everybody for some 0.1 s, and Python has one each time that
they are a quarter more. What a connection leaves behind that only a collection frees is some 1 KiB, of the loop's.
"""

import asyncio
import gc

from chatapp.server.server import Server

_PAUSE_SECONDS = 60.0
_DEPARTURES = 1000
"""With fewer connections gone there is too little to collect."""

_YOUNG, _OLDER, _NEVER = 2_000, 10, 2**31 - 1


async def collect_now_and_then(server: Server, pause: float = _PAUSE_SECONDS) -> None:
    """Take over from Python's own collection of what is old, until cancelled; what is there by now stays for good."""
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(_YOUNG, _OLDER, _NEVER)
    collected = 0
    try:
        while True:
            await asyncio.sleep(pause)
            if server.departures - collected >= _DEPARTURES:
                collected = server.departures
                gc.collect()
    finally:
        gc.set_threshold(*before)
