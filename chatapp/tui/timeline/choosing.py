"""A timeline of which one message is chosen by keys, and something done with that."""

from collections.abc import Callable

from textual.binding import Binding
from textual.events import Key

from chatapp.tui.keys import act_at_once, pass_on
from chatapp.tui.timeline.bounded import BoundedTimeline
from chatapp.tui.timeline.entries import Entry
from chatapp.tui.timeline.shape import Shape

Act = Callable[[str, Entry], None]
"""Does with the message that an entry shows: reply, react, edit, delete, copy, open."""


class ChoosingTimeline(BoundedTimeline, can_focus=True):
    """While it has the focus one message stands out: at first the lowest in view; what comes moves nothing.

    `act` does something with it, and `leave` goes on writing.
    """

    FOCUS_ON_CLICK = False
    KEYS = (
        Binding("up,k", "choose(-1)", "choose the message before", show=False, id="timeline.previous"),
        Binding("down,j", "choose(1)", "choose the next message", show=False, id="timeline.next"),
        Binding("r,enter", "act('reply')", "answer it", show=False, id="timeline.reply"),
        Binding("plus", "act('react')", "react to it", show=False, id="timeline.react"),
        Binding("e", "act('edit')", "say it in other words, if it is yours", show=False, id="timeline.edit"),
        Binding("d", "act('delete')", "take it back", show=False, id="timeline.delete"),
        Binding("y,c", "act('copy')", "copy its text", show=False, id="timeline.copy"),
        Binding("o", "act('open')", "open its link", show=False, id="timeline.open"),
        Binding("l", "act('copy_link')", "copy its link", show=False, id="timeline.copy-link"),
        Binding("space", "fold", "show all of its lines, or only the first", show=False, id="timeline.fold"),
        Binding("question_mark", "screen.help", "this help", show=False, id="timeline.help"),
        Binding("escape,tab,shift+tab,i", "stop", "go on writing", show=False, id="timeline.stop"),
    )
    BINDINGS = [*KEYS]

    def __init__(self, act: Act, leave: Callable[[], None], shape: Shape) -> None:
        super().__init__(shape)
        self._act = act
        self._leave = leave

    @property
    def chosen(self) -> Entry | None:
        """The message that is chosen, None while none is, or none that is still there."""
        if self._marked is None or self.screen.focused is not self:
            return None
        entry = self._layout.entry(self._marked)
        return entry if entry is not None and entry.is_talk else None

    def begin(self) -> bool:
        """Choose the lowest message in view, or else one near it, and take the keys; return False if none is there."""
        last = max(self._in_view(), default=0)
        if not (self._choose_from(last, -1) or self._choose_from(last, 1)):
            return False
        self.screen.set_focus(self, scroll_visible=False)
        return True

    def end_choosing(self) -> None:
        """Let no message stand out."""
        self._mark(None)

    def clear(self) -> None:
        super().clear()
        if self.has_focus:
            self._leave()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Choose what is in view: nobody is to do something with a message that they don't see."""
        super().watch_scroll_y(old_value, new_value)
        if self.has_focus and self._marked is not None and self._marked not in self._in_view():
            self._mark(next(filter(self._is_talk, self._in_view()), None))

    def on_focus(self) -> None:
        """Have a message chosen, also when the focus comes back with the window's."""
        if self._marked is None and not self.begin():
            self.action_stop()

    def on_blur(self) -> None:
        """Choose none any more, but while only the window is without the focus."""
        if not self.app.app_focus:
            return
        self._mark(None)
        self._follow_at_end()

    def action_choose(self, step: int) -> None:
        """Choose the next message up or down; beyond the first and the last, what is there is asked for."""
        if self._marked is None:
            self.begin()
        elif not self._choose_from(self._marked + step, step):
            if step < 0:
                self.go_to_top()
            else:
                self._tell_if_bottom()

    def action_act(self, what: str) -> None:
        if (entry := self.chosen) is not None:
            self._act(what, entry)

    def action_fold(self) -> None:
        if self._marked is not None:
            self.fold(self._marked)

    def action_stop(self) -> None:
        self._leave()

    async def _on_key(self, event: Key) -> None:
        if not pass_on(self, event) and await act_at_once(self, event.key):
            event.stop()

    def _choose_from(self, ordinal: int, step: int) -> bool:
        """Choose the first message from `ordinal` on, at each `step`; return whether there is one."""
        first = self._layout.ordinal_at(0)
        last = first + len(self.entries) - 1
        for each in range(min(ordinal, last), first - 1 if step < 0 else last + 1, step):
            if self._is_talk(each):
                self._mark(each)
                self._show_whole(each)
                self._follows = False
                return True
        return False

    def _show_whole(self, ordinal: int) -> None:
        """Let all rows of the entry be in view, its first ones if there are too many, with as little movement."""
        if not self._layout.shape.width:  # nothing has rows yet
            return
        start = self._layout.start_of(ordinal)
        end = self._layout.start_of(ordinal + 1)
        if start < self.scroll_y or end - start > self.size.height:
            self._scroll_to_row(start)
            self._tell_if_top()
        elif end > self.scroll_y + self.size.height:
            self._scroll_to_row(end - self.size.height)

    def _in_view(self) -> range:
        """Return the ordinals of the entries in view, the lowest first."""
        top = self.scroll_offset.y
        first, last = (self._layout.ordinal_at(row) for row in (top, top + self.size.height - 1))
        return range(last, first - 1, -1)

    def _is_talk(self, ordinal: int) -> bool:
        entry = self._layout.entry(ordinal)
        return entry is not None and entry.is_talk
