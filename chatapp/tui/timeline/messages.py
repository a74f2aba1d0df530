"""How a message becomes an entry of the timeline, and what becomes of that later."""

from sys import intern

from msgspec.structs import replace

from chatapp.protocol.events import Deleted, Edited, Reacted, Renamed, Said
from chatapp.protocol.mentions import is_mentioned
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Say
from chatapp.texts import tr
from chatapp.texts.rooms import HAPPENINGS, happened
from chatapp.tui.timeline.details import PLAIN, Details, reacted, reactions_of, renamed
from chatapp.tui.timeline.entries import Entry, Kind

Change = Edited | Deleted | Reacted | Renamed
"""What happens to a message after it was said."""


def entry_for_said(said: Said, own_nick: str) -> Entry:
    """Return what stands in the timeline for a message, marked as one's own if it is."""
    if said.kind in HAPPENINGS:
        entry = Entry(Kind.NOTICE, happened(said.kind, said.nick, said.text), said.at, seq=said.seq)
    else:
        is_own = name_key(said.nick) == name_key(own_nick)
        kind = Kind.ACTION if said.kind == "action" else Kind.TEXT
        details = _details(said, own_nick, is_own=is_own)
        entry = Entry(kind, said.text, said.at, intern(said.nick), is_own, said.seq, details)
    return _without_text(entry) if said.is_deleted else entry


def entry_for_refused(say: Say, own_nick: str, at: float) -> Entry:
    """Return what stands in the timeline for a message that was not said, as was known at `at`."""
    kind = Kind.ACTION if say.kind == "action" else Kind.TEXT
    return Entry(kind, say.text, at, own_nick, is_own=True, details=Details(is_refused=True))


def changed(entry: Entry, event: Change, own_nick: str) -> Entry:
    """Return what stands for a message after `event`; what is deleted stays so."""
    if entry.details.is_deleted:
        return entry
    match event:
        case Edited():
            return _edited(entry, event.text, own_nick)
        case Deleted():
            return _without_text(entry)
        case Reacted():
            reactions = reacted(entry.details.reactions, event, own_nick)
            return _with_details(entry, replace(entry.details, reactions=reactions))
        case Renamed():
            return _with_details(entry, renamed(entry.details, event.nick, event.to))


def _details(said: Said, own_nick: str, *, is_own: bool) -> Details:
    is_mention = not is_own and is_mentioned(own_nick, said.text)
    if not (said.reply or said.is_edited or is_mention or said.reactions):
        return PLAIN
    reactions = reactions_of(said.reactions, own_nick)
    return Details(said.reply, said.is_edited, is_mention=is_mention, reactions=reactions)


def _edited(entry: Entry, text: str, own_nick: str) -> Entry:
    is_mention = not entry.is_own and is_mentioned(own_nick, text)
    return replace(entry, text=text, details=replace(entry.details, is_edited=True, is_mention=is_mention))


def _without_text(entry: Entry) -> Entry:
    kind = Kind.TEXT if entry.kind is Kind.ACTION else entry.kind
    return replace(entry, kind=kind, text=tr("message deleted"), details=Details(is_deleted=True))


def _with_details(entry: Entry, details: Details) -> Entry:
    return entry if details == entry.details else replace(entry, details=details)
