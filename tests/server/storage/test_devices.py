"""Whose keys are whose outlives the server, and damage."""

from pathlib import Path

from chatapp.server.storage.records import Device, Linking, Revoking
from chatapp.server.storage.recovery import recover
from chatapp.server.storage.sqlite_store import FILE_NAME
from chatapp.server.storage.upkeep import check
from tests.server.storage.logs import NOON, opened

KNOWN = {
    "k2": Device("k1", "laptop", NOON, is_revoked=True),
    "k3": Device("k1", "phone", NOON + 1),
    "k1": Device("k1", "", NOON + 3, is_revoked=True),
}


async def test_devices_outlive_the_server_and_damage(tmp_path: Path) -> None:
    """In their order, and those that were put out stay so, the first too; nobody links a key twice."""
    async with opened(tmp_path) as store:
        await store.append([Linking("k2", "k1", "laptop", NOON), Linking("k3", "k1", "phone", NOON + 1)])
        await store.append([Linking("k3", "k9", "theirs", NOON + 2), Revoking("k2", "k1", NOON + 2)])
        await store.append([Revoking("k1", "k1", NOON + 3), Revoking("k1", "k1", NOON + 4)])
    (tmp_path / "new").mkdir()
    recover(tmp_path / FILE_NAME, tmp_path / "new" / FILE_NAME)
    for folder in (tmp_path, tmp_path / "new"):
        async with opened(folder) as store:
            assert list(store.devices.items()) == list(KNOWN.items())
        assert check(folder / FILE_NAME) == []
