"""Who holds which nick, one account at a time, by any number of its sessions; and in which rooms accounts are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chatapp.protocol.errors import NickTaken
from chatapp.protocol.names import name_key

if TYPE_CHECKING:
    from chatapp.server.session import Session


@dataclass(slots=True)
class _Holder:
    account: str
    sessions: "list[Session]" = field(default_factory=list)


class People:
    """Nicks in use. An account is a public key, or, for a guest, a name that only this connection has."""

    def __init__(self, owners: Mapping[str, str], rooms: Mapping[str, tuple[str, ...]]) -> None:
        self._owners = owners
        """Which key owns a nick, in use or not, by `name_key`; the store keeps it in step."""
        self._claimed: dict[str, str] = {}
        """What keys took since the server started: theirs at once, though the log may not say so yet."""
        self._rooms = dict(rooms)
        """In which rooms each key is: those of the log, and those asked for since, which it may not have yet."""
        self._holders: dict[str, _Holder] = {}

    def owns(self, nick: str, account: str) -> bool:
        """Return whether `account` owns `nick` by the log."""
        return self._owners.get(name_key(nick)) == account

    def enter(self, nick: str, session: "Session") -> None:
        """Let `session` be `nick` too. Raises NickTaken if another account owns it, or is here by that name."""
        key, account = name_key(nick), session.account
        holder = self._holders.get(key) or _Holder(account)
        owner = self._claimed.get(key) or self._owners.get(key, account)
        if holder.account != account or owner != account:
            raise NickTaken(nick)
        if not session.is_guest:
            self._claimed[key] = account
        self._holders[key] = holder
        if session not in holder.sessions:
            holder.sessions.append(session)

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

    def rename(self, nick: str, to: str, session: "Session") -> "tuple[Session, ...]":
        """Let the account of `session`, in all its sessions, be `to` instead of `nick`; return those sessions.

        Raises NickTaken.
        """
        sessions = self.sessions(nick)
        self.enter(to, session)
        for one in sessions:
            if name_key(nick) != name_key(to):
                self.leave(nick, one)
                self.enter(to, one)
                self._claimed.pop(name_key(nick), None)
        return sessions

    def rooms(self, account: str) -> tuple[str, ...]:
        """Return the rooms that a key comes back to, beside the one in which everyone is; none for a guest."""
        return self._rooms.get(account, ())

    def keep(self, account: str, room: str, is_member: bool) -> None:
        """Let a key come back to `room`, or not any more."""
        others = tuple(one for one in self.rooms(account) if one != room)
        self._rooms[account] = (*others, room) if is_member else others
