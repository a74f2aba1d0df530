"""What tests of rooms share: to go into one, and to see what comes up to a moment that all agree on."""

from chatapp.protocol.events import Entered, Event, Left, Pong, Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Join, Leave, Say
from tests.server.talking import Peer

OPS, DEV = "#ops", "#dev"


async def join(peer: Peer, *rooms: str) -> list[Entered]:
    """Go into each, and return what is told of it."""
    peer.send(*map(Join, rooms))
    return [await peer.next(Entered) for _ in rooms]


async def leave(peer: Peer, room: str) -> None:
    peer.send(Leave(room))
    while (await peer.next(Left)).room != room:
        pass


async def tell(peer: Peer, room: str, text: str) -> Said:
    """Say something that nobody said before, and return it as it was said."""
    peer.send(Say(room, text, text.replace(" ", "_")))
    while (said := await peer.next(Said)).text != text:
        pass
    return said


async def up_to(peer: Peer, last: Said) -> list[Event]:
    """Return what comes before `last`."""
    events: list[Event] = []
    while (event := await peer.event()) != last:
        if not isinstance(event, Pong):
            events.append(event)
    return events


async def close_off(teller: Peer, *others: Peer, text: str = "that is all") -> list[list[Event]]:
    """Say `text` in the room of all, and return what each of the others was told before it."""
    last = await tell(teller, GENERAL, text)
    return [await up_to(peer, last) for peer in others]
