"""What is read out of the log for one session, beside the road of the messages."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from chatapp.protocol import limits
from chatapp.protocol.errors import BadQuery, Busy, LogUnreadable, NotInRoom, TooFast
from chatapp.protocol.events import AuditPage, Counted, Entered, Event, Found, HistoryPage, RoomInfo, RoomList, Said
from chatapp.protocol.mentions import HERE
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import History, Mentions, Search
from chatapp.server.deeds import told_deed
from chatapp.server.refusal import explain_store
from chatapp.server.storage.errors import BadQuery as StoreBadQuery
from chatapp.server.storage.errors import StoreError
from chatapp.server.storage.records import RoomFacts
from chatapp.server.store import Store
from chatapp.server.tolls import Price, Toll, page_price

if TYPE_CHECKING:
    from chatapp.server.session import Session

_log = logging.getLogger(__name__)

_MOST_WAITING = 16
"""So many questions of one session may wait for their answers."""

_SEARCH_PAGES = 2.0
"""A page that is searched for costs as much as so many that are read."""

_MOST_SEQ = 2**63 - 1

_PART_BYTES = 32 * 1024
"""About so much of a replay is written at once."""


class Reads:
    """Reads for many sessions at once; each session's answers come in the order of its questions."""

    def __init__(self, store: Store, toll: Toll | None) -> None:
        self._store = store
        self._toll = toll
        self._tasks: dict[Session, list[asyncio.Task[None]]] = {}
        self._uncounted: dict[Session, dict[str, int]] = {}
        """The rooms that are to be counted for each session, and up to which `seq`."""

    def history(self, request: History, session: "Session", last: int) -> None:
        """Answer with a page of what was said up to `last`; what comes after it is told. Raises Busy."""
        self._start(session, self._page(request, session, last), page_price(_page_size(request.limit)))

    def search(self, request: Search, session: "Session") -> None:
        """Answer with what is found, or with BadQuery. Raises Busy."""
        self._start(session, self._find(request, session), _search_price(request))

    def mentions(self, request: Mentions, session: "Session", nick: str) -> None:
        """Answer with the messages that mention whoever is called `nick`. Raises Busy."""
        self._start(session, self._find_mentions(request, session, nick), _search_price(request))

    def audit(self, limit: int, session: "Session") -> None:
        """Answer with the newest deeds of those who moderate. Raises Busy."""
        self._start(session, self._list_deeds(limit, session), page_price(limit))

    def count(self, session: "Session", nick: str, rooms: Iterable[str], last: int) -> None:
        """Tell what whoever is called `nick` has not read in each of `rooms`, up to `last`; of each once at a time."""
        uncounted = self._uncounted.setdefault(session, {})
        is_due = bool(uncounted)
        uncounted.update(dict.fromkeys(rooms, last))
        if not is_due:
            self._queue(session, self._count(session, nick))

    def rooms(self, session: "Session", counts: Mapping[str, int], facts: Callable[[str], RoomFacts]) -> None:
        """Answer with the rooms that there are: those of `counts`, with so many people, and the public ones of the log.

        Raises Busy.
        """
        self._start(session, self._list_rooms(session, counts, facts), page_price(0))

    def catch_up(
        self, session: "Session", entered: Iterable[Entered], rooms: Collection[str], seen: int, last: int
    ) -> None:
        """Send `entered`, and the messages of `rooms` after `seen` up to `last`; what is said meanwhile waits."""
        session.hold()
        self._queue(session, self._replay(session, entered, rooms, seen, last))

    def when_done(self, session: "Session", callback: Callable[[], None]) -> None:
        """Call `callback` when all that `session` asked for is answered, now if it is."""
        if tasks := self._tasks.get(session):
            tasks[-1].add_done_callback(lambda _: callback())
        else:
            callback()

    def forget(self, session: "Session") -> None:
        """Read nothing more for a session that is gone."""
        self._uncounted.pop(session, None)
        for task in self._tasks.pop(session, ()):
            task.cancel()

    def cancel_all(self) -> None:
        """Read nothing more, for anyone."""
        for session in tuple(self._tasks):
            self.forget(session)

    def _start(self, session: "Session", work: Coroutine[Any, Any, None], price: Price) -> None:
        if len(self._tasks.get(session, ())) >= _MOST_WAITING:
            work.close()
            raise Busy(limit=_MOST_WAITING)
        self._queue(session, work, price)

    def _queue(self, session: "Session", work: Coroutine[Any, Any, None], price: Price | None = None) -> None:
        tasks = self._tasks.setdefault(session, [])
        before = tasks[-1] if tasks else None
        tasks.append(asyncio.create_task(self._in_turn(session, before, work, price)))

    async def _in_turn(
        self,
        session: "Session",
        before: "asyncio.Task[None] | None",
        work: Coroutine[Any, Any, None],
        price: Price | None,
    ) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            if price is not None:
                await self._pay(session, price)
            await work
        except StoreError as error:
            _log.error(explain_store(error))
            session.refuse(LogUnreadable())
        except NotInRoom as error:
            session.refuse(error)
        finally:
            work.close()
            if (tasks := self._tasks.get(session)) is not None:
                tasks.pop(0)
                if not tasks:
                    del self._tasks[session]

    async def _pay(self, session: "Session", price: Price) -> None:
        """Wait until the session can pay: what is asked for faster than that is answered later."""
        loop = asyncio.get_running_loop()
        while self._toll is not None:
            try:
                self._toll.pay(session.account, session.place, price, loop.time())
                break
            except TooFast as error:
                await asyncio.sleep(error.retry_after or 0)

    async def _page(self, request: History, session: "Session", last: int) -> None:
        _check_readable(request.room, session)
        limit = _page_size(request.limit)
        if request.after is None:
            before = last + 1 if request.before is None else min(max(request.before, 0), last + 1)
            found = await self._store.before(request.room, before, limit + 1)
            page = _newest_that_fit(found[-limit:])
        else:
            after = min(max(request.after, 0), last)
            found = [said for said in await self._store.after(request.room, after, limit + 1) if said.seq <= last]
            page = _first_that_fit(found[:limit])
        _check_readable(request.room, session)
        session.send(HistoryPage(request.room, page, len(page) < len(found), request.before, request.after))

    async def _find(self, request: Search, session: "Session") -> None:
        limit = _page_size(request.limit)
        try:
            before = _bound(request.before)
            found = await self._store.search(request.query, [request.room], before, limit + 1)
        except StoreBadQuery as error:
            session.refuse(BadQuery(error.term))
            return
        page = _first_that_fit(found[:limit])
        _check_readable(request.room, session)
        session.send(Found(request.room, request.query, page, has_more=len(page) < len(found)))

    async def _find_mentions(self, request: Mentions, session: "Session", nick: str) -> None:
        limit = _page_size(request.limit)
        names = (name_key(nick), HERE)
        found = await self._store.mentions(names, session.rooms, _bound(request.before), limit + 1)
        found = [said for said in found if session.may_read(said.room)]
        page = _first_that_fit(found[:limit])
        session.send(Found("", f"@{nick}", page, has_more=len(page) < len(found)))

    async def _list_deeds(self, limit: int, session: "Session") -> None:
        rows = await self._store.audit(_page_size(limit))
        session.send(AuditPage([told_deed(row) for row in rows]))

    async def _count(self, session: "Session", nick: str) -> None:
        uncounted = self._uncounted.pop(session, {})
        last = max(uncounted.values(), default=0)
        counts = await self._store.count(session.account, (name_key(nick), HERE), list(uncounted), last)
        for count in counts:
            session.send(Counted(count.room, last, count.read, count.unread, count.mentions, count.level))

    async def _list_rooms(
        self, session: "Session", counts: Mapping[str, int], facts: Callable[[str], RoomFacts]
    ) -> None:
        spoken = dict(await self._store.rooms(limits.ROOMS_LISTED))
        names = [*spoken, *(room for room in counts if room not in spoken)][: limits.ROOMS_LISTED]
        session.send(RoomList([_info(room, counts, spoken, facts(room)) for room in names]))

    async def _replay(
        self, session: "Session", entered: Iterable[Entered], rooms: Collection[str], seen: int, last: int
    ) -> None:
        """Send all that was missed, and then what was held. If it can't be read the peer is cut: it comes back."""
        try:
            await _send_parts(session, entered)
            while seen < last and (messages := await self._store.between(rooms, seen, last, limits.PAGE_MESSAGES)):
                await _send_parts(session, [event for event in messages if session.may_read(event.room)])
                seen = messages[-1].seq
        except StoreError:
            session.abort()
            raise
        session.release()


