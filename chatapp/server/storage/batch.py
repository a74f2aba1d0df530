"""The records of one transaction on their way into the log, in their order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

import apsw

from chatapp.protocol.errors import NickTaken
from chatapp.protocol.events import Reacted
from chatapp.server.storage.changes import make_change
from chatapp.server.storage.deeds import keep_deed
from chatapp.server.storage.devices import keep_device
from chatapp.server.storage.erasing import end_room
from chatapp.server.storage.owners import keep_seen
from chatapp.server.storage.places import keep_membership, keep_reading, make_room, set_topic
from chatapp.server.storage.posts import Posted, insert_posts, renew_repeats
from chatapp.server.storage.records import (
    Appended,
    Change,
    Changed,
    Claim,
    Claimed,
    Deed,
    Ending,
    Kept,
    Linking,
    Making,
    Membership,
    Outcome,
    Post,
    Reading,
    Record,
    Release,
    Revoking,
    Seen,
)
from chatapp.server.storage.times import day_of

_NUMBERED = frozenset([Post, Change])


class Batch:
    """What one transaction of `db` does, and what is so once it is committed; `granted` is what becomes of its claims.

    Posts and changes are numbered in one order, the changes after all posts that came before them. The posts go in at
    once: a change or a reading has a `seq` of its own, so that it is about what was said before it all the same. Only
    what comes after the end of a room has to wait for that.
    """

    def __init__(
        self, db: apsw.Connection, last_seq: int, last_day: int | None, granted: Iterator[Claimed | NickTaken | Kept]
    ) -> None:
        self._db = db
        self._granted = granted
        self._numbered = last_seq
        self.last_seq = last_seq
        """The last `seq` that something has."""
        self.last_day = last_day
        """The day of the last message."""
        self.has_endings = False
        self.removes_text = False
        """Whether there was a text that no byte is to be left of."""

    def put(self, records: Sequence[Record]) -> list[Outcome]:
        outcomes = list[Outcome]()
        for run in _runs(records) if Ending in set(map(type, records)) else (records,):
            outcomes += self._put_run(run)
        if self.has_endings:
            self._db.execute("UPDATE meta SET used = ?", (self.last_seq,))
        return outcomes

    def _put_run(self, run: Sequence[Record]) -> list[Outcome]:
        numbers = self._number(run)
        posts = [(seq, record) for seq, record in zip(numbers, run, strict=True) if isinstance(record, Post)]
        posted = insert_posts(self._db, posts)
        self._mark_days(posted.values())
        outcomes = [self._put_one(seq, record, posted) for seq, record in zip(numbers, run, strict=True)]
        return renew_repeats(self._db, outcomes)

    def _number(self, run: Sequence[Record]) -> Sequence[int]:
        """Return the `seq` that each record gets, if it is one that gets any."""
        before = self._numbered
        numbers = list(accumulate((type(record) in _NUMBERED for record in run), initial=before))[1:]
        self._numbered = numbers[-1] if numbers else before
        return numbers

    def _put_one(self, seq: int, record: Record, posted: Mapping[int, Posted]) -> Outcome:
        match record:
            case Post():
                return self._follow_post(record, posted[seq])
            case Change():
                return self._follow_change(make_change(self._db, seq, record))
            case Claim() | Release():
                return next(self._granted)
            case _:
                self._note(record)
                return Kept()

    def _mark_days(self, outcomes: Iterable[Posted]) -> None:
        """Keep where the day changes."""
        for outcome in outcomes:
            if isinstance(outcome, Appended) and outcome.is_new and (day := day_of(outcome.said.at)) != self.last_day:
                self._db.execute("INSERT INTO days VALUES (?, ?)", (outcome.said.seq, day))
                self.last_day = day

    def _follow_post(self, post: Post, outcome: Posted) -> Outcome:
        if isinstance(outcome, Appended) and outcome.is_new:
            self.last_seq = outcome.said.seq
            if post.say.kind == "topic":
                set_topic(self._db, post.say.room, post.say.text, post.at)
        return outcome

    def _follow_change(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Changed) and outcome.event is not None:
            self.last_seq = outcome.event.seq
            self.removes_text |= not isinstance(outcome.event, Reacted)
        return outcome

    def _note(self, record: Making | Membership | Reading | Ending | Deed | Seen | Linking | Revoking) -> None:
        match record:
            case Making():
                make_room(self._db, record)
            case Membership():
                keep_membership(self._db, record, self.last_seq)
            case Seen():
                keep_seen(self._db, record)
            case Linking() | Revoking():
                keep_device(self._db, record)
            case Reading():
                keep_reading(self._db, record, self.last_seq)
            case Deed():
                keep_deed(self._db, record)
            case Ending():
                end_room(self._db, record.room)
                self.has_endings = self.removes_text = True


def _runs(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Cut `records` after each end of a room."""
    run = list[Record]()
    for record in records:
        run.append(record)
        if isinstance(record, Ending):
            yield run
            run = []
    if run:
        yield run
