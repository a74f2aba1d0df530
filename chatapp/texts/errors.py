"""What the errors of the protocol say to a person: what was wrong, what was expected, what to do."""

import math

from chatapp.protocol import limits
from chatapp.protocol.errors import Code, ProtocolError
from chatapp.protocol.moderating import spoken
from chatapp.texts import tr

_EXPLANATIONS = {
    Code.LINE_TOO_LONG: "That line is over {limit} bytes and was dropped. Send it in shorter ones.",
    Code.NOT_UTF8: "That was not UTF-8 text and was dropped. Set your terminal or program to UTF-8.",
    Code.MALFORMED: "That line is no valid request: {detail}.",
    Code.UNKNOWN_TYPE: "There is no request of the type {detail}.",
    Code.BAD_NICK: "A nick has 1 to {limit} letters, digits, _ - or . and starts with a letter, digit or _. "
    "Choose one like that.",
    Code.BAD_ROOM: "A room is # and then letters, digits, _ - or . with at most {limit} characters in all.",
    Code.BAD_ID: "A message id has 1 to {limit} printable ASCII characters and no space.",
    Code.BAD_KEY: "That is no key: one is 64 hexadecimal digits, in lower case.",
    Code.BAD_LABEL: "A device's name has 1 to {limit} characters that can be seen. Choose one like that.",
    Code.EMPTY_TEXT: "There is nothing in that message. Write something.",
    Code.TEXT_TOO_LONG: "That message is over {limit} bytes and was not sent. Send it in parts.",
    Code.BAD_CHARACTER: "A message can't hold the character {detail}. Take it out and send it again.",
    Code.BAD_EMOJI: "There is no emoji called {detail}. Use a name like thumbs_up or heart.",
    Code.UNKNOWN_COMMAND: "There is no such command. Did you mean: {detail}? Type // to start a message with a slash.",
    Code.BAD_USAGE: "That command is written like this: {detail}",
    Code.NICK_RESERVED: "The nick {detail} is reserved. Choose another.",
    Code.NICK_TAKEN: "The nick {detail} is taken. Choose another.",
    Code.NOT_IN_ROOM: "You are not in {detail}. To go there: /join {detail}",
    Code.STAYS_IN_GENERAL: "Everyone is in #general. To leave the chat: /quit",
    Code.TOO_MANY_ROOMS: "You are in {limit} rooms, and that is all that one may be in. Leave one first.",
    Code.NO_SUCH_NICK: "There is nobody called {detail} to be reached. To see who is here: /who",
    Code.NO_SUCH_MESSAGE: "That message is not here, or not any more.",
    Code.NOT_YOURS: "That is only for who wrote the message, or who made the room.",
    Code.NOT_PRIVATE: "Nobody is brought in here. Everyone may /join a public room; for another private one: /private",
    Code.NOT_MODERATOR: "That is only for who made this room, or for an operator of the chat.",
    Code.NOT_OPERATOR: "That is only for an operator of the chat.",
    Code.EXEMPT: "That can't be done to {detail}: nobody does it to an operator, or to themselves.",
    Code.NOTHING_TO_LIFT: "There is nothing of the kind against {detail} here.",
    Code.TOO_MANY_SANCTIONS: "There are {limit} of the kind here already. Lift some, or ban a network.",
    Code.BAD_NETWORK: "That is no network: {detail}. Write one like 192.0.2.0/24, or one address as 192.0.2.7/32.",
    Code.BAD_DURATION: "That time is too long: {limit} seconds at most.",
    Code.REASON_TOO_LONG: "A reason is one line of at most {limit} characters. Shorten it.",
    Code.BANNED: "You are banned from this chat.",
    Code.BANNED_FROM_ROOM: "You are banned from {detail}.",
    Code.KICKED: "You were taken off this chat.",
    Code.MUTED: "You may not speak here.",
    Code.SLOWED: "Here each says one message in {limit} seconds.",
    Code.TOPIC_TOO_LONG: "A topic is one line of at most {limit} characters. Shorten it.",
    Code.TOO_MANY_REACTIONS: "That message has {limit} different reactions already. Use one of those.",
    Code.ID_REUSED: "That message's id was used before for another text.",
    Code.BAD_PROOF: "The proof that the nick's key is yours was wrong. Connect again.",
    Code.KEY_REVOKED: "This device's key was revoked from another device of yours, and lets nobody in. "
    "Link this device anew from that one, or take another nick.",
    Code.KEY_TAKEN: "That key is somebody's already. Make a new one.",
    Code.NO_SUCH_DEVICE: "You have no other device with that key.",
    Code.TOO_MANY_DEVICES: "You have {limit} devices, and that is all that one may have. Revoke one first.",
    Code.PASSWORD_REQUIRED: "This chat has a password. Give it.",
    Code.WRONG_PASSWORD: "That is not the password of this chat. Give it again.",
    Code.INVITE_REQUIRED: "This chat is for those who are invited. Give the invitation that you got.",
    Code.BAD_INVITE: "That invitation can't be used: it was used before, is too old or mistyped, or is for another "
    "nick than {detail}.",
    Code.KEY_REQUIRED: "This chat is for those who are invited, and knows them by their keys. "
    "Join it with: chatapp join",
    Code.TOO_MANY_GUESSES: "Too many tried to come in.",
    Code.HELLO_FIRST: "Say hello first: the first request gives your nick.",
    Code.HELLO_AGAIN: "You said hello already. To change your nick, rename.",
    Code.VERSION: "This server speaks version {limit} of the protocol. Use a chatapp of the same version.",
    Code.HANDSHAKE_TIMEOUT: "No nick within {limit} seconds. Connect again.",
    Code.NOT_CHAT: "This port is a chat, not {detail}. Join it with: chatapp join",
    Code.TOO_SLOW: "You read too slowly: over {limit} bytes were waiting. Connect again.",
    Code.SHUTTING_DOWN: "The server is shutting down.",
    Code.SERVER_FULL: "The server is full: it has its {limit} connections. Try again later.",
    Code.TOO_MANY_CONNECTIONS: "Your address has {limit} connections here, and that is all that one may have. "
    "Close one, or try again in {seconds} s.",
    Code.CONNECTING_TOO_OFTEN: "Your address has connected {limit} times within {minutes} minutes, and that is all "
    "that one may. Try again in {seconds} s.",
    Code.TOO_FAST: "That was too fast: {limit} a second are taken in the long run. Try again in {seconds} s.",
    Code.FLOODING: "That was far too fast: {limit} lines in a row were refused. Connect again in {seconds} s.",
    Code.BUSY: "Over {limit} of your questions wait for their answers. Ask again when those are there.",
    Code.STORAGE_FULL: "The server's disk can't take any more, so that was not posted. Try again later.",
    Code.LOG_UNREADABLE: "The server can't read its log, so there is no answer. "
    "Its own messages say why: tell its host.",
    Code.BAD_QUERY: 'That search makes no sense: {detail}. Search for words, "phrases", prefix* (of two letters or '
    "more), from:ana, before:2026-01-31 or after:2026-01-31.",
    Code.OFFLINE: "There is no connection. Try that again when there is.",
    Code.OUTBOX_FULL: "There are {limit} messages that wait to be sent. Send more when there is a connection.",
    Code.OUTBOX_UNWRITABLE: "That was not sent: this machine's disk could not keep it until it arrives "
    "({detail}). Make room there.",
    Code.UNSUPPORTED: "This server is a simple one that can't do that.",
}


