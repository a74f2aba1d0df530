"""Who may ask for what: the table, and what each of its rows sends."""

from collections.abc import Callable
from itertools import count

from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.requests import (
    Audit,
    Ban,
    Delete,
    Devices,
    Edit,
    Free,
    Hello,
    History,
    Invite,
    Join,
    Kick,
    Leave,
    LinkDevice,
    MakePrivate,
    MarkRead,
    Mentions,
    Mute,
    Ping,
    Prove,
    Quit,
    React,
    Remove,
    Rename,
    Request,
    RevokeDevice,
    Rooms,
    Say,
    Search,
    SetLevel,
    SetPresence,
    Slow,
    Typing,
    Unban,
    Unlock,
    Unmute,
    Who,
    Whois,
)

NEVER = Identity.from_seed(b"never was here".ljust(32)).key
VICTIM = "leo"

CELLS: dict[str, Code | None] = {
    "yes": None,
    "in": Code.NOT_IN_ROOM,
    "mod": Code.NOT_MODERATOR,
    "op": Code.NOT_OPERATOR,
    "own": Code.NOT_YOURS,
    "public": Code.NOT_PRIVATE,
    "name": Code.BAD_ROOM,
    "stay": Code.STAYS_IN_GENERAL,
    "device": Code.NO_SUCH_DEVICE,
    "proof": Code.BAD_PROOF,
    "nick": Code.NO_SUCH_NICK,
    "hello": Code.HELLO_FIRST,
    "again": Code.HELLO_AGAIN,
}
"""What a cell of the table means: it may be asked for, or is refused so."""

# guest: without a key, in the room. owner: of a nick, and not in the room. member: with a key, in the room. maker: of
# the room. operator: in the room; outside: an operator who isn't. nobody: without a nick yet.
_ANYWHERE = """
                  nobody guest  owner  member maker  operator outside
hello             yes    again  again  again  again  again    again
prove             hello  hello  hello  hello  hello  hello    hello
unlock            hello  hello  hello  hello  hello  hello    hello
ping              yes    yes    yes    yes    yes    yes      yes
salir             yes    yes    yes    yes    yes    yes      yes
rename            hello  yes    yes    yes    yes    yes      yes
make-private      hello  yes    yes    yes    yes    yes      yes
rooms             hello  yes    yes    yes    yes    yes      yes
mentions          hello  yes    yes    yes    yes    yes      yes
set-presence      hello  yes    yes    yes    yes    yes      yes
whois             hello  yes    yes    yes    yes    yes      yes
say-to-nick       hello  yes    yes    yes    yes    yes      yes
audit             hello  op     op     op     op     yes      yes
free              hello  op     op     op     op     nick     nick
devices           hello  device yes    yes    yes    yes      yes
link-device       hello  device proof  proof  proof  proof    proof
revoke-device     hello  device device device device device   device
"""
_PUBLIC = """
                  nobody guest  owner  member maker  operator outside
join              hello  yes    yes    yes    yes    yes      yes
say               hello  yes    in     yes    yes    yes      in
topic             hello  yes    in     yes    yes    yes      in
edit              hello  yes    in     yes    yes    yes      in
edit-other's      hello  own    in     own    own    own      in
delete            hello  yes    in     yes    yes    yes      in
delete-other's    hello  own    in     own    yes    yes      in
react             hello  yes    in     yes    yes    yes      in
mark-read         hello  yes    in     yes    yes    yes      in
set-level         hello  yes    in     yes    yes    yes      in
typing            hello  yes    in     yes    yes    yes      in
leave             hello  yes    in     yes    yes    yes      in
invite            hello  public in     public public public   in
remove            hello  own    in     own    yes    yes      in
kick              hello  mod    in     mod    yes    yes      yes
ban               hello  mod    in     mod    yes    yes      yes
ban-network       hello  mod    in     mod    op     yes      yes
unban             hello  mod    in     mod    yes    yes      yes
mute              hello  mod    in     mod    yes    yes      yes
unmute            hello  mod    in     mod    yes    yes      yes
slow              hello  mod    in     mod    yes    yes      yes
who               hello  yes    in     yes    yes    yes      in
history           hello  yes    in     yes    yes    yes      in
search            hello  yes    in     yes    yes    yes      in
"""
_PRIVATE = """
                  nobody guest  owner  member maker  operator outside
join              hello  yes    name   yes    yes    yes      name
say               hello  yes    in     yes    yes    yes      in
topic             hello  yes    in     yes    yes    yes      in
edit              hello  yes    in     yes    yes    yes      in
edit-other's      hello  own    in     own    own    own      in
delete            hello  yes    in     yes    yes    yes      in
delete-other's    hello  own    in     own    yes    yes      in
react             hello  yes    in     yes    yes    yes      in
mark-read         hello  yes    in     yes    yes    yes      in
set-level         hello  yes    in     yes    yes    yes      in
typing            hello  yes    in     yes    yes    yes      in
leave             hello  yes    in     yes    yes    yes      in
invite            hello  yes    in     yes    yes    yes      in
remove            hello  own    in     own    yes    yes      in
kick              hello  mod    in     mod    yes    yes      in
ban               hello  mod    in     mod    yes    yes      in
ban-network       hello  mod    in     mod    op     yes      in
unban             hello  mod    in     mod    yes    yes      in
mute              hello  mod    in     mod    yes    yes      in
unmute            hello  mod    in     mod    yes    yes      in
slow              hello  mod    in     mod    yes    yes      in
who               hello  yes    in     yes    yes    yes      in
history           hello  yes    in     yes    yes    yes      in
search            hello  yes    in     yes    yes    yes      in
"""
_GENERAL = """
                  nobody guest  owner  member maker  operator outside
join              hello  yes    yes    yes    yes    yes      yes
say               hello  yes    yes    yes    yes    yes      yes
topic             hello  yes    yes    yes    yes    yes      yes
edit              hello  yes    yes    yes    yes    yes      yes
edit-other's      hello  own    own    own    own    own      own
delete            hello  yes    yes    yes    yes    yes      yes
delete-other's    hello  own    own    own    own    yes      yes
react             hello  yes    yes    yes    yes    yes      yes
mark-read         hello  yes    yes    yes    yes    yes      yes
set-level         hello  yes    yes    yes    yes    yes      yes
typing            hello  yes    yes    yes    yes    yes      yes
leave             hello  stay   stay   stay   stay   stay     stay
invite            hello  public public public public public   public
remove            hello  own    own    own    own    stay     stay
kick              hello  mod    mod    mod    mod    yes      yes
ban               hello  mod    mod    mod    mod    yes      yes
ban-network       hello  mod    mod    mod    mod    yes      yes
unban             hello  mod    mod    mod    mod    yes      yes
mute              hello  mod    mod    mod    mod    yes      yes
unmute            hello  mod    mod    mod    mod    yes      yes
slow              hello  mod    mod    mod    mod    yes      yes
who               hello  yes    yes    yes    yes    yes      yes
history           hello  yes    yes    yes    yes    yes      yes
search            hello  yes    yes    yes    yes    yes      yes
"""

