"""What is so already and could not be kept in the log, for want of room: it is to get there once there is some."""

from collections.abc import Iterator

from chatapp.protocol.names import name_key
from chatapp.server.storage.records import Claim, Deed, Ending, Linking, Making, Membership, Record, Release, Revoking


class Unkept:
    """Records in their order, as far as it matters; of each thing only the last word, and nothing of what ended."""

    def __init__(self) -> None:
        self._about: dict[str, dict[tuple[type, str], Record]] = {}
        """By room, by nick, or by key; what is of one does not depend on what is of another."""

    def __iter__(self) -> Iterator[Record]:
        return (record for records in self._about.values() for record in records.values())

    def keep(self, record: Record) -> None:
        """Keep `record`, if it is one that nobody asks for again."""
        match record:
            case Claim() | Release():
                self._put(name_key(record.nick), "", record)
            case Membership():
                self._put(record.room, record.key, record)
            case Deed():
                self._put("", f"{record.at} {record.what} {record.room} {record.whom}", record)
            case Linking() | Revoking():
                self._put(record.key, "", record)
            case Making():
                self._put(record.room, "", record)
            case Ending():
                self._end(record)

    def _put(self, subject: str, key: str, record: Record) -> None:
        records = self._about.setdefault(subject, {})
        records.pop((type(record), key), None)
        records[type(record), key] = record

    def _end(self, ending: Ending) -> None:
        """Forget what waits about the room; if the log never knew of it, there is nothing to end."""
        if (Making, "") not in self._about.pop(ending.room, {}):
            self._put(ending.room, "", ending)
