"""The plain dialect: lines for `nc`, telnet and whatever a class writes in its first hour.

The four notices are those of the first version of this chat and stay Spanish in every language.
"""

from chatapp.protocol.events import Edited, Joined, Left, Said
from chatapp.protocol.names import CONVERSATION
from chatapp.protocol.safe import one_line

CONNECTED = "Conectado al servidor."
JOINED_SUFFIX = " se ha unido al chat."
LEFT_SUFFIX = " se ha desconectado."

_NOTICE = "-- "
"""No nick starts with ``-``, so no message can pass for a notice of the server's."""


_EDITED = "editado"
_PRIVATE = "privado"


def line_for(event: Said | Edited | Joined | Left) -> str:
    """Return the line, without its ending, that shows `event` to a plain peer."""
    nick = one_line(event.nick)
    match event:
        case Said(kind="action"):
            return f"* {nick} {one_line(event.text)}"
        case Said(is_edited=False) if not event.room.startswith(CONVERSATION):
            return f"{nick}: {one_line(event.text)}"
        case Said() | Edited():
            return f"{nick} ({_marks(event)}): {one_line(event.text)}"
        case Joined():
            return f"{nick}{JOINED_SUFFIX}"
        case Left():
            return f"{nick}{LEFT_SUFFIX}"


def _marks(event: Said | Edited) -> str:
    """Return what sets a message apart: that only the two of a conversation read it, that it is another text now."""
    is_private = event.room.startswith(CONVERSATION)
    is_edited = isinstance(event, Edited) or event.is_edited
    return ", ".join(mark for mark, is_so in ((_PRIVATE, is_private), (_EDITED, is_edited)) if is_so)


def notice(text: str) -> str:
    """Return the line by which the server itself speaks to a plain peer."""
    return _NOTICE + one_line(text)


def without_speaker(text: str, nick: str) -> str:
    """Return `text` without a leading ``{nick}: ``, which unframed peers write and the server adds itself."""
    return text.removeprefix(f"{nick}: ")
