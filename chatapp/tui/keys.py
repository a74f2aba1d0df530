"""Keys in the order in which they come."""

from textual.events import Key
from textual.widget import Widget


async def act_at_once(widget: Widget, key: str) -> bool:
    """Do what `key` is bound to in `widget`, if anything; return whether that was done.

    Left to Textual the key goes round by the app, and letters that follow it closely are typed before it is done.
    """
    for binding in widget._bindings.key_to_bindings.get(key, ()):
        if await widget.app.run_action(binding.action, widget):
            return True
    return False


def pass_on(widget: Widget, event: Key) -> bool:
    """Give `event` to whoever has the focus by now, if that isn't `widget` any more; return whether that was so.

    Keys that come close together are all on their way to the same widget, when the first of them moves the focus.
    """
    focused = widget.screen.focused
    if focused is widget or focused is None:
        return False
    event.stop()
    event.prevent_default()
    focused.post_message(Key(event.key, event.character))
    return True
