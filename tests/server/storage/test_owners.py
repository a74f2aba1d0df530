"""A nick belongs to the first key that claims it."""

from pathlib import Path

from chatapp.protocol.errors import NickTaken
from chatapp.server.storage.records import Appended, Claim, Claimed
from chatapp.server.storage.sqlite_store import SqliteStore
from tests.server.storage.logs import NOON, opened, post


def claim(nick: str, key: str, releases: str = "") -> Claim:
    return Claim(nick, key, NOON, releases)


async def test_the_first_key_owns_the_nick(store: SqliteStore) -> None:
    """In any spelling of it; the owner may claim it again."""
    outcomes = await store.append([claim("Ana", "k1"), claim("ANA", "k2"), claim("ana", "k1")])
    assert list(map(type, outcomes)) == [Claimed, NickTaken, Claimed]
    assert dict(store.owners.accounts) == {"ana": "k1"}


async def test_claims_and_posts_are_answered_in_their_order(store: SqliteStore) -> None:
    outcomes = await store.append([post("a"), claim("ana", "k1"), post("b"), claim("ana", "k2")])
    assert list(map(type, outcomes)) == [Appended, Claimed, Appended, NickTaken]


async def test_a_nick_that_is_released_is_free(store: SqliteStore) -> None:
    """In the same batch, too."""
    outcomes = await store.append([claim("ana", "k1"), claim("eva", "k1", releases="Ana"), claim("ana", "k2")])
    assert list(map(type, outcomes)) == [Claimed] * 3
    assert dict(store.owners.accounts) == {"eva": "k1", "ana": "k2"}


async def test_nobody_releases_what_is_not_theirs(store: SqliteStore) -> None:
    """Nor does a claim that is refused release anything; and a nick that stays the same stays owned."""
    await store.append([claim("ana", "k1"), claim("luis", "k2")])
    await store.append([claim("eva", "k1", releases="luis"), claim("luis", "k1", releases="ana")])
    await store.append([claim("Luis", "k2", releases="luis")])
    assert dict(store.owners.accounts) == {"ana": "k1", "luis": "k2", "eva": "k1"}


async def test_owners_outlive_the_server(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await store.append([claim("ana", "k1"), claim("luis", "k2")])
        await store.append([claim("eva", "k1", releases="ana")])
    async with opened(tmp_path) as store:
        assert dict(store.owners.accounts) == {"eva": "k1", "luis": "k2"}
        (outcome,) = await store.append([claim("eva", "k2")])
        assert isinstance(outcome, NickTaken)
        assert outcome.detail == "eva"


async def test_what_a_key_was_called_last(tmp_path: Path) -> None:
    """As it wrote it; a claim that is refused is no name. It outlives the server."""
    async with opened(tmp_path) as store:
        await store.append([claim("Ana", "k1"), claim("Luis", "k2"), claim("ANA", "k2"), claim("eva", "k1")])
        assert dict(store.nicks) == {"k1": "eva", "k2": "Luis"}
        await store.append([claim("ANA", "k1", releases="eva")])
        assert dict(store.nicks) == {"k1": "ANA", "k2": "Luis"}
    async with opened(tmp_path) as store:
        assert dict(store.nicks) == {"k1": "ANA", "k2": "Luis"}
