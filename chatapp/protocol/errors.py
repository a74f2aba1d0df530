"""The errors of the protocol: one tree, whose leaves carry a code for the wire and the data of what was wrong.

No error holds a sentence for people: those are made from code, limit and detail, in the reader's language.
"""

from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """The code of an error; all go over the wire but OFFLINE and those after it."""

    LINE_TOO_LONG = "line-too-long"
    NOT_UTF8 = "not-utf8"
    MALFORMED = "malformed"
    UNKNOWN_TYPE = "unknown-type"
    BAD_NICK = "bad-nick"
    BAD_ROOM = "bad-room"
    BAD_ID = "bad-id"
    BAD_KEY = "bad-key"
    BAD_LABEL = "bad-label"
    EMPTY_TEXT = "empty-text"
    TEXT_TOO_LONG = "text-too-long"
    BAD_CHARACTER = "bad-character"
    BAD_EMOJI = "bad-emoji"
    UNKNOWN_COMMAND = "unknown-command"
    BAD_USAGE = "bad-usage"
    NICK_RESERVED = "nick-reserved"
    NICK_TAKEN = "nick-taken"
    NOT_IN_ROOM = "not-in-room"
    STAYS_IN_GENERAL = "stays-in-general"
    TOO_MANY_ROOMS = "too-many-rooms"
    NO_SUCH_NICK = "no-such-nick"
    NO_SUCH_MESSAGE = "no-such-message"
    NOT_YOURS = "not-yours"
    NOT_PRIVATE = "not-private"
    NOT_MODERATOR = "not-moderator"
    NOT_OPERATOR = "not-operator"
    EXEMPT = "exempt"
    NOTHING_TO_LIFT = "nothing-to-lift"
    TOO_MANY_SANCTIONS = "too-many-sanctions"
    BAD_NETWORK = "bad-network"
    BAD_DURATION = "bad-duration"
    REASON_TOO_LONG = "reason-too-long"
    BANNED = "banned"
    BANNED_FROM_ROOM = "banned-from-room"
    KICKED = "kicked"
    MUTED = "muted"
    SLOWED = "slowed"
    TOPIC_TOO_LONG = "topic-too-long"
    TOO_MANY_REACTIONS = "too-many-reactions"
    ID_REUSED = "id-reused"
    BAD_PROOF = "bad-proof"
    KEY_REVOKED = "key-revoked"
    KEY_TAKEN = "key-taken"
    NO_SUCH_DEVICE = "no-such-device"
    TOO_MANY_DEVICES = "too-many-devices"
    PASSWORD_REQUIRED = "password-required"
    WRONG_PASSWORD = "wrong-password"
    INVITE_REQUIRED = "invite-required"
    BAD_INVITE = "bad-invite"
    KEY_REQUIRED = "key-required"
    TOO_MANY_GUESSES = "too-many-guesses"
    HELLO_FIRST = "hello-first"
    HELLO_AGAIN = "hello-again"
    VERSION = "version"
    HANDSHAKE_TIMEOUT = "handshake-timeout"
    NOT_CHAT = "not-chat"
    TOO_SLOW = "too-slow"
    SHUTTING_DOWN = "shutting-down"
    SERVER_FULL = "server-full"
    TOO_MANY_CONNECTIONS = "too-many-connections"
    CONNECTING_TOO_OFTEN = "connecting-too-often"
    TOO_FAST = "too-fast"
    FLOODING = "flooding"
    BUSY = "busy"
    STORAGE_FULL = "storage-full"
    LOG_UNREADABLE = "log-unreadable"
    BAD_QUERY = "bad-query"
    OFFLINE = "offline"
    OUTBOX_FULL = "outbox-full"
    OUTBOX_UNWRITABLE = "outbox-unwritable"
    UNSUPPORTED = "unsupported"


PASSING = frozenset([Code.STORAGE_FULL, Code.TOO_FAST])
"""A message that was refused so may be sent again as it is, and is taken some time."""