Table = dict[str, dict[str, Code | None]]
"""By row and column, how it is refused, None for not at all."""


def _read(text: str) -> Table:
    head, *rows = (line.split() for line in text.strip().splitlines())
    return {name: dict(zip(head, (CELLS[cell] for cell in cells), strict=True)) for name, *cells in rows}


TABLES = {kind: _read(text) for kind, text in (
    ("anywhere", _ANYWHERE), ("public", _PUBLIC), ("private", _PRIVATE), ("general", _GENERAL)
)}  # fmt: skip
"""Of what is about no room; of a public room; of a private one; of the one in which everyone is."""

_ids = map(str, count(1))

ROWS: dict[str, Callable[[str], Request | Quit]] = {
    "hello": lambda _: Hello("somebody"),
    "prove": lambda _: Prove("00"),
    "unlock": lambda _: Unlock("open"),
    "ping": lambda _: Ping(),
    "salir": lambda _: Quit(),
    "rename": lambda _: Rename("renamed"),
    "make-private": lambda _: MakePrivate("plan"),
    "rooms": lambda _: Rooms(),
    "mentions": lambda _: Mentions(),
    "set-presence": lambda _: SetPresence("active"),
    "whois": lambda _: Whois(VICTIM),
    "say-to-nick": lambda _: Say("@leo", "hola", next(_ids)),
    "audit": lambda _: Audit(),
    "free": lambda _: Free("nobodys"),
    "devices": lambda _: Devices(),
    "link-device": lambda _: LinkDevice(NEVER, "laptop", "00"),
    "revoke-device": lambda _: RevokeDevice(NEVER),
    "join": Join,
    "say": lambda room: Say(room, "hola", next(_ids)),
    "topic": lambda room: Say(room, "what it is about", next(_ids), "topic"),
    "edit": lambda room: Edit(room, f"hola {next(_ids)}"),
    "edit-other's": lambda room: Edit(room, "hola"),
    "delete": Delete,
    "delete-other's": lambda room: Delete(room, nick=VICTIM),
    "react": lambda room: React(room, "heart"),
    "mark-read": lambda room: MarkRead(room, 1),
    "set-level": lambda room: SetLevel(room, "all"),
    "typing": Typing,
    "leave": Leave,
    "invite": lambda room: Invite(room, VICTIM),
    "remove": lambda room: Remove(room, VICTIM),
    "kick": lambda room: Kick(room, VICTIM),
    "ban": lambda room: Ban(room, NEVER),
    "ban-network": lambda room: Ban(room, "192.0.2.0/24"),
    "unban": lambda room: Unban(room, NEVER),
    "mute": lambda room: Mute(room, NEVER),
    "unmute": lambda room: Unmute(room, NEVER),
    "slow": lambda room: Slow(room, 0),
    "who": Who,
    "history": History,
    "search": lambda room: Search(room, "hola"),
}
"""What each row asks for, in a room."""

BEFORE: dict[str, Callable[[str], Request]] = {
    "unban": lambda room: Ban(room, NEVER),
    "unmute": lambda room: Mute(room, NEVER),
}
"""What an operator has to have done for it to make sense."""

COLUMNS = {"guest": "gus", "owner": "eva", "member": "luis", "maker": "mia", "operator": "ana", "outside": "oto"}
"""Who stands in each column but that of nobody."""

INSIDE = ("guest", "member", "maker", "operator")
"""Those who are in the room."""

OWN_MESSAGE = frozenset(["edit", "delete", "react"])
OTHERS_MESSAGE = frozenset(["edit-other's", "delete-other's"])
NEEDS_VICTIM = frozenset(["remove", "kick", *OTHERS_MESSAGE])
"""What needs a message of whoever asks, a message of somebody else, and somebody else at all."""