_WITH_REASON = frozenset([Code.BANNED, Code.KICKED, Code.MUTED])
"""What somebody decided, who may have said why."""


_ENDING = frozenset([Code.TOO_MANY_GUESSES, Code.BANNED, Code.BANNED_FROM_ROOM, Code.MUTED, Code.SLOWED])
"""What ends by itself, if there is a time that says when."""


def explain(
    code: str, detail: str = "", limit: int | None = None, fallback: str = "", retry_after: float | None = None
) -> str:
    """Return what an error of `code` says; `fallback` for a code that this version doesn't know."""
    text = _EXPLANATIONS.get(Code(code)) if code in set(Code) else None
    if text is None:
        return fallback
    seconds, minutes = math.ceil(retry_after or 0), round(limits.NEW_CONNECTIONS_SECONDS / 60)
    parts = [tr(text, detail=detail, limit=limit, seconds=seconds, minutes=minutes)]
    if detail and code in _WITH_REASON:
        parts.append(tr("The reason: {reason}.", reason=detail.rstrip(".")))
    if retry_after is not None and code in _ENDING:
        parts.append(tr("Try again in {time}.", time=spoken(retry_after)))
    return " ".join(parts)


def explain_error(error: ProtocolError) -> str:
    return explain(error.code, error.detail, error.limit, retry_after=error.retry_after)