def _info(room: str, counts: Mapping[str, int], spoken: Mapping[str, float], facts: RoomFacts) -> RoomInfo:
    return RoomInfo(room, counts.get(room, 0), spoken.get(room, 0), facts.title, facts.topic)


def _check_readable(room: str, session: "Session") -> None:
    """Raises NotInRoom for one who was taken out of a private room while it was read."""
    if not session.may_read(room):
        raise NotInRoom(room)


def _bound(before: int | None) -> int | None:
    """Return `before` as a number that the log can compare with."""
    return None if before is None else min(max(before, 0), _MOST_SEQ)


def _search_price(request: Search | Mentions) -> Price:
    return page_price(_page_size(request.limit), _SEARCH_PAGES)


def _page_size(limit: int) -> int:
    return min(max(limit, 1), limits.PAGE_MOST_MESSAGES)


async def _send_parts(session: "Session", events: Iterable[Event]) -> None:
    """Send `events` before all that is held, in parts, each when the one before is on its way."""
    for part in _parts(map(session.voice.encode, events)):
        session.catch_up(part)
        await session.drained()


def _parts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join `lines` to parts that fit an outbox, however they are spelt."""
    part = b""
    for line in lines:
        part += line
        if len(part) >= _PART_BYTES:
            yield part
            part = b""
    yield part


def _newest_that_fit(messages: list[Said]) -> list[Said]:
    """Return the last of `messages` whose texts, as JSON spells them, are within PAGE_BYTES, at least one."""
    return _first_that_fit(messages[::-1])[::-1]


def _first_that_fit(messages: list[Said]) -> list[Said]:
    """Return the first of `messages`, as `_newest_that_fit` the last."""
    size = 0
    for index, said in enumerate(messages):
        size += len(msgspec.json.encode(said.text)) - len(b'""')
        if size > limits.PAGE_BYTES and index > 0:
            return messages[:index]
    return messages
