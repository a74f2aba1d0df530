"""What people do with messages: say, edit, delete, react, read."""

import asyncio
from typing import TYPE_CHECKING

from chatapp.protocol.emoji import check_emoji
from chatapp.protocol.errors import Malformed
from chatapp.protocol.names import check_id, check_nick, check_text, check_topic, is_to_nick
from chatapp.protocol.requests import TALK, Delete, Edit, MarkRead, React, Say, SetLevel
from chatapp.server.bus import Changing, Noting, Posting
from chatapp.server.gate import is_moderator
from chatapp.server.places import keep_open, open_conversation
from chatapp.server.services import Services
from chatapp.server.storage.records import Change, Post, Reading

if TYPE_CHECKING:
    from chatapp.server.session import Session

_OWN_KINDS = (*TALK, "topic")


def say(request: Say, session: "Session", services: Services, nick: str) -> None:
    check_id(request.id)
    check_text(request.text)
    if request.kind != "text":
        _check_kind(request)
    if services.sanctions.is_slow(request.room) and not is_moderator(request.room, session, services):
        services.sanctions.check_pace(request.room, session.account, asyncio.get_running_loop().time())
    if request.room.startswith("@"):
        request = _converse(request, session, services)
    services.bus.publish(Posting(Post(session.author, nick, request, services.settings.clock()), session))


def _check_kind(request: Say) -> None:
    """Raises Malformed for what only the server says, and TopicTooLong."""
    if request.kind not in _OWN_KINDS:
        raise Malformed("kind")
    if request.kind == "topic":
        check_topic(request.text)


def _converse(request: Say, session: "Session", services: Services) -> Say:
    """Let both hear what is said in a conversation; return the request with the name of its room."""
    if is_to_nick(request.room):
        room = open_conversation(request.room[1:], session, services)
        return Say(room, request.text, request.id, request.kind, request.reply)
    keep_open(request.room, services)
    return request


def edit(request: Edit, session: "Session", services: Services, nick: str) -> None:
    check_text(request.text)
    _change(request, session, services, nick)


def delete(request: Delete, session: "Session", services: Services, nick: str) -> None:
    if request.nick:
        check_nick(request.nick)
    _change(request, session, services, nick)


def react(request: React, session: "Session", services: Services, nick: str) -> None:
    named = React(request.room, check_emoji(request.emoji), request.seq, request.on)
    _change(named, session, services, nick)


def _change(request: Edit | Delete | React, session: "Session", services: Services, nick: str) -> None:
    may_delete_any = is_moderator(request.room, session, services)
    change = Change(session.author, nick, request, services.settings.clock(), session.since, may_delete_any)
    services.bus.publish(Changing(change, session))


def mark_read(request: MarkRead, session: "Session", services: Services, _nick: str) -> None:
    """Keep how far a key has read; a guest is not remembered."""
    if not session.is_guest:
        read = max(min(request.seq, services.hub.last_seq), 0)
        _note(Reading(session.account, request.room, read), services)


def set_level(request: SetLevel, session: "Session", services: Services, _nick: str) -> None:
    if not session.is_guest:
        _note(Reading(session.account, request.room, level=request.level), services)


def _note(reading: Reading, services: Services) -> None:
    services.bus.publish(Noting(reading, lambda: services.hub.tell_unread(reading.key, reading.room)))
