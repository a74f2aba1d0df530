"""What is unread, as it is counted by the server and by the client after it: never more, and never less."""

from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.events import ClientEvent, Looked, Read
from chatapp.client.state import ChatState
from chatapp.client.unread import Unread
from chatapp.protocol import limits
from chatapp.protocol.events import Counted, Edited, Entered, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Kind

OPS = "#ops"

TEXTS = st.sampled_from(["hola", "@Ana: hola", "@here, hola", "@eva"])
KINDS = st.sampled_from(["text", "action", "topic", "invited"])
STEPS = st.one_of(
    st.tuples(st.just("said"), st.sampled_from(["ana", "eva"]), TEXTS, KINDS),
    st.just(("edited",)),
    st.just(("looked",)),
    st.just(("read",)),
    st.tuples(st.just("counted"), st.integers(0, 3), st.integers(0, 9)),
)


class Truth:
    """A room that one doesn't look at, by a simple model: sets of seqs; `steps` make the events that tell of it."""

    def __init__(self) -> None:
        self.seq = 0
        self.others = set[int]()
        """What others said."""
        self.mentions = set[int]()
        self.unread = set[int]()
        self.read_here = 0
        self.counted_to = 0

    def said(self, nick: str, text: str, kind: Kind) -> list[ClientEvent]:
        self.seq += 1
        if nick != "ana" and kind in ("text", "action"):
            self.others.add(self.seq)
            self.unread.add(self.seq)
            self.mentions |= {self.seq} if text.lower().startswith(("@ana", "@here")) else set()
        return [Said(self.seq, OPS, nick, text, 0.0, "other", kind)] * 2

    def edited(self) -> list[ClientEvent]:
        self.seq += 1
        return [Edited(self.seq, OPS, 1, "@ana", "eva", 0.0)]

    def looked(self) -> list[ClientEvent]:
        self.unread.clear()
        return [Looked(OPS), Looked(GENERAL)]

    def read(self) -> list[ClientEvent]:
        self.unread.clear()
        self.read_here = self.seq
        return [Read(OPS)]

    def counted(self, late: int, read: int) -> list[ClientEvent]:
        """Count, as a server that has said more since; the later ones of what it read are what it knows as read."""
        self.counted_to = to = max(self.counted_to, self.seq - late)
        counted = {seq for seq in self.others if read < seq <= to}
        if not read < self.read_here == self.seq:
            self.unread = counted | {seq for seq in self.unread if seq > to}
        return [Counted(OPS, to, read, len(counted), len(counted & self.mentions))]


@given(st.lists(STEPS))
def test_unread_is_what_others_said_and_one_has_not_read(steps: list[tuple[str, ...]]) -> None:
    """However messages, counts and readings follow one another: what is unread is the same set as by a simple model."""
    state, truth = ChatState(), Truth()
    for event in (Welcomed("ana", GENERAL, ["ana"], "log", 0, 1), Entered(OPS, ["ana"], 0)):
        state.apply(event)
    for name, *arguments in steps:
        for event in getattr(truth, name)(*arguments):
            state.apply(event)
        room = state.rooms[OPS]
        assert (room.unread, room.mentions) == (len(truth.unread), len(truth.unread & truth.mentions))


def test_a_count_says_how_far_was_read_and_what_one_wants_to_be_told() -> None:
    """Both are the room's from then on; counts of a room that one isn't in are passed over."""
    state, same = ChatState(), ChatState()
    state.apply(Counted(OPS, 9, 4, 2))
    assert state == same
    state.apply(Counted(GENERAL, 9, 4, 2, 1, "mentions"))
    assert (state.here.read, state.here.unread, state.here.mentions, state.here.level) == (4, 2, 1, "mentions")


def test_what_is_said_in_the_room_in_view_is_not_unread() -> None:
    """Only the server may count it, for a screen that is scrolled back."""
    state = ChatState()
    for event in (Welcomed("ana", GENERAL, ["ana"], "log", 0, 1), Said(1, GENERAL, "eva", "@ana", 0.0, "other")):
        state.apply(event)
    assert (state.here.unread, state.here.mentions) == (0, 0)
    state.apply(Counted(GENERAL, 1, 0, 1, 1))
    assert (state.here.unread, state.here.mentions) == (1, 1)


def test_a_count_that_comes_before_its_messages_counts_them_once() -> None:
    """What the server has counted is not counted again when it is heard."""
    unread = Unread()
    unread.count(5, 3, 1)
    for seq in (4, 5, 6):
        unread.hear(seq, is_mention=True)
    assert (unread.messages, unread.mentions) == (4, 2)


def test_nobody_counts_beyond_a_thousand() -> None:
    """However much is heard, no more than that is kept, and it is right again as soon as less is unread."""
    unread = Unread()
    for seq in range(1, 3 * limits.COUNTED):
        unread.hear(seq, is_mention=True)
        assert unread.messages == unread.mentions == min(seq, limits.COUNTED)
    unread.count(3 * limits.COUNTED - 10, limits.COUNTED, 0)
    assert (unread.messages, unread.mentions) == (limits.COUNTED, 9)
    unread.count(3 * limits.COUNTED - 5, 0, 0)
    assert (unread.messages, unread.mentions) == (4, 4)


def test_a_room_begun_anew_has_nothing_unread() -> None:
    """After a gap, or in another log, seqs may come again: what was counted before is of no matter."""
    state = ChatState()
    for event in (
        Welcomed("ana", GENERAL, ["ana"], "log", 90, 1),
        Entered(OPS, ["ana"], 90),
        Counted(OPS, 95, 80, 7, 2),
        Read(OPS),
        Welcomed("ana", GENERAL, ["ana"], "another", 3, 1),
        Said(4, OPS, "eva", "@ana", 0.0, "other"),
    ):
        state.apply(event)
    room = state.rooms[OPS]
    assert (room.unread, room.mentions, room.read, room.read_here) == (1, 1, 3, 0)
