"""Who holds which nick, one account at a time, by any number of its sessions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatapp.protocol import limits
from chatapp.protocol.errors import NickReserved, NickTaken, NoSuchNick
from chatapp.protocol.identity import fingerprint
from chatapp.protocol.names import RESERVED, name_key
from chatapp.protocol.requests import Presence
from chatapp.server.nicks import Nicks
from chatapp.server.skeletons import skeletons
from chatapp.server.storage.records import GUEST, Seen

if TYPE_CHECKING:
    from chatapp.server.session import Session


Status = tuple[Presence, str]
"""How somebody is there, and why they are away."""


ACTIVE: Status = ("active", "")

_SEEN_SECONDS = 3600.0
"""How exactly it is known when the owner of a nick was here last."""


@dataclass(slots=True)
class _Holder:
    account: str
    sessions: "list[Session]" = field(default_factory=list)
    away: str | None = None
    """Why they are away, None if they aren't."""
    told: Status = ACTIVE
    """What others were told of them last."""

    @property
    def status(self) -> Status:
        if self.away is not None:
            return "away", self.away
        return ("idle" if all(one.is_idle for one in self.sessions) else "active"), ""


class People:
    """Nicks in use. An account is a public key, or, for a guest, a name that only this connection has.

    Nobody takes a nick that looks like another account's, or like one of `reserved`, unless it is that very one.
    """

    def __init__(self, owners: Nicks, nicks: Mapping[str, str], reserved: Iterable[str] = ()) -> None:
        self._owners = owners
        """Which key owns a nick, in use or not; the store keeps it in step."""
        self._claimed = Nicks()
        """What keys took since the server started: theirs at once, though the log may not say so yet."""
        self._nicks = nicks
        """What each key was called last; the store keeps it in step too."""
        self._reserved = _looks_of((*RESERVED, *reserved))
        """The looks that only the nick itself may have."""
        self._present: dict[str, dict[str, str]] = {}
        """Which nicks each account holds, by their `name_key`, the latest last."""
        self._released: set[str] = set()
        """Nicks that keys gave up since the server started, though the log may not say so yet."""
        self._seen: dict[str, float] = {}
        """When the log was told last that the owner of a nick was here, by `name_key`, since the server started."""
        self._holders: dict[str, _Holder] = {}
        self._held = Nicks()
        """The same nicks as `_holders`, so that none is taken that looks like one."""

    def owns(self, nick: str, account: str) -> bool:
        """Return whether `account` owns `nick` by the log, and nothing on its way there says otherwise."""
        return self._owners.account(nick) == account and name_key(nick) not in self._released

    def is_member(self, account: str, nick: str) -> bool:
        """Return whether `account` owns a nick: by the log the one it was called last, or `nick` on its way there."""
        last = self._nicks.get(account)
        owned = last is not None and self._owners.account(last) == account
        return owned or self._claimed.account(nick) == account

    def note_claim(self, nick: str, releases: str) -> None:
        """Note that the log is about to hear who owns `nick`, and that `releases`, "" for none, is free."""
        self._released.add(name_key(releases))
        self._released.discard(name_key(nick))

    def note_sighting(self, nick: str, account: str, now: float) -> bool:
        """Note that `account` is here as `nick`; return whether the log is to be told: not if it was within an hour."""
        key = name_key(nick)
        if self._claimed.account(nick) != account or now - self._seen.get(key, -_SEEN_SECONDS) < _SEEN_SECONDS:
            return False
        self._seen[key] = now
        return True

    def sightings(self, now: float) -> list[Seen]:
        """Note of all owners that they are here; return what the log is to be told."""
        present = [(nick, account) for account, nicks in self._present.items() for nick in nicks.values()]
        return [Seen(nick, account, now) for nick, account in present if self.note_sighting(nick, account, now)]

    def was_here(self, nick: str, since: float) -> bool:
        """Return whether somebody is here by `nick`, or its owner was, for all that is known, after `since`."""
        return name_key(nick) in self._holders or self._seen.get(name_key(nick), since) > since

    def owner(self, nick: str) -> str | None:
        """Return which key owns that very nick, whatever of it is still on its way to the log."""
        by_log = None if name_key(nick) in self._released else self._owners.account(nick)
        return self._claimed.account(nick) or by_log

    def free(self, nick: str) -> str:
        """Let nobody own `nick`, of which the log is about to hear; return who did. Raises NoSuchNick."""
        if (account := self.owner(nick)) is None:
            raise NoSuchNick(nick)
        self._claimed.drop(nick)
        self._released.add(name_key(nick))
        self._seen.pop(name_key(nick), None)
        return account

    def enter(self, nick: str, session: "Session") -> None:
        """Let `session` be `nick` too.

        Raises NickTaken if another account owns it or is here by it, or NickReserved; so for one that looks like it.
        """
        key, account = name_key(nick), session.account
        self._check_free(nick, account)
        if key not in self._holders:
            self._holders[key] = _Holder(account)
        if not session.is_guest:
            self._claimed.put(nick, account)
        self._held.put(nick, account)
        holder = self._holders[key]
        self._present.setdefault(account, {})[key] = nick
        if session not in holder.sessions:
            holder.sessions.append(session)

    def _check_free(self, nick: str, account: str) -> None:
        if any(nicks.account_like(nick, account) is not None for nicks in (self._held, self._claimed, self._owners)):
            raise NickTaken(nick)
        for look in skeletons(nick):
            if look in self._reserved and name_key(self._reserved[look]) != name_key(nick):
                raise NickReserved(nick)

    def sessions(self, nick: str) -> "tuple[Session, ...]":
        """Return all connections of whoever is here as `nick`."""
        return tuple(self._holders[name_key(nick)].sessions)

    def leave(self, nick: str, session: "Session") -> None:
        """Give `nick` back, as far as `session` held it."""
        holder = self._holders[name_key(nick)]
        if session in holder.sessions:
            holder.sessions.remove(session)
        if not holder.sessions:
            del self._holders[name_key(nick)]
            self._held.drop(nick)
            self._forget(holder.account, name_key(nick))

    def status(self, nick: str) -> Status | None:
        """Return how whoever is called `nick` is there; None if they aren't."""
        holder = self._holders.get(name_key(nick))
        return None if holder is None else holder.status

    def set_away(self, nick: str, text: str | None) -> None:
        """Let whoever is called `nick` be away, for the reason `text`, or, with None, not any more."""
        self._holders[name_key(nick)].away = text

    def news_of(self, nick: str) -> Status | None:
        """Return how whoever is called `nick` is there, if that is not what was returned last; else None."""
        holder = self._holders.get(name_key(nick))
        if holder is None or holder.status == holder.told:
            return None
        holder.told = holder.status
        return holder.told

    def by_nick(self, account: str) -> "dict[str, tuple[Session, ...]]":
        """Return all connections of `account`, by the nick of each."""
        held = self._present.get(account, {})
        return {nick: tuple(self._holders[key].sessions) for key, nick in held.items()}

    def _forget(self, account: str, nick_key: str) -> None:
        held = self._present[account]
        del held[nick_key]
        if not held:
            del self._present[account]

    def rename(self, nick: str, to: str, session: "Session") -> "tuple[Session, ...]":
        """Let the account of `session`, in all its sessions, be `to` instead of `nick`; return those sessions.

        Raises NickTaken.
        """
        before = self._holders[name_key(nick)]
        sessions = tuple(before.sessions)
        is_new = name_key(to) not in self._holders
        self.enter(to, session)
        for one in sessions:
            if name_key(nick) != name_key(to):
                self.leave(nick, one)
                self.enter(to, one)
                self._claimed.drop(nick)
        if is_new:
            after = self._holders[name_key(to)]
            after.away, after.told = before.away, before.told
        return sessions

    def account_of(self, nick: str) -> str:
        """Return whose `nick` is, here or not. Raises NoSuchNick."""
        key = name_key(nick)
        if holder := self._holders.get(key):
            return holder.account
        if account := self.owner(nick):
            return account
        raise NoSuchNick(nick[: limits.NICK_CHARACTERS])

    def key_of(self, shown: str) -> str:
        """Return the key, of those that own a nick or are here, that is shown as `shown`. Raises NoSuchNick."""
        for key in {*self._nicks, *self._present}:
            if not key.startswith(GUEST) and fingerprint(key) == shown:
                return key
        raise NoSuchNick(shown)

    def knows(self, account: str) -> bool:
        """Return whether `account` is here, or owns a nick."""
        return account in self._present or account in self._nicks

    def nick_of(self, account: str) -> str:
        """Return what `account` is called, or was called last; "?" for one that nobody remembers."""
        held = self._present.get(account)
        return next(reversed(held.values())) if held else self._nicks.get(account, "?")

    def sessions_of(self, account: str) -> "tuple[Session, ...]":
        """Return all connections of `account`; none if it isn't here."""
        return tuple(one for key in self._present.get(account, ()) for one in self._holders[key].sessions)


def _looks_of(nicks: Iterable[str]) -> dict[str, str]:
    """Return which of `nicks` has each look, also in capitals, in which others are taken for it."""
    return {
        look: nick for nick in nicks for written in (nick, nick.title(), nick.upper()) for look in skeletons(written)
    }
