"""Where one writes: Enter sends, ctrl+j breaks the line."""

from functools import partial
from typing import Protocol

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


class Deeds(Protocol):
    """What a composer has done where it stands: at once, so that the keys that follow find it done."""

    def send_line(self, line: str, about: Target | None) -> bool:
        """Do what `line`, which may be `about` a message, asks for; return False, and say why, if it can't be."""
        ...

    def go_round(self, steps: int) -> None:
        """Look at the room that is `steps` further in the list."""
        ...

    def go_to(self, number: int) -> None:
        """Look at the room at that place of the list, which begins with 1, if there is one."""
        ...

    def go_to_news(self) -> None:
        """Look at the next room with something unread, if there is one."""
        ...

    def choose(self) -> None:
        """Let a message be chosen."""
        ...

    def newest_own(self) -> Target | None:
        """Return what one said last in the room in view, None for nothing."""
        ...


class Composer(Writer):
    """A text that grows with its lines; `words` says what Tab may complete, `deeds` does what keys ask for."""

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
        """What stood here was sent."""

    class Completing(Message):
        """The word before the cursor may become one of `choices`; Tab takes that of `index`."""

        def __init__(self, choices: tuple[Choice, ...], index: int) -> None:
            super().__init__()
            self.choices = choices
            self.index = index

    class Typed(Message):
        """A key was pressed."""

    def __init__(
        self,
        words: Words,
        deeds: Deeds,
        id: str | None = None,  # noqa: A002 (Textual's name for it)
    ) -> None:
        super().__init__(id, tr("Write a message…"))
        self._keys, self._editing = BindingsMap(self.KEYS), BindingsMap(self.EDITING)
        self._words = words
        self._deeds = deeds
        self._completion = Completion()
        self._choices: tuple[Choice, ...] = ()
        self._index = 0

    def action_send(self) -> None:
        """Have the text sent from the room in view, and be empty; what can't be sent stays."""
        text, about = self.text, self._shown
        if (left := bytes_left(text)) < 0:
            self.post_message(self.Trouble(too_long(-left)))
        elif text.strip() and self._deeds.send_line(text, about):
            self._recall.remember(text)
            self._put("")
            if text.startswith("/"):  # a command, which may lead elsewhere
                self.set_out()
            self.post_message(self.Sent())

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
        self._deeds.go_round(steps)

    def action_room(self, number: int) -> None:
        self.stay()
        self._deeds.go_to(number)

    def action_news(self) -> None:
        self.stay()
        self._deeds.go_to_news()

    def action_edit(self) -> None:
        """Stand with the command that says the own last message in other words, so far in the same ones."""
        if not self.text and (own := self._deeds.newest_own()) is not None:
            self.begin(own)

    def action_choose(self) -> None:
        self._deeds.choose()

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
