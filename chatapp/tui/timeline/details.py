"""What some messages have beside their text, and how it changes."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from chatapp.protocol.events import Reacted
from chatapp.protocol.names import name_key
from chatapp.texts import tr


class Reaction(msgspec.Struct, frozen=True):
    """An emoji by its name, and who reacts with it."""

    emoji: str
    nicks: tuple[str, ...]
    is_own: bool = False
    """Whether the person in front of the screen does."""


class Details(msgspec.Struct, frozen=True):
    """One message's; all that have nothing of it share PLAIN."""

    reply: int = 0
    """The `seq` of the message that it answers, 0 for none."""
    is_edited: bool = False
    is_deleted: bool = False
    is_mention: bool = False
    """Whether it mentions the person in front of the screen."""
    reactions: tuple[Reaction, ...] = ()
    is_open: bool = False
    """Whether all of it is shown, though it takes many rows."""
    is_refused: bool = False
    """Whether it was never said: the server refused it."""

    @property
    def note(self) -> str:
        """What stands behind the text, "" for nothing."""
        if self.is_refused:
            return tr("(not sent)")
        return tr("(edited)") if self.is_edited else ""


PLAIN = Details()


def reactions_of(nicks: Mapping[str, Sequence[str]], own_nick: str) -> tuple[Reaction, ...]:
    """Return the reactions of which `nicks` says, by the emoji's name, whose they are."""
    return tuple(_reaction(emoji, names, own_nick) for emoji, names in nicks.items() if names)


def reacted(reactions: Iterable[Reaction], event: Reacted, own_nick: str) -> tuple[Reaction, ...]:
    """Return what `reactions` are after `event`; a new emoji comes last, and one that nobody reacts with goes."""
    nicks = {reaction.emoji: reaction.nicks for reaction in reactions}
    others = tuple(nick for nick in nicks.get(event.emoji, ()) if name_key(nick) != name_key(event.nick))
    nicks[event.emoji] = (*others, event.nick) if event.on else others
    return reactions_of(nicks, own_nick)


def renamed(details: Details, nick: str, to: str) -> Details:
    """Return `details` in which whoever was called `nick` is called `to`."""
    if not any(name_key(nick) in map(name_key, reaction.nicks) for reaction in details.reactions):
        return details
    return replace(details, reactions=tuple(_renamed(reaction, nick, to) for reaction in details.reactions))


def _renamed(reaction: Reaction, nick: str, to: str) -> Reaction:
    names = tuple(to if name_key(each) == name_key(nick) else each for each in reaction.nicks)
    return replace(reaction, nicks=names)


def _reaction(emoji: str, nicks: Sequence[str], own_nick: str) -> Reaction:
    return Reaction(emoji, tuple(nicks), any(name_key(nick) == name_key(own_nick) for nick in nicks))
