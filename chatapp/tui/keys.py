"""Keys in the order in which they come."""

from textual.widget import Widget


async def act_at_once(widget: Widget, key: str) -> bool:
    """Do what `key` is bound to in `widget`, if anything; return whether that was done.

    Left to Textual the key goes round by the app, and letters that follow it closely are typed before it is done.
    """
    for binding in widget._bindings.key_to_bindings.get(key, ()):
        if await widget.app.run_action(binding.action, widget):
            return True
    return False
