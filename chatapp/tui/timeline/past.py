"""What the timeline doesn't have of its room: it is asked for page by page, where one scrolls or goes to."""

import contextlib
from collections.abc import Callable, Iterable, Iterator

import msgspec

from chatapp.client.client import Client
from chatapp.protocol.errors import Offline, ProtocolError
from chatapp.protocol.events import HistoryPage, Said
from chatapp.protocol.requests import History
from chatapp.texts import tr
from chatapp.texts.errors import explain_error
from chatapp.tui.timeline.bounded import BoundedTimeline
from chatapp.tui.timeline.entries import Entry, Kind
from chatapp.tui.timeline.messages import entry_for_said


class _Sought(msgspec.Struct, frozen=True):
    """A place that is to be shown once the page `after` a `seq` is there, if that page has it."""

    after: int
    is_in: Callable[[HistoryPage], bool]
    show: Callable[[], object]
    missing: str = ""
    """What is said if it isn't there, "" for nothing."""


class Past:
    """Fills the `timeline` of `room` with what it doesn't have.

    `complain` is told, for a person, why something can't be shown.
    """

    def __init__(self, client: Client, room: str, timeline: BoundedTimeline, complain: Callable[[str], None]) -> None:
        self._client = client
        self._room = room
        self._timeline = timeline
        self._complain = complain
        self.forget()

    def forget(self) -> None:
        """Begin anew: the timeline is empty."""
        self._has_page = False
        self._first_ever: int | None = None
        """No message of the room has a smaller `seq`; None while it isn't known which."""
        self.stop_waiting()

    def stop_waiting(self) -> None:
        """Let go of what was asked for: no answer comes any more."""
        self._asked: dict[History, int] = {}
        """What is on its way, and which `seq` was the newest in the room when it was asked for."""
        self._sought: _Sought | None = None
        self._found: tuple[_Sought, float] | None = None
        """What is shown, but nothing yet of what is before it, and to which row the view was scrolled for that."""

    def ask(self) -> None:
        """Ask for one page more before the first, unless it is on its way. Raises what `Client.send` raises."""
        self._ask(History(self._room, before=self._timeline.first_seq))

    def ask_if_any(self) -> None:
        """Ask for one page more before the first if there is one and it can be asked for."""
        if self._has_older:
            with contextlib.suppress(Offline):
                self.ask()

    def ask_newer(self) -> None:
        """Ask for one page more behind the last, if the newest isn't there and it can be asked for."""
        last = self._timeline.last_seq
        if not self._timeline.has_newest and last is not None:
            with contextlib.suppress(ProtocolError):
                self._ask(History(self._room, after=last))

    def seek(self, seq: int) -> None:
        """Show the message `seq` in its context."""
        if self._timeline.go_to(seq):
            return
        try:
            self._seek(
                _Sought(
                    seq - 1,
                    lambda page: any(said.seq == seq for said in page.messages),
                    lambda: self._timeline.go_to(seq),
                    tr("That message is gone; it can't be shown in its place."),
                )
            )
        except ProtocolError as error:
            self._complain(explain_error(error))

    def go_to_first(self) -> None:
        """Show the first message ever; if that can't be asked for, the first that is there."""
        if self._has_older:
            with contextlib.suppress(ProtocolError):
                self._seek(_Sought(0, lambda page: page.messages != [], self._timeline.go_to_top))
                return
        self._timeline.go_to_top()

    def go_to_end(self) -> None:
        """Show the newest at once, whatever else was to be shown."""
        self._sought = self._found = None
        self._timeline.go_to_end()

    def go_to_unread(self) -> None:
        """Show the first unread message in its context, if there is one; if it can't be asked for, what is there."""
        after, upto = self._timeline.unread
        if after < upto and not self._reaches(after):
            with contextlib.suppress(ProtocolError):
                self._seek(_Sought(after, self._has_unread, self._timeline.go_to_unread))
                return
        self._timeline.go_to_unread()

    def take(self, page: HistoryPage) -> None:
        """Put `page` where it belongs, but for what is there already."""
        known = self._asked.pop(History(page.room, page.before, after=page.after), None)
        if page.before is None and page.after is None and known is None:
            self._do_without()
        if page.after is None:
            self._take_older(page)
            return
        upto = page.messages[-1].seq if page.messages else page.after
        if not page.has_more:
            upto = max(upto, known or 0)
        if self._sought is not None and page.after == self._sought.after:
            self._take_sought(page, self._sought, upto)
        elif (last := self._timeline.last_seq) is not None and page.after <= last:
            self._timeline.append(self._entries(said for said in page.messages if said.seq > last), upto)

    @property
    def _has_older(self) -> bool:
        return self._has_page and (self._first_ever is None or (self._timeline.first_seq or 0) > self._first_ever)

    def _ask(self, request: History) -> None:
        if request not in self._asked:
            self._client.send(request)
            room = self._client.state.rooms.get(self._room)
            self._asked[request] = 0 if room is None else room.last_seq

    def _seek(self, sought: _Sought) -> None:
        self._ask(History(self._room, after=sought.after))
        self._sought = sought

    def _do_without(self) -> None:
        """Show what can be shown of a server that does not say what a page is: it has none behind a message."""
        is_lost = any(request.after is not None for request in self._asked)
        sought = self._sought
        self.stop_waiting()
        if sought is not None:
            self._miss(sought)
        elif is_lost:
            self._timeline.go_to_end()

    def _miss(self, sought: _Sought) -> None:
        if sought.missing:
            self._complain(sought.missing)
        else:
            sought.show()

    def _take_older(self, page: HistoryPage) -> None:
        """Put `page` before the first, unless something would be missing between: it was asked for at another place."""
        found, self._found = self._found, None
        first, row = self._timeline.first_seq, self._timeline.scroll_y
        may_miss = self._has_page or self._timeline.has_dropped_oldest
        self._has_page = True
        if may_miss and first is not None and page.before is not None and page.before < first:
            return
        entries = self._entries(said for said in page.messages if first is None or said.seq < first)
        if not page.has_more:
            self._first_ever = page.messages[0].seq if page.messages else first or page.before or 0
            entries = [*self._beginning(entries), *entries]
        self._timeline.prepend(entries)
        if found is not None and found[1] == row:
            found[0].show()

    def _take_sought(self, page: HistoryPage, sought: _Sought, upto: int) -> None:
        """Show `page` instead of all that is there, and ask for what is before it."""
        self._sought = None
        if not sought.is_in(page):
            self._miss(sought)
            return
        self._has_page = True
        entries = self._entries(page.messages)
        if page.after == 0:
            self._first_ever = page.messages[0].seq
            entries = [_nothing_older(entries[0]), *entries]
        self._timeline.show_part(entries, upto, self._client.state.rooms[self._room].last_seq)
        sought.show()
        self._found = (sought, self._timeline.scroll_y) if self._has_older else None
        self.ask_if_any()

    def _beginning(self, older: list[Entry]) -> Iterator[Entry]:
        """Yield a line that says that nothing is before `older` and the rest, unless it is there or nothing is said."""
        present = self._timeline.entries
        if present[:1] and present[0].kind is Kind.RULE:
            return
        if older or self._timeline.first_seq is not None:
            yield _nothing_older([*older, *present[:1]][0])

    def _reaches(self, after: int) -> bool:
        """Return whether the first message after that `seq`, if there is one, is there."""
        timeline = self._timeline
        is_begun = not self._has_older or (timeline.first_seq or 0) <= after
        return is_begun and (timeline.has_newest or timeline.has_line)

    def _has_unread(self, page: HistoryPage) -> bool:
        _, upto = self._timeline.unread
        return any(said.seq <= upto and not self._client.state.is_own(said.nick) for said in page.messages)

    def _entries(self, messages: Iterable[Said]) -> list[Entry]:
        return [entry_for_said(said, self._client.state.nick) for said in messages]


def _nothing_older(first: Entry) -> Entry:
    return Entry(Kind.RULE, tr("nothing older"), first.at)
