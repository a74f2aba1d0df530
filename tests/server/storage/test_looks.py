"""What looks like an owned nick: no claim of it is granted, and older logs give way to the oldest."""

import logging
from contextlib import closing
from pathlib import Path

import pytest

from chatapp.protocol.errors import NickTaken
from chatapp.server.nicks import Nicks
from chatapp.server.storage import schema
from chatapp.server.storage.connection import connect_writer
from chatapp.server.storage.records import Claim, Claimed, Kept, Release, Seen
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME, SqliteStore
from chatapp.server.storage.upkeep import check
from tests.server.storage.logs import NOON, opened, post
from tests.server.storage.test_owners import claim

LOOK = "аna"
"""The first letter is Cyrillic."""


async def test_of_what_looks_alike_one_is_owned(store: SqliteStore) -> None:
    """In one batch and over several; by the same key both are."""
    outcomes = await store.append([claim("ana", "k1"), claim(LOOK, "k2"), claim(LOOK, "k1")])
    assert list(map(type, outcomes)) == [Claimed, NickTaken, Claimed]
    outcomes = await store.append([claim("eva", "k1", releases="ana"), claim("ana", "k2")])
    assert list(map(type, outcomes)) == [Claimed, NickTaken]
    outcomes = await store.append([claim("eva", "k1", releases=LOOK), claim("ana", "k2")])
    assert list(map(type, outcomes)) == [Claimed, Claimed]


async def test_what_is_freed_is_free(tmp_path: Path) -> None:
    """In the same batch, for what looks like it too; what is not the key's stays. A restart remembers it."""
    async with opened(tmp_path) as store:
        await store.append([claim("ana", "k1"), claim("luis", "k3")])
        outcomes = await store.append([Release("luis", "k1"), Release("Ana", "k1"), claim(LOOK, "k2")])
        assert list(map(type, outcomes)) == [Kept, Kept, Claimed]
    async with opened(tmp_path) as store:
        assert dict(store.owners.accounts) == {LOOK: "k2", "luis": "k3"}


async def test_who_was_not_seen(tmp_path: Path) -> None:
    """Since when a claim was made or its key was here, whichever is later; and only its own key tells of it."""
    async with opened(tmp_path) as store:
        await store.append([Claim("ana", "k1", 100), Claim("luis", "k2", 200), Seen("ana", "k1", 300)])
        await store.append([Seen("Ana", "k1", 250), Seen("luis", "k1", 900)])
    async with opened(tmp_path) as store:
        assert await store.unseen(200) == []
        assert await store.unseen(201) == [("luis", "k2")]
        assert await store.unseen(301) == [("luis", "k2"), ("ana", "k1")]


def make_second_version(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make a log of before looks counted, with two nicks that look alike, the first of which is younger."""
    folder.mkdir(exist_ok=True)
    with patch.context() as older:
        older.setattr(schema, "STEPS", schema.STEPS[:2])
        schema.create(folder / FILE_NAME)
    with closing(connect_writer(folder / FILE_NAME)) as db:
        for nick, key, at in ((LOOK, "k2", 2), ("ana", "k1", 1), ("eva", "k3", 3)):
            db.execute("INSERT INTO owners VALUES (?, ?, ?, ?)", (nick, nick, key, at))


async def test_in_an_older_log_the_older_claim_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The other nick is free, which the log of the server says; all were here just now, since nobody knows better."""
    make_second_version(tmp_path, monkeypatch)
    with caplog.at_level(logging.WARNING):
        async with opened(tmp_path) as store:
            assert dict(store.owners.accounts) == {"ana": "k1", "eva": "k3"}
            assert dict(store.nicks) == {"k1": "ana", "k2": LOOK, "k3": "eva"}
            assert await store.unseen(NOON) == []
            outcomes = await store.append([claim(LOOK, "k2"), claim("luis", "k2"), post("mine", author="k2")])
            assert list(map(type, outcomes))[:2] == [NickTaken, Claimed]
    assert [LOOK in record.message for record in caplog.records] == [True]
    caplog.clear()
    async with opened(tmp_path) as store:
        assert dict(store.owners.accounts) == {"ana": "k1", "eva": "k3", "luis": "k2"}
    assert caplog.records == []
    assert check(tmp_path / FILE_NAME) == []


@pytest.mark.parametrize("is_old", [True, False])
async def test_owners_are_saved_of_a_damaged_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_old: bool) -> None:
    """Whichever version it has; of an old one they were seen now."""
    make_second_version(tmp_path / "log", monkeypatch)
    if not is_old:
        async with opened(tmp_path / "log") as store:
            await store.append([claim("luis", "k4")])
    (tmp_path / "new").mkdir()
    recover(tmp_path / "log" / FILE_NAME, tmp_path / "new" / FILE_NAME)
    async with opened(tmp_path / "new") as store:
        assert dict(store.owners.accounts) == {"ana": "k1", "eva": "k3"} | ({} if is_old else {"luis": "k4"})
        assert await store.unseen(NOON) == []


def test_a_draft_changes_nothing_until_it_is_settled() -> None:
    """Neither what is put nor what is dropped; and what looks alike is counted, not forgotten with the first."""
    nicks = Nicks()
    nicks.put("ana", "k1")
    nicks.put(LOOK, "k1")
    draft = nicks.draft()
    draft.drop("ana")
    draft.put("luis", "k2")
    assert (nicks.account("ana"), nicks.account("luis")) == ("k1", None)
    draft.settle()
    assert dict(nicks.accounts) == {LOOK: "k1", "luis": "k2"}
    assert nicks.account_like("ANA", "k2") == "k1"
    nicks.drop(LOOK)
    assert nicks.account_like("ANA", "k2") is None
