"""Keys: what they are bound to, and done in the order in which they come."""

import re

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.events import Key
from textual.widget import Widget

KEY_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "enter": "Enter",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "alt+up": "alt+↑",
    "alt+down": "alt+↓",
    "shift+tab": "shift+Tab",
    "escape": "Esc",
    "plus": "+",
    "question_mark": "?",
}
"""What people call keys, by Textual's names."""


def keys_of(binding: Binding, app: App[int]) -> list[str]:
    """Return the keys that do what `binding` does: those that the app's keymap has for its id, or else its own."""
    return app._keymap.get(binding.id or "", binding.key).split(",")


def key_name(key: str) -> str:
    """Return what people call `key`."""
    return KEY_NAMES.get(key, key.upper() if re.fullmatch(r"f\d+", key) else key)


async def act_at_once(widget: Widget, key: str, bindings: BindingsMap | None = None) -> bool:
    """Do what `key` is bound to in `widget`, or in `bindings` instead, if anything; return whether that was done.

    The app's keymap is minded. Left to Textual the key goes round by the app, and letters that follow it closely are
    typed before it is done.
    """
    bound = bindings or widget._bindings
    if keymap := widget.app._keymap:
        bound = bound.copy()
        bound.apply_keymap(keymap)
    for binding in bound.key_to_bindings.get(key, ()):
        if await widget.app.run_action(binding.action, widget):
            return True
    return False


def pass_on(widget: Widget, event: Key) -> bool:
    """Give `event` to whoever has the focus by now, if that isn't `widget` any more; return whether that was so.

    Keys that come close together are all on their way to the same widget, when the first of them moves the focus, or
    opens another screen: there the app finds who is to have them.
    """
    focused = widget.screen.focused
    is_in_front = widget.app.screen is widget.screen
    if is_in_front and (focused is widget or focused is None):
        return False
    event.stop()
    event.prevent_default()
    (focused if is_in_front and focused else widget.app).post_message(Key(event.key, event.character))
    return True
