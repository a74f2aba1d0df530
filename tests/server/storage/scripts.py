"""Batches of all that can go into a log, drawn so that most of it is about something that is there."""

from random import Random

from chatapp.protocol.requests import Delete, Edit, Kind, Level, React, Say
from chatapp.server.storage.records import Change, Ending, Making, Membership, Post, Reading, Record
from tests.server.storage.logs import NOON
from tests.server.storage.model import Model

ROOMS = ("#general", "#Año", "#:1", "@:g1")
NAMES = ("ana", "here")
KEYS = ("k1", "k2")

_AUTHORS = (*KEYS, "guest-ana")
_NICKS = ("ana", "Luis")
_TEXTS = ("uno", "uno @ana", "@todos @Ana", "dos é\n")
_KINDS: tuple[Kind, ...] = ("text", "text", "text", "action", "topic", "invited")
_LEVELS: tuple[Level | None, ...] = (None, None, "all", "mentions", "none")
_ODD = (-2, -1, 0, 0, 2**63, 2**70)


def batch(random: Random, model: Model) -> list[Record]:
    drawn = (_post, _post, _post, _change, _change, _change, _note)
    return [random.choice(drawn)(random, model) for _ in range(random.choice((0, 1, 5, 20)))]


def _post(random: Random, model: Model) -> Post:
    reply = random.choice((0, 0, 0, -1, _seq(random, model)))
    room = model.messages[reply].say.room if reply in model.messages else _room(random)
    say = Say(room, random.choice(_TEXTS), str(random.randrange(200)), random.choice(_KINDS), reply)
    return Post(random.choice(_AUTHORS), random.choice(_NICKS), say, _time(random))


def _change(random: Random, model: Model) -> Change:
    room, seq = _room(random), _seq(random, model)
    if seq in model.messages and random.random() < 0.9:
        room = model.messages[seq].say.room
    author = random.choice(_AUTHORS)
    if seq in model.messages and random.random() < 0.5:
        author = model.messages[seq].author
    request = random.choice(
        (
            Edit(room, random.choice(_TEXTS), seq),
            Delete(room, seq),
            React(room, random.choice(("heart", "tada", "x", "y")), seq, random.random() < 0.7),
        )
    )
    return Change(
        author, random.choice(_NICKS), request, _time(random), random.randrange(10), is_maker=random.random() < 0.3
    )


def _note(random: Random, model: Model) -> Record:
    key, room = random.choice(KEYS), _room(random)
    drawn: tuple[Record, ...] = (
        Making(room, key, _time(random), random.choice(("", "title"))),
        Membership(key, room, _time(random), random.random() < 0.7),
        Membership(key, room, _time(random), random.random() < 0.7),
        Reading(key, room, random.randrange(model.last_seq + 5), random.choice(_LEVELS)),
        Reading(key, room, 0, random.choice(_LEVELS)),
        Ending(room) if random.random() < 0.4 else Reading(key, room, level="none"),
    )
    return random.choice(drawn)


def _room(random: Random) -> str:
    return random.choices(ROOMS, (6, 2, 1, 1))[0]


def _seq(random: Random, model: Model) -> int:
    """Return the number of a message, mostly; or of one that this batch may bring, or none at all."""
    those = [*model.messages] or [1]
    return random.choices((random.choice(those), model.last_seq + random.randrange(9), random.choice(_ODD)), (6, 1, 2))[
        0
    ]


def _time(random: Random) -> float:
    return NOON + 40_000 * random.randrange(9)
