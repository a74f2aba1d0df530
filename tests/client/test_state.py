"""What a client knows, as a fold: who is here, what is new, and what of its own is confirmed."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.events import (
    ClientEvent,
    Connecting,
    Disconnected,
    Hosting,
    Looked,
    Lost,
    NickWanted,
    Queued,
    Reason,
    Restarted,
    SecretWanted,
)
from chatapp.client.state import ChatState, Link
from chatapp.protocol.errors import Code
from chatapp.protocol.events import (
    Deleted,
    Edited,
    Entered,
    Error,
    Joined,
    Left,
    Members,
    Pong,
    Reacted,
    Renamed,
    Said,
    Welcomed,
)
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say

NICKS = st.sampled_from(["ana", "Ana", "ANA", "eva", "Eva", "leo"])
COMINGS_AND_GOINGS = st.one_of(
    st.builds(Joined, st.just(GENERAL), NICKS, st.just(0.0)),
    st.builds(Left, st.just(GENERAL), NICKS, st.just(0.0)),
    st.builds(Renamed, NICKS, NICKS, st.just(0.0)),
    st.builds(Members, st.just(GENERAL), st.lists(NICKS)),
    st.builds(Disconnected, st.just(Reason.LOST), st.just(0.0)),
)


def welcomed(nick: str = "ana", *others: str, log: str = "log", seq: int = 0) -> Welcomed:
    return Welcomed(nick, GENERAL, [nick, *others], log, seq, 1)


def said(seq: int, nick: str = "eva", text: str = "hola", message_id: str = "other") -> Said:
    return Said(seq, GENERAL, nick, text, 0.0, message_id)


def queued(message_id: str, text: str = "hola") -> Queued:
    return Queued(Say(GENERAL, text, message_id))


def error(message_id: str) -> Error:
    return Error("text-too-long", "", message_id)


def folded(*events: ClientEvent) -> ChatState:
    state = ChatState()
    for event in events:
        state.apply(event)
    return state


def here_after(events: Sequence[ClientEvent]) -> set[str]:
    """Return who is here by a simple model: a set of lower-case names."""
    here = {"ana"}
    for event in events:
        match event:
            case Joined(_, nick, _):
                here |= {nick.lower()}
            case Left(_, nick, _):
                here -= {nick.lower()}
            case Renamed(nick, to, _):
                here = here - {nick.lower()} | {to.lower()} if nick.lower() in here else here
            case Members(_, nicks):
                here = {nick.lower() for nick in nicks}
            case Disconnected():
                here = set()
    return here


@given(st.lists(COMINGS_AND_GOINGS))
def test_members_are_those_who_came_and_did_not_go(events: list[ClientEvent]) -> None:
    """Whatever comes, in any order and any case: the members are those of a simple model, each once."""
    members = folded(welcomed(), *events).members
    assert set(members) == here_after(events)
    assert all(nick.lower() == key for key, nick in members.items())


ROOMS = st.sampled_from([GENERAL, "#ops", "#dev"])
KINDS = st.sampled_from(["text", "action", "topic", "removed"])
MOVES = st.one_of(
    st.builds(Entered, ROOMS, st.just(["ana"]), st.integers(0, 9)),
    st.builds(Left, ROOMS, NICKS, st.just(0.0)),
    st.builds(Looked, ROOMS),
    st.builds(Lost, ROOMS),
    st.builds(Restarted, ROOMS, st.integers(0, 9)),
    st.builds(Said, st.integers(1, 9), ROOMS, NICKS, st.just("hola"), st.just(0.0), st.just("other"), KINDS),
    st.builds(Edited, st.integers(1, 9), ROOMS, st.just(1), st.just("hola"), NICKS, st.just(0.0)),
    st.builds(Deleted, st.integers(1, 9), ROOMS, st.just(1), NICKS, st.just(0.0)),
    st.builds(Reacted, st.integers(1, 9), ROOMS, st.just(1), st.just("+1"), NICKS, st.just(0.0)),
)

NONE = frozenset[int]()


class Elsewhere:
    """The rooms by a simple model: the last seq that was heard of each, and those that are unread."""

    def __init__(self) -> None:
        self.here = GENERAL
        self.before: list[str] = []
        self.rooms: dict[str, tuple[int, frozenset[int]]] = {GENERAL: (0, NONE)}

    def follow(self, event: ClientEvent) -> None:
        match event:
            case Entered(room, _, seq):
                self.rooms.setdefault(room, (seq, NONE))
            case Lost(room):
                self._leave(room)
            case Left(room, nick) if nick.lower() == "ana":
                self._leave(room)
            case Looked(room) if room in self.rooms:
                self._look_at(room)
            case Restarted(room, seq) if room in self.rooms:
                self.rooms[room] = seq, NONE
            case Said(seq, room, nick, kind=kind) if room in self.rooms and seq > self.rooms[room][0]:
                is_unread = nick.lower() != "ana" and room != self.here and kind in ("text", "action")
                self.rooms[room] = seq, self.rooms[room][1] | ({seq} if is_unread else NONE)
            case Edited(seq, room) | Deleted(seq, room) | Reacted(seq, room) if room in self.rooms:
                self.rooms[room] = max(seq, self.rooms[room][0]), self.rooms[room][1]

    def _leave(self, room: str) -> None:
        if room == GENERAL or room not in self.rooms:
            return
        del self.rooms[room]
        self.before = [each for each in self.before if each != room]
        if room == self.here:
            self.here = self.before.pop() if self.before else GENERAL
            self._read()

    def _look_at(self, room: str) -> None:
        if room != self.here:
            self.before = [each for each in [*self.before, self.here] if each != room]
        self.here = room
        self._read()

    def _read(self) -> None:
        room = self.here
        self.rooms[room] = self.rooms[room][0], NONE


@given(st.lists(MOVES))
def test_rooms_are_those_entered_and_not_left(events: list[ClientEvent]) -> None:
    """Whatever comes, in any order: the rooms, the one looked at and what is unread are those of a simple model."""
    state, model = folded(welcomed()), Elsewhere()
    for event in events:
        state.apply(event)
        model.follow(event)
        for name, (last, unread) in model.rooms.items():
            assert (state.rooms[name].last_seq, state.rooms[name].unread) == (last, len(unread))
        assert list(state.rooms) == list(model.rooms)
        assert state.room == model.here in state.rooms
        assert state.rooms[state.room].unread == 0


@given(st.lists(st.integers(1, 9)))
def test_each_message_is_news_once(seqs: list[int]) -> None:
    """However messages repeat, one is news if it is newer than all that came before, and never twice."""
    state, shown = folded(welcomed()), list[int]()
    for seq in seqs:
        if state.is_news(said(seq)):
            shown.append(seq)
        state.apply(said(seq))
    assert shown == sorted(set(shown))
    assert (shown or [0])[-1] == state.last_seq == max(seqs, default=0)


def test_a_change_is_news_once_and_is_in_the_order_of_messages() -> None:
    """An edit, a deletion or a reaction counts for what was seen, as a message does."""
    state = folded(welcomed(), said(3))
    changes: list[Edited | Reacted | Deleted] = [
        Edited(4, GENERAL, 3, "adiós", "eva", 0.0),
        Reacted(5, GENERAL, 3, "+1", "leo", 0.0),
        Deleted(6, GENERAL, 3, "eva", 0.0),
    ]
    for change in changes:
        assert state.is_news(change)
        state.apply(change)
        assert not state.is_news(change)
        assert state.last_seq == state.here.last_seq == change.seq
    assert not state.is_news(said(5))
    elsewhere = Edited(9, "#elsewhere", 3, "", "eva", 0.0)
    assert not state.is_news(elsewhere)
    state.apply(elsewhere)
    assert (state.last_seq, state.here.last_seq) == (9, 6)


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(["queue", "say", "refuse"]))))
def test_pending_is_what_was_neither_confirmed_nor_refused(steps: list[tuple[str, str]]) -> None:
    """A message is pending from its queuing until our own Said or an Error names its id."""
    state, pending = folded(welcomed()), set[str]()
    for seq, (message_id, step) in enumerate(steps, 1):
        events: dict[str, ClientEvent] = {
            "queue": queued(message_id),
            "say": said(seq, "ANA", message_id=message_id),
            "refuse": error(message_id),
        }
        state.apply(events[step])
        pending = pending | {message_id} if step == "queue" else pending - {message_id}
        assert set(state.pending) == pending


def test_want_of_room_ends_no_waiting() -> None:
    """A message for which the server has no room pends on, which is news once; then it is said, or refused for good."""
    no_room = Error(Code.STORAGE_FULL, "", "1")
    waiting = folded(welcomed(), queued("1"), queued("2"))
    assert waiting.is_news(no_room)
    for end in (said(1, "ana", message_id="1"), error("1")):
        state = folded(welcomed(), queued("1"), queued("2"), no_room, no_room)
        assert (list(state.pending), state.unkept, state.is_news(no_room)) == (["1", "2"], {"1"}, False)
        state.apply(end)
        assert (list(state.pending), state.unkept) == (["2"], set())


def test_want_of_room_for_what_is_not_ours_changes_nothing() -> None:
    """A refusal whose id waits for nothing is shown each time."""
    no_room = Error(Code.STORAGE_FULL, "", "other")
    state = folded(welcomed(), queued("1"), no_room)
    assert (list(state.pending), state.unkept, state.is_news(no_room)) == (["1"], set(), True)


def test_pending_messages_keep_their_order() -> None:
    """What was typed first stands first, also when it is queued again after a reconnect."""
    state = folded(welcomed(), queued("1"), queued("2"), queued("3"), queued("1"))
    assert list(state.pending) == ["1", "2", "3"]


def test_anothers_message_with_our_id_confirms_nothing() -> None:
    """Ids are the authors' own: somebody else's Said with an id that we wait for is just a message."""
    state = folded(welcomed(), queued("1"), said(1, "eva", message_id="1"))
    assert list(state.pending) == ["1"]
    assert not state.is_news(said(1, "eva", message_id="1"))


def test_a_late_confirmation_is_no_news() -> None:
    """What is behind was shown, live or as history: it confirms what waits, and is not shown again."""
    state = folded(welcomed(), queued("1"), said(5))
    assert not state.is_news(said(3, "ana", message_id="1"))
    state.apply(said(3, "ana", message_id="1"))
    assert (state.pending, state.last_seq) == ({}, 5)


def test_the_same_log_goes_on_and_another_starts_anew() -> None:
    """Back on the same log, what was seen stays seen; a new log counts for itself, from where it stands."""
    before: list[ClientEvent] = [welcomed(seq=4), said(7), Disconnected(Reason.LOST, 0)]
    again = folded(*before, welcomed(seq=9))
    assert (again.last_seq, again.is_news(said(7)), again.is_news(said(8))) == (7, False, True)
    other = folded(*before, welcomed(log="another", seq=2))
    assert (other.last_seq, other.is_news(said(3))) == (2, True)


def test_a_rename_changes_who_we_are_only_if_it_is_ours() -> None:
    """Our nick follows our own rename, written in any case, and nobody else's."""
    state = folded(welcomed("ana", "eva"), Renamed("eva", "leo", 0))
    assert (state.nick, sorted(state.members)) == ("ana", ["ana", "leo"])
    state.apply(Renamed("ANA", "Anita", 0))
    assert (state.nick, sorted(state.members.values())) == ("Anita", ["Anita", "leo"])


def test_the_link_follows_what_happens() -> None:
    """From asking for a nick, and what opens the door, to being online, and back offline with nobody here."""
    state, links = ChatState(), list[Link]()
    wanted = SecretWanted(Error(Code.PASSWORD_REQUIRED, "asked"))
    for event in (NickWanted(None), wanted, Connecting("h", 1), welcomed(), Disconnected(Reason.LOST, 1)):
        state.apply(event)
        links.append(state.link)
    assert links == [Link.NICK_WANTED, Link.SECRET_WANTED, Link.CONNECTING, Link.ONLINE, Link.OFFLINE]
    assert state.members == {}


def test_what_is_no_message_is_always_news_and_may_change_nothing() -> None:
    """A pong is shown each time and is not remembered; that this process hosts is."""
    state = folded(welcomed())
    assert state.is_news(Pong())
    state.apply(Pong())
    assert state == folded(welcomed())
    state.apply(Hosting("h", 1))
    assert state.hosting
