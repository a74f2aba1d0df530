"""Which keys are whose: those of a person's devices, and those that let nobody in any more."""

import apsw

from chatapp.server.storage.records import Device, Linking, Revoking
from chatapp.server.storage.times import microseconds, seconds

_LINK = "INSERT OR IGNORE INTO devices (key, account, label, at, is_revoked) VALUES (?, ?, ?, ?, 0)"
_REVOKE = """
INSERT INTO devices (key, account, label, at, is_revoked) VALUES (?, ?, '', ?, 1)
ON CONFLICT (key) DO UPDATE SET is_revoked = 1
"""


def devices_by_key(db: apsw.Connection) -> dict[str, Device]:
    """Return what is known of each key, in the order in which they came."""
    rows = db.execute("SELECT key, account, label, at, is_revoked FROM devices ORDER BY number")
    return {
        str(key): Device(str(account), str(label), seconds(at), bool(is_revoked))
        for key, account, label, at, is_revoked in rows
    }


def keep_device(db: apsw.Connection, record: Linking | Revoking) -> None:
    if isinstance(record, Linking):
        db.execute(_LINK, (record.key, record.account, record.label, microseconds(record.at)))
    else:
        db.execute(_REVOKE, (record.key, record.account, microseconds(record.at)))
