"""Every place where a person reads text of somebody else's, each filled with strings until they are seen there."""

from collections.abc import Awaitable, Callable

from chatapp.protocol.events import (
    Became,
    Described,
    Edited,
    Entered,
    Error,
    Found,
    Joined,
    Left,
    Members,
    Reacted,
    Renamed,
    RoomInfo,
    RoomList,
    Said,
    Typed,
)
from chatapp.protocol.requests import Mentions, Rooms, Search, Who, Whois
from tests.hostile.stage import ROOM, Stage

_LINES = 8
"""So many messages are told at a time: some strings break lines, and all are to be in view."""


async def talk(stage: Stage) -> None:
    """Messages and actions, of nicks that are strings too."""
    said = [stage.said(_body(stage, "text"), stage.string("nick")) for _ in range(_LINES)]
    acts = [stage.said(_body(stage, "action"), stage.string("nick"), kind="action") for _ in range(_LINES // 2)]
    await _told(stage, *said, *acts)


def _body(stage: Stage, place: str) -> str:
    return " ".join(stage.string(place, 2, line=False) for _ in range(4))


async def _told(stage: Stage, *events: Said) -> None:
    """Tell of `events`, and wait until what comes behind all of them is shown."""
    last = stage.said(f"seen{stage.sent}")
    stage.tell(*events, last)
    await stage.shows(last.text)


async def flood(stage: Stage) -> None:
    """As many short strings as a large screen has room for, as texts and nicks."""
    rows = stage.screen.rows // 2
    each = stage.screen.columns // 24
    bodies = (" ".join(stage.string("text", 1) for _ in range(each)) for _ in range(rows))
    await _told(stage, *(stage.said(body, stage.string("nick", 1)) for body in bodies))


async def answers(stage: Stage) -> None:
    """What a message answers, how people react to it, what it reads now, and who took it away."""
    first = stage.said(stage.string("quote"), stage.string("nick"))
    reply = stage.said("re", reply=first.seq)
    emoji = [stage.string("reaction", 1) for _ in range(stage.many)]
    reactions = [Reacted(stage.seq(), ROOM, reply.seq, one, stage.string("reactor"), 2e9) for one in emoji]
    new = stage.string("edited", line=False)
    stage.tell(first, reply, *reactions, Edited(stage.seq(), ROOM, first.seq, new, first.nick, 2e9))
    await stage.shows(emoji[0], new)


async def people(stage: Stage) -> None:
    """Who comes, goes, is called otherwise and writes: in the timeline, the list, and the composer's border."""
    nick, other = stage.string("joined"), stage.string("renamed")
    more = [stage.string("joined", 1) for _ in range(stage.many)]
    stage.tell(*(Joined(ROOM, one, 2e9) for one in (nick, *more)))
    await stage.shows(nick)
    stage.look()
    stage.tell(Typed(ROOM, nick))
    await stage.shows(nick)
    stage.look()
    stage.tell(Renamed(nick, other, 2e9), Became(other, "away", "x"))
    await stage.shows(other)
    stage.tell(*(Left(ROOM, one, 2e9) for one in (other, *more)))


async def rooms(stage: Stage) -> None:
    """What rooms are called, in the list, the border and the window's title, and what they are about."""
    title, topic, other, to = (stage.string(place) for place in ("title", "topic", "room", "conversation"))
    members = ["ana", "luis", *(stage.string("member", 1) for _ in range(stage.many))]
    others = [f"#{stage.string('room', 1)}" for _ in range(stage.many)]
    stage.tell(
        Entered(ROOM, members, 0, title=title, topic=topic),
        *(Entered(room, ["ana"], 0) for room in (f"#{other}", *others)),
        Entered("@:1", ["ana"], 0, title=to),
    )
    await stage.shows(title, topic, other, to)
    changed = stage.said(stage.string("topic"), kind="topic")
    stage.tell(changed)
    await stage.shows(changed.text)
    stage.tell(*(Left(room, "ana", 2e9) for room in (f"#{other}", *others, "@:1")))


async def asked(stage: Stage) -> None:
    """What answers a person's questions: whois, who, the list of rooms, and errors that quote."""
    await stage.ask("/whois x", Whois)
    described = [stage.string("whois", 1) for _ in range(3 + stage.many)]
    stage.tell(Described(described[0], "away", described[1], described[2], [f"#{room}" for room in described[3:]]))
    await stage.shows(*described[:2])
    await stage.ask("/who", Who)
    nicks = [stage.string("who", 1) for _ in range(stage.many)]
    stage.tell(Members(ROOM, ["ana", *nicks], presence=dict.fromkeys(nicks, "away")))
    await stage.shows(nicks[0])
    await stage.ask("/rooms", Rooms)
    infos = [
        RoomInfo(*(stage.string("rooms", 1), 1, 1.0), stage.string("rooms", 1), stage.string("rooms", 1))
        for _ in range(stage.many // 2)
    ]
    stage.tell(RoomList(infos))
    await stage.shows(infos[0].topic)
    texts = [stage.string("error", line=False) for _ in range(stage.many // 2)]
    codes = ("no-such-nick", "bad-usage", "nick-taken", "unknown-command", "malformed")
    stage.tell(*(Error("unheard-of", text) for text in texts))
    stage.tell(*(Error(code, "", detail=stage.string("error", 1)) for code in codes))
    await stage.shows(texts[-1])


async def found(stage: Stage) -> None:
    """What is found, by words and where one is mentioned."""
    search = await stage.ask("/search hola", Search)
    assert isinstance(search, Search)
    hits = [stage.said(stage.string("found", line=False), stage.string("nick")) for _ in range(stage.many)]
    stage.tell(Found(ROOM, search.query, hits))
    await stage.shows(hits[0].nick)
    await stage.escape()
    await stage.ask("/mentions", Mentions)
    hits = [stage.said(stage.string("mentions", line=False), stage.string("nick")) for _ in range(stage.many)]
    stage.tell(Found("", "", hits))
    await stage.shows(hits[0].nick)
    await stage.escape()


async def chosen(stage: Stage) -> None:
    """What is offered: the nicks that complete what is typed, and the rooms and people to go to."""
    members = [f"zz{stage.string('popup')}" for _ in range(stage.many // 2)]
    stage.tell(Entered(ROOM, ["ana", "luis", *members], 0, title=stage.string("title")))
    await stage.shows(members[0])
    stage.look()
    stage.screen.type("@zz")
    await stage.shows(members[0])
    stage.look()
    stage.screen.type("\x1bk")
    await stage.shows("room or a person")
    await stage.escape()
    stage.screen.type("\x15")


async def notices(stage: Stage) -> None:
    """What the desktop is told of while one looks elsewhere."""
    stage.screen.type("\x1b[O")
    said = stage.said(f"@ana {stage.string('notification', 2, line=False)}", stage.string("notification", 1))
    stage.tell(said)
    await stage.shows(said.nick)
    stage.screen.type("\x1b[I")


SCENES: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    *(talk, answers, people, rooms, asked, found, chosen, notices),
)
