"""What was confirmed is in the log, however the server ends."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from chatapp.server.storage.sqlite_store import FILE_NAME
from chatapp.server.storage.upkeep import check
from tests.server.storage.logs import read_log


def append_and_kill(folder: Path, lines: int) -> list[tuple[int, str]]:
    """Let a process append, kill it after so many confirmations, and return all that it got out."""
    command = [sys.executable, "-m", "tests.server.storage.appender", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        printed += process.stdout.readlines()
    confirmed = [line.split() for line in printed if line.endswith("\n")]
    return [(int(seq), id_) for seq, id_ in confirmed]


def try_kills(folder: Path, rounds: int) -> None:
    random = Random(rounds)
    confirmed: list[tuple[int, str]] = []
    for _ in range(rounds):
        confirmed += append_and_kill(folder, random.randrange(1, 300))
        kept = [(said.seq, said.id) for said in read_log(folder)]
        assert set(confirmed) <= set(kept)
        assert len({id_ for _, id_ in kept}) == len(kept)
    assert check(folder / FILE_NAME) == []


def test_nothing_confirmed_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    try_kills(tmp_path, rounds=10)


@pytest.mark.campaign
def test_nothing_confirmed_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    try_kills(tmp_path, rounds=200)
