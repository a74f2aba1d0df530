"""Where one writes: Enter sends, ctrl+j breaks the line."""

from collections.abc import Callable
from functools import partial

from textual import events
from textual.binding import Binding, BindingsMap
from textual.document._document import DocumentBase
from textual.message import Message

from chatapp.texts import tr
from chatapp.tui.composer.choices import Choice, Words, choices
from chatapp.tui.composer.measure import bytes_left, too_long
from chatapp.tui.composer.recall import Completion
from chatapp.tui.composer.writer import Writer
from chatapp.tui.keys import act_at_once, pass_on
from chatapp.tui.targets import Target

_MOST_LINES = 100
"""So many lines are taken without a question."""


class Composer(Writer):
    """A text that grows with its lines; `words` says what Tab may complete, `own` what one said here last.

    `choose` lets a message be chosen.
    """

    KEYS = (
        Binding("enter", "send", "send the message", id="composer.send"),
        Binding("ctrl+j,shift+enter,alt+enter", "break_line", "break the line", id="composer.newline"),
        Binding("tab", "complete", "complete a nick, /command, #room, @nick or :emoji:", id="composer.complete"),
        Binding("up", "older", "go back through what you sent", id="composer.older"),
        Binding("down", "newer", "go forward through what you sent", id="composer.newer"),
        Binding("alt+up", "switch(-1)", "go to the room before", id="composer.previous-room"),
        Binding("alt+down", "switch(1)", "go to the next room", id="composer.next-room"),
        Binding("alt+1", "room(1)", "go to the first room of the list, and so on", id="composer.room-1"),
        *(Binding(f"alt+{number}", f"room({number})", id=f"composer.room-{number}") for number in range(2, 10)),
        Binding("alt+a", "news", "go to the next room with something unread", id="composer.unread"),
        Binding("alt+e", "edit", "edit your last message", id="composer.edit"),
        Binding("shift+tab,ctrl+up", "choose", "choose a message", id="composer.choose"),
    )
    """Done as the keys come, not as bindings: those with priority would overtake the letters before them."""

    class Sent(Message):
        """`text` is to be sent, which may be about the message `shown`; whoever can't calls `Composer.give_back`."""

        def __init__(self, text: str, shown: Target | None) -> None:
            super().__init__()
            self.text = text
            self.shown = shown

    class Switched(Message):
        """Go `steps` rooms further: a message, so that what was sent before it still goes where it was written.

        If there is no other, `Composer.stay` is to be called.
        """

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    class Completing(Message):
        """The word before the cursor may become one of `choices`; Tab takes that of `index`."""

        def __init__(self, choices: tuple[Choice, ...], index: int) -> None:
            super().__init__()
            self.choices = choices
            self.index = index

    class RoomWanted(Message):
        """Go to the room at that place of the list, which begins with 1; if there is none, as with `Switched`."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class NewsWanted(Message):
        """Go to the next room with something unread; if there is none, `Composer.stay` is to be called."""

    class Typed(Message):
        """A key was pressed."""

    def __init__(
        self,
        words: Words,
        own: Callable[[], Target | None],
        choose: Callable[[], None],
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id, tr("Write a message…"))
        self._keys, self._editing = BindingsMap(self.KEYS), BindingsMap(self.EDITING)
        self._words = words
        self._own = own
        self._choose = choose
        self._completion = Completion()
        self._choices: tuple[Choice, ...] = ()
        self._index = 0

    def give_back(self, sent: Sent) -> None:
        """Stand with a text again that could not be sent; if more was written since, it is one step up."""
        self.stay()
        if not self.text:
            self._put(sent.text, sent.shown)

    def action_send(self) -> None:
        """Hand over the text and be empty, in one step: the keys that follow already are of the next message."""
        sent = self.Sent(self.text, self._shown)
        if (left := bytes_left(sent.text)) < 0:
            self.post_message(self.Trouble(too_long(-left)))
        elif sent.text.strip():
            self._recall.remember(sent.text)
            self._put("")
            if sent.text.startswith("/"):  # a command, which may lead elsewhere
                self.set_out()
            self.post_message(sent)

    def action_break_line(self) -> None:
        self.insert("\n")

    def action_complete(self) -> None:
        """Take the choice that is marked; without any, complete a nick."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self._choices:
            self.take(self._index)
        elif row == 0 and (completed := self._completion.complete(before, self._words.people())) is not None:
            self.replace(completed, (row, 0), (row, column))

    def take(self, index: int) -> None:
        """Let the choice of that `index` stand for the word before the cursor, if it is one for that."""
        if self._choices != self._choices_here() or index >= len(self._choices):
            return  # a click, or a paste, may have moved the cursor elsewhere; of a double click the first took it
        row, column = self.cursor_location
        start = self.document.get_line(row)[:column].rfind(" ") + 1
        self.replace(self._choices[index].text, (row, start), (row, column))
        self._offer(())

    def action_switch(self, steps: int) -> None:
        self.stay()
        self.set_out()
        self.post_message(self.Switched(steps))

    def action_room(self, number: int) -> None:
        self.stay()
        self.set_out()
        self.post_message(self.RoomWanted(number))

    def action_news(self) -> None:
        self.stay()
        self.set_out()
        self.post_message(self.NewsWanted())

    def action_edit(self) -> None:
        """Stand with the command that says the own last message in other words, so far in the same ones."""
        if not self.text and (own := self._own()) is not None:
            self.begin(own)

    def action_choose(self) -> None:
        """Let a message be chosen, at once: the keys that follow already choose."""
        self._choose()

    async def _on_key(self, event: events.Key) -> None:
        if pass_on(self, event):
            return
        self.post_message(self.Typed())
        event.prevent_default()
        if self._move_choice(event.key):
            event.stop()
            return
        if await act_at_once(self, event.key, self._keys):
            event.stop()
            self._offer(())
        else:
            before = self.text
            if await act_at_once(self, event.key, self._editing) or await act_at_once(self, event.key):
                event.stop()
            else:
                await super()._on_key(event)
            self._check_target()
            self._offer(self._choices_here() if self.text != before else ())

    def _choices_here(self) -> tuple[Choice, ...]:
        """Return what the word before the cursor may become; only the first line may be a command."""
        row, column = self.cursor_location
        line = self.document.get_line(row)[:column]
        return choices(line if row == 0 else f" {line}", self._words)

    def _move_choice(self, key: str) -> bool:
        """Mark another choice, or close the list, if `key` does that; return whether it does."""
        if not self._choices or key not in ("up", "down", "escape"):
            return False
        if key == "escape":
            self._offer(())
        else:
            self._offer(self._choices, (self._index + (1 if key == "down" else -1)) % len(self._choices))
        return True

    def _offer(self, offered: tuple[Choice, ...], index: int = 0) -> None:
        """Have `offered` to choose from, that of `index` marked."""
        if (offered, index) != (self._choices, self._index):
            self._choices, self._index = offered, index
            self.post_message(self.Completing(offered, index))

    def take_paste(self, text: str) -> None:
        """Take `text`; of many lines it is asked first what to do with them."""
        self._offer(())
        if (lines := text.removesuffix("\n").count("\n") + 1) <= _MOST_LINES:
            super().take_paste(text)
        else:
            self._ask_about_paste(text, lines)

    def _ask_about_paste(self, text: str, lines: int) -> None:
        from chatapp.tui.screens.paste_screen import PasteScreen  # loaded when it is first opened

        excess = -bytes_left(self.text + text)
        self.app.push_screen(PasteScreen(lines, excess), partial(self._answer_paste, text, self.document))

    def _answer_paste(self, text: str, document: DocumentBase, answer: str | None) -> None:
        """Do with `text` what the `answer` says; it is kept, not sent, if one was taken to another room meanwhile."""
        from chatapp.tui.screens.paste_screen import KEEP, SEND

        is_here = self.document is document
        if answer in (KEEP, SEND):
            super().take_paste(text)
        if answer == SEND and is_here:
            self.action_send()

    def _put(self, text: str, shown: Target | None = None) -> None:
        self._offer(())
        super()._put(text, shown)
