"""Whose nicks are, with what could be taken for each."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Self, TypeVar

from chatapp.protocol.names import name_key
from chatapp.server.skeletons import skeletons

_Value = TypeVar("_Value")

_Table = MutableMapping[str, _Value | None]
"""In a draft, None stands for what is no more."""


class Nicks:
    """Nicks by `name_key`, of which no two accounts have any that look alike."""

    def __init__(self) -> None:
        self._accounts: _Table[str] = {}
        self._written: _Table[str] = {}
        self._looks: _Table[tuple[str, int]] = {}
        """Who has nicks with a skeleton, and how many."""

    @property
    def accounts(self) -> Mapping[str, str | None]:
        """Which account has each nick: a view that follows."""
        return MappingProxyType(self._accounts)

    def account(self, nick: str) -> str | None:
        """Return who has that very nick."""
        return self._accounts.get(name_key(nick))

    def account_like(self, nick: str, account: str) -> str | None:
        """Return who, other than `account`, has that nick or one that it could be taken for."""
        looks = filter(None, map(self._looks.get, skeletons(nick)))
        return next((holder for holder, _ in looks if holder != account), None)

    def put(self, nick: str, account: str) -> None:
        """Let `account` have `nick`, as it is written now. Nobody else may have any like it."""
        self.drop(nick)
        self._accounts[name_key(nick)], self._written[name_key(nick)] = account, nick
        for look in skeletons(nick):
            self._looks[look] = account, self._count(look) + 1

    def drop(self, nick: str) -> None:
        """Let nobody have that very nick."""
        key = name_key(nick)
        if (account := self._accounts.get(key)) is None:
            return
        for look in skeletons(self._written[key] or ""):
            count = self._count(look) - 1
            _set(self._looks, look, (account, count) if count else None)
        _set(self._accounts, key, None)
        _set(self._written, key, None)

    def draft(self) -> Self:
        """Return these nicks, to be changed with no effect here until `settle`."""
        drafted = type(self)()
        drafted._accounts = ChainMap({}, self._accounts)
        drafted._written = ChainMap({}, self._written)
        drafted._looks = ChainMap({}, self._looks)
        return drafted

    def settle(self) -> None:
        """Let those that this is a draft of be so."""
        _merge(self._accounts)
        _merge(self._written)
        _merge(self._looks)

    def _count(self, look: str) -> int:
        held = self._looks.get(look)
        return held[1] if held else 0


def _set(table: _Table[_Value], key: str, value: _Value | None) -> None:
    """Set `value`; None is nothing, but in a draft it hides what is below."""
    if value is None and not isinstance(table, ChainMap):
        del table[key]
    else:
        table[key] = value


def _merge(table: _Table[_Value]) -> None:
    assert isinstance(table, ChainMap)
    changes, base = table.maps
    for key, value in changes.items():
        if value is None:
            base.pop(key, None)
        else:
            base[key] = value
