"""The log behaves like a list, whatever is done to it, and in whatever order."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chatapp.protocol.errors import IdReused
from chatapp.protocol.events import Said
from chatapp.server.storage import schema
from chatapp.server.storage.reader import Reader
from chatapp.server.storage.records import Appended, Outcome, Post
from chatapp.server.storage.writer import Writer
from tests.server.storage.logs import post

_ROOMS = st.sampled_from(["#general", "#Año"])
_POSTS = st.builds(
    post,
    st.sampled_from(["a", "é\n", "\U0001f389"]),
    st.sampled_from("123456"),
    room=_ROOMS,
    nick=st.sampled_from(["ana", "Luis"]),
    author=st.sampled_from(["k1", "k2"]),
    at=st.integers(0, 2**40).map(lambda at: at / 2**8),
)
_SEQS = st.integers(0, 30)
_LIMITS = st.integers(1, 8)


class LogAndList(RuleBasedStateMachine):
    """A log, and beside it a list of what must be in it."""

    @initialize()
    def create(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "chat.db"
        schema.create(self.file)
        self.said: list[Said] = []
        self.first: dict[tuple[str, str], Said] = {}
        self._open()

    def _open(self) -> None:
        self.writer, self.reader = Writer(self.file), Reader(self.file)

    @rule(posts=st.lists(_POSTS, max_size=6))
    def append(self, posts: list[Post]) -> None:
        for each, outcome in zip(posts, self.writer.append(posts), strict=True):
            self._compare(each, outcome)

    def _compare(self, each: Post, outcome: Outcome) -> None:
        first = self.first.get((each.author, each.say.id))
        if first is None:
            assert isinstance(outcome, Appended)
            assert outcome.is_new
            self._add(each, outcome.said)
        elif (first.room, first.text) == (each.say.room, each.say.text):
            assert outcome == Appended(first, is_new=False)
        else:
            assert isinstance(outcome, IdReused)

    def _add(self, each: Post, said: Said) -> None:
        assert (said.nick, said.room, said.text) == (each.nick, each.say.room, each.say.text)
        assert not self.said or said.seq > self.said[-1].seq
        self.said.append(said)
        self.first[each.author, each.say.id] = said

    @rule()
    def reopen(self) -> None:
        self.reader.close()
        self.writer.close()
        self._open()

    @rule(room=_ROOMS, seq=_SEQS, limit=_LIMITS)
    def read(self, room: str, seq: int, limit: int) -> None:
        all_of_it = [said for said in self.said if said.room == room]
        older = [said for said in all_of_it if said.seq < seq]
        newer = [said for said in all_of_it if said.seq > seq]
        assert self.reader.before(room, seq, limit) == older[-limit:]
        assert self.reader.before(room, None, limit) == all_of_it[-limit:]
        assert self.reader.after(room, seq, limit) == newer[:limit]

    @invariant()
    def knows_the_last(self) -> None:
        if self.said:
            assert self.writer.last_seq == self.said[-1].seq

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.reader.close()
            self.writer.close()
            self.folder.cleanup()


TestLogAndList = LogAndList.TestCase
TestLogAndList.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
