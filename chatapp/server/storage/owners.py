"""Who owns which nick: what the log says, and what becomes of the claims of a batch."""

import logging
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import apsw

from chatapp.protocol.errors import NickTaken
from chatapp.protocol.names import name_key
from chatapp.server.nicks import Nicks
from chatapp.server.storage.records import Claim, Claimed, Kept, Record, Release, Seen
from chatapp.server.storage.times import microseconds
from chatapp.texts import tr

_log = logging.getLogger(__name__)

_MOST_UNSEEN = 1000
"""How many are looked at in one go."""

_LOAD = "SELECT nick, key FROM owners ORDER BY at, rowid"
_PUT = "INSERT OR REPLACE INTO owners VALUES (?1, ?2, ?3, ?4, ?4)"
_DELETE = "DELETE FROM owners WHERE nick_key = ?"
_SEE = "UPDATE owners SET seen = max(seen, ?3) WHERE nick_key = ?1 AND key = ?2"
_UNSEEN = "SELECT nick, key FROM owners WHERE seen < ? ORDER BY seen LIMIT ?"


class Owners:
    """The owners of nicks, as far as the log has them. No two of them have nicks that look alike."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self.nicks = Nicks()
        self._called: dict[str, str] = {}
        self.called: Mapping[str, str] = MappingProxyType(self._called)
        """What each key that owns a nick was called last, as it wrote it."""
        self.overruled = [
            str(nick) for nick, key in db.execute(_LOAD).fetchall() if not self._load(str(nick), str(key))
        ]
        """Nicks whose rows are of no effect, since they look like an older one."""

    def _load(self, nick: str, key: str) -> bool:
        """Take in an owner; return False if an older one has a nick that looks like this."""
        self._called[key] = nick
        if self.nicks.account_like(nick, key) is not None:
            return False
        self.nicks.put(nick, key)
        return True

    def drop_overruled(self) -> None:
        """Free the nicks that look like an older one, from before looks counted, or before Unicode knew of these two.

        What their owners said and where they are stays theirs, under whichever nick they take.
        """
        for nick in self.overruled:
            text = tr(
                "The nick {nick} looks like an older one, and is nobody's now: its owner is to take another.", nick=nick
            )
            _log.warning(text)
            self._db.execute(_DELETE, (name_key(nick),))

    def try_out(self, records: Iterable[Record]) -> "Trial":
        """Decide on all claims among `records`, in their order; nothing is so yet."""
        trial = Trial(self._db, self.nicks.draft())
        for record in records:
            if isinstance(record, Claim | Release):
                trial.put(record)
        return trial

    def settle(self, trial: "Trial") -> None:
        """Follow a trial that was committed."""
        trial.nicks.settle()
        self._called.update((claim.key, claim.nick) for claim in trial.granted)

    def unseen(self, before: float) -> list[tuple[str, str]]:
        """Return nicks that were not here since `before` (seconds since 1970), and the key of each; not all at once."""
        rows = self._db.execute(_UNSEEN, (microseconds(before), _MOST_UNSEEN)).fetchall()
        return [(str(nick), str(key)) for nick, key in rows]


class Trial:
    """What becomes of the claims of one batch, if it is committed."""

    def __init__(self, db: apsw.Connection, nicks: Nicks) -> None:
        self._db = db
        self.nicks = nicks
        self._changes: dict[str, Claim | None] = {}
        self.granted: list[Claim] = []
        self.outcomes: list[Claimed | NickTaken | Kept] = []

    def put(self, record: Claim | Release) -> None:
        if isinstance(record, Release):
            self._release(record.nick, record.key)
            self.outcomes.append(Kept())
        elif self.nicks.account_like(record.nick, record.key) is not None:
            self.outcomes.append(NickTaken(record.nick))
        else:
            self._release(record.releases, record.key)
            self._grant(record)

    def _grant(self, claim: Claim) -> None:
        self.nicks.put(claim.nick, claim.key)
        self._changes[name_key(claim.nick)] = claim
        self.granted.append(claim)
        self.outcomes.append(Claimed())

    def _release(self, nick: str, key: str) -> None:
        """Free a nick, if it is the key's; "" for none."""
        if self.nicks.account(nick) == key:
            self.nicks.drop(nick)
            self._changes[name_key(nick)] = None

    def write(self) -> None:
        for nick_key, claim in self._changes.items():
            if claim is None:
                self._db.execute(_DELETE, (nick_key,))
            else:
                self._db.execute(_PUT, (nick_key, claim.nick, claim.key, microseconds(claim.at)))


def keep_seen(db: apsw.Connection, seen: Seen) -> None:
    db.execute(_SEE, (name_key(seen.nick), seen.key, microseconds(seen.at)))
