"""What commands and keys do, found by its name and done."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Never

from rich.markup import escape
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    Hit,
    Hits,
    SearchIcon,
    SimpleCommand,
    SimpleProvider,
)
from textual.containers import Horizontal, Vertical
from textual.dom import DOMNode
from textual.events import Click
from textual.screen import Screen
from textual.widgets import Button, Input, LoadingIndicator
from textual.worker import Worker, WorkerCancelled

from chatapp.protocol.commands import COMMANDS
from chatapp.texts import tr
from chatapp.tui.composer.composer import Composer
from chatapp.tui.keys import key_name, keys_of
from chatapp.tui.line_input import LineInput
from chatapp.tui.timeline.choosing import ChoosingTimeline

Keys = Iterable[tuple[DOMNode, Iterable[BindingType]]]
"""Bindings, and on what each does its action."""


def of_keys(app: App[int], keys: Keys) -> Iterator[SimpleCommand]:
    """Yield what `keys` do, each with its key."""
    for node, bindings in keys:
        for binding in bindings:
            if isinstance(binding, Binding) and binding.description and binding.action != "palette":
                run = partial(app.run_action, binding.action, node)
                yield SimpleCommand(tr(binding.description), run, escape(key_name(keys_of(binding, app)[0])))


def of_commands(run: Callable[[str], object], write: Callable[[str], None]) -> Iterator[SimpleCommand]:
    """Yield the commands: `run` does one that takes nothing, and `write` lets what another takes be written."""
    for command in COMMANDS.values():
        line = f"/{command.name}"
        do = partial(write, f"{line} ") if command.arguments else partial(run, line)
        yield SimpleCommand(f"{line} · {tr(command.help)}", do, escape(command.usage))


def command_palette(screen: Screen[None], composer: Composer, run: Callable[[str], object]) -> "Palette":
    """Return one of all that the commands, which `run` does, and the keys do on `screen`, with a message chosen too."""
    app = screen.app
    keys: list[tuple[DOMNode, Iterable[BindingType]]] = [
        (composer, (*composer.KEYS, *composer.WRITING)),
        (screen, screen.BINDINGS),
        (app, app.BINDINGS),
    ]
    if isinstance(screen.focused, ChoosingTimeline):
        keys.insert(0, (screen.focused, screen.focused.KEYS))
    return Palette(screen, [*of_keys(app, keys), *of_commands(run, composer.stand_with)])


class Palette(CommandPalette):
    """Textual's, in the person's language, safe from what is pasted, and with what was typed before Enter minded."""

    def __init__(self, screen: Screen[None], commands: Sequence[SimpleCommand]) -> None:
        provider = _Provider(screen, list(commands))
        super().__init__([provider], placeholder=tr("a command, or what a key does"))  # type: ignore[list-item]
        self._asked = ""
        self._gathering: Worker[Never] | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield _PaletteInput(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()

    def _gather_commands(self, search_value: str) -> Worker[Never]:
        self._asked = search_value
        self._gathering = super()._gather_commands(search_value)
        return self._gathering

    def _select_or_command(self, event: Input.Submitted | Button.Pressed | None = None) -> None:
        """Do what was chosen, once: a double click chooses it twice."""
        if self.is_current:
            super()._select_or_command(event)

    def _on_click(self, event: Click) -> None:  # type: ignore[override]  # as in Textual
        """Close when the background is clicked, once: a second click comes when nothing is to be closed."""
        event.prevent_default()
        if self.is_current:
            super()._on_click(event)

    @on(Input.Submitted)
    async def _choose_of_what_was_typed(self, event: Input.Submitted) -> None:
        """Wait until what fits is listed: Enter may come close behind the letters."""
        event.prevent_default()
        value = event.value.strip()
        gathering = self._gathering if value == self._asked else None
        with contextlib.suppress(WorkerCancelled):
            await (gathering or self._gather_commands(value)).wait()
        self._select_or_command(event)


class _Provider(SimpleProvider):
    """The commands that fit, or that none does, which Textual would say in English."""

    async def search(self, query: str) -> Hits:
        is_found = False
        async for hit in super().search(query):
            is_found = True
            yield hit
        if not is_found:
            yield Hit(1, tr("Nothing was found."), lambda: None)


class _PaletteInput(CommandInput, LineInput):
    """Textual's, whose pastes are made safe."""