class ProtocolError(Exception):
    """Something that a peer sent, or asks for, and that is answered with an error."""

    code: ClassVar[Code]

    def __init__(self, detail: str = "", limit: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        """What was wrong, as data: a name, a field, a usage."""
        self.limit = limit
        """The limit that was passed, in the unit that the code implies."""
        self.retry_after = retry_after
        """In how many seconds it may be tried again; None if that is not known."""

    def __str__(self) -> str:
        parts = [str(self.code), self.detail, "" if self.limit is None else f"limit {self.limit}"]
        return ": ".join(filter(None, parts))


class FramingError(ProtocolError):
    """Bytes that are no line of text."""


class LineTooLong(FramingError):
    code = Code.LINE_TOO_LONG


class NotUtf8(FramingError):
    code = Code.NOT_UTF8


class NotChat(FramingError):
    """The peer speaks another protocol, which `detail` names."""

    code = Code.NOT_CHAT


class DecodeError(ProtocolError):
    """A line that is no message of the rich dialect."""


class Malformed(DecodeError):
    code = Code.MALFORMED


class UnknownType(DecodeError):
    code = Code.UNKNOWN_TYPE


class RuleError(ProtocolError):
    """A value that breaks the rules for its kind, whoever sends it and whenever."""


class BadNick(RuleError):
    code = Code.BAD_NICK


class NickReserved(RuleError):
    """A nick that would be read as the server's; `detail` names it."""

    code = Code.NICK_RESERVED


class BadRoom(RuleError):
    code = Code.BAD_ROOM


class BadId(RuleError):
    code = Code.BAD_ID


class BadKey(RuleError):
    code = Code.BAD_KEY


class BadLabel(RuleError):
    """A device's name that is empty, over its `limit`, or not to be shown."""

    code = Code.BAD_LABEL


class EmptyText(RuleError):
    code = Code.EMPTY_TEXT


class TextTooLong(RuleError):
    code = Code.TEXT_TOO_LONG


class TopicTooLong(RuleError):
    code = Code.TOPIC_TOO_LONG


class BadCharacter(RuleError):
    """A character that is never part of a text; `detail` is its code point, as U+0000."""

    code = Code.BAD_CHARACTER


class BadEmoji(RuleError):
    """`detail` names no emoji."""

    code = Code.BAD_EMOJI


class CommandError(ProtocolError):
    """A slash command that can't be read."""


class UnknownCommand(CommandError):
    """`detail` names the nearest commands there are, or the one that lists all."""

    code = Code.UNKNOWN_COMMAND


class BadUsage(CommandError):
    """`detail` is the command's usage."""

    code = Code.BAD_USAGE


class Refused(ProtocolError):
    """What can't be granted, or go on, as things stand."""


class NickTaken(Refused):
    code = Code.NICK_TAKEN


class NotInRoom(Refused):
    """The peer is not in the room that `detail` names, whether there is one or not."""

    code = Code.NOT_IN_ROOM


class StaysInGeneral(Refused):
    """Nobody leaves the room that is always there but by leaving the chat."""

    code = Code.STAYS_IN_GENERAL


class TooManyRooms(Refused):
    """One person is in `limit` rooms already."""

    code = Code.TOO_MANY_ROOMS


class NoSuchNick(Refused):
    """Nobody has the nick that `detail` names, or nobody of that nick is there."""

    code = Code.NO_SUCH_NICK


class NoSuchMessage(Refused):
    """There is no message of that `seq` in the room, or none any more; `detail` is the `seq`."""

    code = Code.NO_SUCH_MESSAGE


class NotYours(Refused):
    """That is for the message's author, or the room's maker."""

    code = Code.NOT_YOURS


class NotPrivate(Refused):
    """Nobody is brought into a room that everyone may join, nor into a conversation of two."""

    code = Code.NOT_PRIVATE


class NotModerator(Refused):
    """That is for the room's maker, or an operator."""

    code = Code.NOT_MODERATOR


class NotOperator(Refused):
    """That is for an operator."""

    code = Code.NOT_OPERATOR


class Exempt(Refused):
    """Nobody does that to an operator, or to themselves; `detail` is whom it was to be done to."""

    code = Code.EXEMPT


class NothingToLift(Refused):
    """Nothing is in force there against whoever `detail` names."""

    code = Code.NOTHING_TO_LIFT


class TooManySanctions(Refused):
    """In one room `limit` bans, or as many mutes, are in force already."""

    code = Code.TOO_MANY_SANCTIONS


class BadNetwork(RuleError):
    """`detail` is no network of IP addresses."""

    code = Code.BAD_NETWORK


class BadDuration(RuleError):
    """A time, in seconds, that is below nothing or over `limit`."""

    code = Code.BAD_DURATION


class ReasonTooLong(RuleError):
    code = Code.REASON_TOO_LONG


class Banned(Refused):
    """The peer may not come into the chat; `detail` is why, if that was said."""

    code = Code.BANNED


class BannedFromRoom(Refused):
    """The peer may not come into the room that `detail` names."""

    code = Code.BANNED_FROM_ROOM


class Kicked(Refused):
    """The peer was taken off the chat; `detail` is why, if that was said."""

    code = Code.KICKED


class Muted(Refused):
    """The peer may say nothing there; `detail` is why, if that was said."""

    code = Code.MUTED


class Slowed(Refused):
    """In that room each says one message in `limit` seconds."""

    code = Code.SLOWED


class TooManyReactions(Refused):
    """The message has `limit` different emoji already."""

    code = Code.TOO_MANY_REACTIONS


class IdReused(Refused):
    """The same id again, with another text."""

    code = Code.ID_REUSED


class BadProof(Refused):
    """A signature that the key did not make over what it was asked to sign."""

    code = Code.BAD_PROOF


class KeyRevoked(Refused):
    """The key was put out by another device of its person, and lets nobody in any more."""

    code = Code.KEY_REVOKED


class KeyTaken(Refused):
    """The key is, or was, somebody's already."""

    code = Code.KEY_TAKEN


class NoSuchDevice(Refused):
    """One has no other device with that key."""

    code = Code.NO_SUCH_DEVICE


class TooManyDevices(Refused):
    """`limit` keys let one in already."""

    code = Code.TOO_MANY_DEVICES


class PasswordRequired(Refused):
    """Whoever is no member yet comes in with the chat's password."""

    code = Code.PASSWORD_REQUIRED


class WrongPassword(Refused):
    code = Code.WRONG_PASSWORD


class InviteRequired(Refused):
    """Whoever is no member yet comes in with an invitation."""

    code = Code.INVITE_REQUIRED


class BadInvite(Refused):
    """There is no such invitation, or none any more, or it is for another nick than `detail`."""

    code = Code.BAD_INVITE


class KeyRequired(Refused):
    """Who is invited is known by a key from then on, and the peer has none."""

    code = Code.KEY_REQUIRED


class TooManyGuesses(Refused):
    """Whoever tried too often waits, and so do those who come when too many try."""

    code = Code.TOO_MANY_GUESSES


class HelloFirst(Refused):
    code = Code.HELLO_FIRST


class HelloAgain(Refused):
    code = Code.HELLO_AGAIN


class VersionUnsupported(Refused):
    """`limit` is the version that this server speaks."""

    code = Code.VERSION


class HandshakeTimeout(Refused):
    """`limit` is the time that the handshake may take, in seconds."""

    code = Code.HANDSHAKE_TIMEOUT


class TooSlow(Refused):
    """The peer's outbox is over its `limit`."""

    code = Code.TOO_SLOW


class ShuttingDown(Refused):
    code = Code.SHUTTING_DOWN


class TurnedAway(Refused):
    """The connection is one too many."""


class ServerFull(TurnedAway):
    """The server has all the connections that it may have, which `limit` counts."""

    code = Code.SERVER_FULL


class TooManyConnections(TurnedAway):
    """The peer's address has `limit` connections already."""

    code = Code.TOO_MANY_CONNECTIONS


class ConnectingTooOften(TurnedAway):
    """The peer's address has connected `limit` times within limits.NEW_CONNECTIONS_SECONDS."""

    code = Code.CONNECTING_TOO_OFTEN


class TooFast(Refused):
    """More was asked for than `limit` a second; `detail` is the type of the request, "" for what is none."""

    code = Code.TOO_FAST


class Flooding(Refused):
    """The peer was refused `limit` times in a row for asking too often."""

    code = Code.FLOODING


class Busy(Refused):
    """More than `limit` questions of this connection wait for their answers."""

    code = Code.BUSY


class StorageFull(Refused):
    """The log can't be written, so nothing can be posted until it can."""

    code = Code.STORAGE_FULL


class LogUnreadable(Refused):
    """The log can't be read, so there is no answer."""

    code = Code.LOG_UNREADABLE


class BadQuery(Refused):
    """A search that makes no sense; `detail` is the part that doesn't."""

    code = Code.BAD_QUERY


class Offline(Refused):
    """There is no connection; raised by a client, never sent."""

    code = Code.OFFLINE


class OutboxFull(Refused):
    """`limit` messages wait for a connection; raised by a client, never sent."""

    code = Code.OUTBOX_FULL


class OutboxUnwritable(Refused):
    """A message can't be kept until it is confirmed, for the reason `detail`; raised by a client, never sent."""

    code = Code.OUTBOX_UNWRITABLE


class Unsupported(Refused):
    """The server is one without that; raised by a client, never sent."""

    code = Code.UNSUPPORTED
