"""What is done to messages, as records for a log, and what becomes of it."""

from collections.abc import Sequence

from chatapp.protocol.events import Deleted, Edited, Reacted
from chatapp.protocol.requests import Delete, Edit, React, Say
from chatapp.server.storage.records import Change, Changed, Outcome, Post
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import NOON, ROOM


def reply(text: str, to: int, *, room: str = ROOM, author: str = "key") -> Post:
    return Post(author, "ana", Say(room, text, text.replace(" ", "_"), "text", to), NOON)


def topic(text: str, room: str = ROOM) -> Post:
    return Post("key", "ana", Say(room, text, f"topic-{text}", "topic"), NOON)


def edit(
    text: str, seq: int = 0, *, room: str = ROOM, author: str = "key", nick: str = "ana", since: int = 0
) -> Change:
    return Change(author, nick, Edit(room, text, seq), NOON, since)


def delete(
    seq: int = 0, *, room: str = ROOM, author: str = "key", nick: str = "ana", since: int = 0, is_maker: bool = False
) -> Change:
    return Change(author, nick, Delete(room, seq), NOON, since, is_maker)


def react(
    emoji: str, seq: int = 0, *, room: str = ROOM, author: str = "key", nick: str = "ana", on: bool = True
) -> Change:
    return Change(author, nick, React(room, emoji, seq, on), NOON)


async def put(store: SqliteStore, *records: Post | Change) -> list[Outcome]:
    return await store.append(records)


async def change(store: SqliteStore, one: Change) -> Outcome:
    return (await store.append([one]))[0]


def event_of(outcome: Outcome) -> Edited | Deleted | Reacted:
    assert isinstance(outcome, Changed)
    assert outcome.event is not None
    return outcome.event


def refusals(outcomes: Sequence[Outcome]) -> list[tuple[type, str]]:
    return [(type(one), getattr(one, "detail", "")) for one in outcomes]
