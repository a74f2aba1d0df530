"""The log behaves like lists in memory, whatever is said, edited, deleted, reacted to, read and ended, and whenever."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from unittest.mock import patch

import apsw
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chatapp.protocol.errors import ProtocolError
from chatapp.server.storage import schema
from chatapp.server.storage.errors import StorageFull
from chatapp.server.storage.reader import Reader
from chatapp.server.storage.records import Outcome
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME
from chatapp.server.storage.upkeep import check
from chatapp.server.storage.writer import Writer
from tests.server.storage.logs import NOON
from tests.server.storage.model import Model
from tests.server.storage.scripts import KEYS, NAMES, ROOMS, batch

_STEPS = 30


def plain(outcomes: Sequence[Outcome]) -> list[object]:
    """Return what can be compared: errors are compared by what they say."""
    return [(type(one), str(one), one.limit) if isinstance(one, ProtocolError) else one for one in outcomes]


class LogAndModel:
    """A log in `folder`, beside it what must be in it, and what may be done to both."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._random = random
        self._file = folder / FILE_NAME
        self._model = Model()
        schema.create(self._file)
        self._open()

    def _open(self) -> None:
        self._writer, self._reader = Writer(self._file), Reader(self._file)

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
        assert check(self._file) == []

    def step(self) -> None:
        often, seldom = (self.append, self.read), (self.fail, self.prune, self.reopen, self.start_anew, self.recover)
        self._random.choice((*often * 4, *seldom))()
        self.compare()

    def append(self) -> None:
        records = batch(self._random, self._model)
        assert plain(self._writer.append(records)) == plain(self._model.put(records)), records

    def fail(self) -> None:
        """Let there be no room at the end of a transaction."""
        full = patch.object(self._writer, "_write_owners", side_effect=apsw.FullError)
        with full, pytest.raises(StorageFull):
            self._writer.append(batch(self._random, self._model))

    def prune(self) -> None:
        keep = self._random.randrange(60)
        self._writer.prune(None, keep, NOON)
        self._model.prune(keep)

    def reopen(self) -> None:
        self.close()
        self._open()
        self._compare_facts()

    def start_anew(self) -> None:
        """As a server does, whose guests are gone."""
        self.close()
        self._open()
        self._writer.end_rooms_of_guests()
        self._model.end("@:g1")
        self._compare_facts()

    def recover(self) -> None:
        self.close()
        target = self._file.with_name(f"{self._file.name}.recovered")
        assert recover(self._file, target) == len(self._model.messages)
        self._file = target
        assert check(self._file) == []
        self._model.recover()
        self._open()
        self._compare_facts()

    def _compare_facts(self) -> None:
        """Find what the model has, but conversations with guests: nobody is let into those again."""
        assert self._writer.made == {room: facts for room, facts in self._model.rooms.items() if room != "@:g1"}
        members = {(key, room) for key, rooms in self._writer.rooms_of.items() for room in rooms}
        assert members == {(key, room) for key, room in self._model.members if room != "@:g1"}

    def read(self) -> None:
        """Read pages, which begin anywhere and are small."""
        model, random = self._model, self._random
        rooms, limit = random.sample(ROOMS, random.randrange(len(ROOMS) + 1)), random.randrange(1, 7)
        seq, last = random.randrange(model.last_seq + 2), random.randrange(model.last_seq + 2)
        assert self._reader.between(rooms, seq, last, limit) == model.told(rooms, seq, last)[:limit]
        those = [one.said for one in model.mentioning(NAMES, rooms) if one.seq < seq]
        assert self._reader.mentions(NAMES, rooms, seq, limit) == those[:limit]
        for key in KEYS:
            counts = [model.count(key, NAMES[:limit], room, last) for room in ROOMS]
            assert self._reader.count(key, NAMES[:limit], ROOMS, last) == counts

    def compare(self) -> None:
        model = self._model
        assert self._writer.last_seq == model.last_seq
        assert self._reader.between(ROOMS, 0, model.last_seq, 1000) == model.told(ROOMS, 0, model.last_seq)
        for room in ROOMS:
            assert self._reader.before(room, None, 1000) == [one.said for one in model.of_room(room)]
        found = [one.said for room in ROOMS for one in model.of_room(room) if "uno" in one.text]
        assert self._reader.search("uno", ROOMS, None, 1000) == sorted(found, key=lambda said: -said.seq)


def compare(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = LogAndModel(Path(folder), Random(seed))
        for _ in range(_STEPS):
            both.step()
        both.close()


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(0, 2**32))
def test_log_and_model(seed: int) -> None:
    """Also across restarts, recoveries, and transactions that fail."""
    compare(seed)


@pytest.mark.campaign
@settings(max_examples=3000, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(0, 2**32))
@pytest.mark.timeout(1800)
def test_log_and_model_for_long(seed: int) -> None:
    compare(seed)
