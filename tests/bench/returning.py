"""How long it takes to come back to one's rooms, among few rooms and among many."""

import contextlib
import time
from collections.abc import Iterator, Sequence

from chatapp.client.identity import Identity
from chatapp.protocol import limits
from chatapp.protocol.events import Entered, Said
from chatapp.protocol.requests import Hello, Join, Say
from tests.bench.bench import Bench
from tests.bench.rich_peer import RichPeer
from tests.bench.tables import median, short, times

ROOMS = 1000
OWN = min(200, limits.ROOMS - 1)
"""Who comes back is in so many of them, and in the first of all."""

HELD = limits.ROOMS - 1
"""So many a peer is in that keeps rooms open."""

NICK = "returning"
RETURNS = 40


def rows(bench: Bench) -> list[tuple[str, str, str]]:
    """Measure one owner of a key on one server: first there are no rooms but its own, and then many others too."""
    rooms = bench.few(ROOMS, 2 * OWN)
    found = [one_round(bench, rooms) for _ in range(bench.rounds)]
    few, many = median(few for few, _ in found), median(many for _, many in found)
    return [
        (
            f"come back to {OWN} of {rooms:,} rooms, from the hello to the last of them",
            f"p50 {short(many)} ms",
            f"{times(many, few)} that with {OWN} of {OWN} ({short(few)} ms)",
        )
    ]


def one_round(bench: Bench, rooms: int) -> tuple[float, float]:
    """Return the medians of both, in milliseconds."""
    names = [f"#room{number}" for number in range(rooms)]
    identity = Identity.generate()
    with bench.running() as server, contextlib.ExitStack() as holders:
        bench.progress(f"come back to {OWN} rooms")
        hold(holders, server.port, names[:OWN])
        join(server.port, identity, names[:OWN])
        few = back_ms(bench, server.port, identity)
        hold(holders, server.port, names[OWN:])
        return few, back_ms(bench, server.port, identity)


def hold(stack: contextlib.ExitStack, port: int, names: Sequence[str]) -> None:
    """Keep rooms open, and say something in each, until the end of `stack`."""
    for first in range(0, len(names), HELD):
        held = names[first : first + HELD]
        peer = stack.enter_context(RichPeer(port))
        peer.come_in(Hello(f"holds-{held[0].strip('#')}"))
        peer.send(*map(Join, held))
        peer.send(*(Say(name, "hello", name.strip("#")) for name in held))
        for _ in held:
            peer.next(Said)


def join(port: int, identity: Identity, names: Sequence[str]) -> None:
    """Go into rooms with a key, and leave the chat: the server keeps them."""
    with RichPeer(port) as peer:
        peer.come_in(Hello(NICK, key=identity.key), identity)
        peer.send(*map(Join, names))
        for _ in names:
            peer.next(Entered)
        peer.leave()


def back_ms(bench: Bench, port: int, identity: Identity) -> float:
    return median(taken * 1000 for taken in returns(bench, port, identity))


def returns(bench: Bench, port: int, identity: Identity) -> Iterator[float]:
    """Come back again and again, and yield how many seconds it took until it was in all rooms."""
    log, seen = "", 0
    for _ in range(bench.few(RETURNS, 5)):
        with RichPeer(port) as peer:
            began = time.perf_counter()
            welcomed = peer.come_in(Hello(NICK, key=identity.key, log=log, seen=seen), identity)
            for _ in range(OWN):
                peer.next(Entered)
            yield time.perf_counter() - began
            log, seen = welcomed.log, welcomed.seq
            peer.leave()
