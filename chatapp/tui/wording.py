"""What the timeline says of each event."""

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Disconnected, Hosting, Met
from chatapp.client.wording import explain_lost, hosts_here, met_first, rooms_there_are, where_one_is
from chatapp.protocol.events import AuditPage, Described, Entered, Freed, Members, Renamed, RoomList, Welcomed
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.texts.moderation import deed_lines
from chatapp.texts.people import describe, here_are
from chatapp.tui.timeline.entries import Entry, Kind


def entry_for(event: ClientEvent, client: Client, now: float) -> Entry | None:
    """Return what stands in the timeline for `event` at `now` (seconds since 1970), None for nothing.

    For what is said that is `entry_for_said`.
    """
    match event:
        case Disconnected():
            return Entry(Kind.ERROR, explain_lost(event, client.host, client.port), now)
        case Hosting():
            return Entry(Kind.NOTICE, hosts_here(event), now)
        case Met():
            return Entry(Kind.NOTICE, met_first(event), now)
        case _:
            return _notice_for(event, now)


def _notice_for(event: ClientEvent, now: float) -> Entry | None:
    match event:
        case Renamed():
            return Entry(Kind.NOTICE, tr("{nick} is now {to}", nick=event.nick, to=event.to), event.at)
        case Entered():
            return Entry(Kind.NOTICE, where_one_is(event.room, event.title, event.topic), now)
        case Members():
            return Entry(Kind.NOTICE, here_are(event.nicks, event.count, event.presence), now)
        case Described():
            return Entry(Kind.NOTICE, one_line(describe(event)), now)
        case AuditPage():
            return Entry(Kind.NOTICE, "\n".join(map(one_line, deed_lines(event.deeds))), now)
        case Freed():
            return Entry(Kind.NOTICE, one_line(tr("The nick {nick} is nobody's now.", nick=event.nick)), now)
        case RoomList():
            return Entry(Kind.NOTICE, rooms_there_are(event), now)
        case _:
            return None


def new_start(event: Welcomed) -> str:
    """Return why the timeline is empty after a connection was mended."""
    if event.has_gap:
        return tr("More was missed than fits; what is older loads as you scroll up.")
    return tr("This is another chat than before.")


def welcome(client: Client) -> str:
    """Return what a newcomer needs to know first."""
    return tr(
        "You are in {room} as {nick}. Type and press Enter; F1 helps, ctrl+q leaves.",
        room=one_line(client.state.title_of(client.state.room)),
        nick=client.state.nick,
    )
