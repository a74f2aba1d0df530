"""A deed of those who moderate, as it is told."""

from chatapp.protocol.events import DeedInfo
from chatapp.protocol.identity import fingerprint
from chatapp.server.storage.records import GUEST, AuditRow


def told_deed(row: AuditRow) -> DeedInfo:
    """Return `row` without the account behind the nick: its key goes by the fingerprint."""
    key = "" if row.account.startswith(GUEST) else fingerprint(row.account)
    if row.what == "slow":
        return DeedInfo(row.at, row.nick, row.what, row.room, seconds=int(row.reason), key=key)
    return DeedInfo(row.at, row.nick, row.what, row.room, row.whom, row.until, row.reason, key=key)
