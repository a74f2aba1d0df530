"""Keys as a person may put them elsewhere: by the ids of bindings, and as the help writes them, or Textual."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from chatapp.preferences.table import Unfit, unfit
from chatapp.texts import tr
from chatapp.tui.keys import KEY_NAMES

_MODIFIERS = frozenset(("ctrl", "alt", "shift", "super", "hyper", "meta"))
_NAMES = frozenset(key.value for key in Keys) | frozenset(KEY_NAME_REPLACEMENTS.values())
_SHOWN = {shown.lower(): name for name, shown in KEY_NAMES.items()}

_TABLES = ("BINDINGS", "KEYS", "EDITING")
"""The attributes that hold bindings: Textual's own, and those of what does them as they come."""


def read_keys(binding_id: str, keys: str) -> str:
    """Return `keys`, with commas between, by Textual's names.

    Raises Unfit if no binding has that id, or if one of `keys` is none.
    """
    ids = {binding.id for binding in bindings(DOMNode) if binding.id}
    if binding_id not in ids:
        near = get_close_matches(binding_id, ids, n=1, cutoff=0.0)[0]
        raise Unfit(tr("There is no key called {name}. Did you mean {near}?", name=binding_id, near=near))
    names = [_textual_name(key) for key in keys.split(",")]
    if not all(map(_is_key, names)):
        raise Unfit(unfit(binding_id, keys, tr("a key, as in ctrl+s or f5, or several with commas between")))
    return ",".join(names)


def bindings(kind: type[DOMNode]) -> Iterator[Binding]:
    """Yield the bindings of what inherits `kind` in the app, as far as that was imported."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("chatapp."):
            bound = (binding for table in _TABLES for binding in vars(each).get(table, ()))
            yield from (binding for binding in bound if isinstance(binding, Binding))
        yield from bindings(each)


def _textual_name(key: str) -> str:
    """Return what Textual calls `key`, which may be written as the help shows it; only of a letter the case matters."""
    *modifiers, last = re.sub(r"\+$", "plus", key.strip()).split("+")
    name = last if len(last) == 1 else last.lower()
    return "+".join((*map(str.lower, modifiers), _SHOWN.get(name, name)))


def _is_key(name: str) -> bool:
    """Return whether `name` is one that Textual calls a key by."""
    *modifiers, key = name.split("+")
    return _MODIFIERS.issuperset(modifiers) and (len(key) == 1 or key in _NAMES or _is_character(key))


def _is_character(key: str) -> bool:
    """Return whether `key` is the name of a character, as Unicode has it, with underscores."""
    try:
        return bool(unicodedata.lookup(key.replace("_", " ")))
    except KeyError:
        return False
