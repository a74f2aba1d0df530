"""What a word that is being written may become: a command, a room, a person, an emoji."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import msgspec

from chatapp.client.state import ChatState
from chatapp.preferences.table import PREFERENCES
from chatapp.protocol.commands import COMMANDS
from chatapp.protocol.emoji import emoji_for, emoji_names
from chatapp.protocol.names import CONVERSATION, name_key
from chatapp.protocol.safe import one_line
from chatapp.texts import tr
from chatapp.tui.timeline.entries import Entry

_SET = "/set"

MOST = 8
"""So many choices are offered at most: the rows of the popup."""

_LOOKED_BACK = 200
"""Among so many entries it is looked for who spoke last."""

_LEAST_OF_EMOJI = 2
"""From so many letters on an emoji is looked for: before that a colon is only a colon."""


class Choice(msgspec.Struct, frozen=True):
    """`text` is what stands for the word if it is taken; `label` and `help` are what is shown."""

    text: str
    label: str
    help: str = ""


class Words(msgspec.Struct, frozen=True):
    """What people there are to write of, the likeliest first, and what rooms."""

    people: Callable[[], Iterable[str]]
    rooms: Callable[[], Iterable[str]]


def words_in(state: ChatState, entries: Callable[[], Sequence[Entry]]) -> Words:
    """Return what there is to write of in the room in view, whose `entries` say who spoke last."""

    def people() -> list[str]:
        return latest_first(entries(), map(one_line, state.members.values()))

    def rooms() -> list[str]:
        return [one_line(state.title_of(room)) for room in state.rooms if not room.startswith(CONVERSATION)]

    return Words(people, rooms)


def choices(before: str, words: Words) -> tuple[Choice, ...]:
    """Return what the last word of `before`, the line up to the cursor, may become; nothing if it is that already."""
    head, space, word = before.rpartition(" ")
    if before.startswith("/") and not space:
        found = _commands(word[1:])
    elif word.startswith("#"):
        found = _starting(word, words.rooms())
    elif word.startswith("@"):
        found = _starting(word, (f"@{nick}" for nick in words.people()))
    elif word.startswith(":"):
        found = _emoji(word[1:])
    elif head.lower().split(" ")[0] == _SET:
        found = _settings(head[len(_SET) :].strip(), word)
    else:
        found = _starting(word, words.people()) if word and _wants_nick(head) else iter(())
    offered = tuple(islice(found, MOST))
    return () if [choice.text.rstrip() for choice in offered] == [word] else offered


def latest_first(entries: Sequence[Entry], nicks: Iterable[str]) -> list[str]:
    """Return `nicks`, those who spoke last in `entries` before the others, which are in alphabetical order."""
    spoke = dict.fromkeys(entry.nick for entry in islice(reversed(entries), _LOOKED_BACK) if entry.is_talk)
    order = {nick: place for place, nick in enumerate(spoke)}
    return sorted(nicks, key=lambda nick: (order.get(nick, len(order)), name_key(nick)))


def _commands(start: str) -> Iterable[Choice]:
    for command in COMMANDS.values():
        if command.name.startswith(start.lower()):
            yield Choice(f"/{command.name} ", command.usage, tr(command.help))


def _starting(word: str, names: Iterable[str]) -> Iterable[Choice]:
    return (Choice(f"{name} ", name) for name in names if name_key(name).startswith(name_key(word)))


def _settings(name: str, word: str) -> Iterable[Choice]:
    """Yield what may stand behind ``/set``: the settings, or behind the `name` of one what it can be."""
    if name in PREFERENCES:
        return _starting(word, PREFERENCES[name].kind.words)
    starting = (row for row in PREFERENCES.values() if not name and row.name.startswith(word.lower()))
    return (Choice(f"{row.name} ", row.name, tr(row.help)) for row in starting)


def _emoji(start: str) -> Iterable[Choice]:
    if len(start) < _LEAST_OF_EMOJI:
        return
    for name in emoji_names():
        if name.startswith(start.lower()):
            yield Choice(f":{name}: ", f":{name}:", emoji_for(name))


def _wants_nick(head: str) -> bool:
    """Return whether `head` is a command that is followed by a nick, or that and the room it is about."""
    words = head.split(" ")
    if len(words) == 2 and words[1].startswith("#"):
        head = words[0]
    command = COMMANDS.get(head.removeprefix("/").lower()) if head.startswith("/") else None
    return command is not None and command.takes_nick
