"""Keys as a person may put them elsewhere: by the ids of bindings, and by names that a key can have."""

import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from chatapp.preferences.table import Unfit, unfit
from chatapp.texts import tr

_MODIFIERS = frozenset(("ctrl", "alt", "shift", "super", "hyper", "meta"))
_NAMES = frozenset(key.value for key in Keys) | frozenset(KEY_NAME_REPLACEMENTS.values())


def check_key(binding_id: str, keys: str) -> None:
    """Raise Unfit if no binding has that id, or if one of `keys`, with commas between, is none."""
    ids = {binding.id for binding in bindings(DOMNode) if binding.id}
    if binding_id not in ids:
        near = get_close_matches(binding_id, ids, n=1, cutoff=0.0)[0]
        raise Unfit(tr("There is no key called {name}. Did you mean {near}?", name=binding_id, near=near))
    if not all(map(_is_key, keys.split(","))):
        raise Unfit(unfit(binding_id, keys, tr("a key, as in ctrl+s or f5, or several with commas between")))


def bindings(kind: type[DOMNode]) -> Iterator[Binding]:
    """Yield the bindings of what inherits `kind` in the app, as far as that was imported."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("chatapp."):
            bound = (*vars(each).get("BINDINGS", ()), *vars(each).get("KEYS", ()))
            yield from (binding for binding in bound if isinstance(binding, Binding))
        yield from bindings(each)


def _is_key(name: str) -> bool:
    """Return whether `name` is one that Textual calls a key by."""
    *modifiers, key = name.strip().split("+")
    return _MODIFIERS.issuperset(modifiers) and (len(key) == 1 or key in _NAMES or _is_character(key))


def _is_character(key: str) -> bool:
    """Return whether `key` is the name of a character, as Unicode has it, with underscores."""
    try:
        return bool(unicodedata.lookup(key.replace("_", " ")))
    except KeyError:
        return False
