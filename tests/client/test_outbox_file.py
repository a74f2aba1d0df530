"""What waits on disk: it outlives every way to die, is never altered, and several clients share it."""

import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client import outbox
from chatapp.client.outbox import MOST_WAITING, OutboxFile, outbox_path
from chatapp.protocol.errors import OutboxFull, OutboxUnwritable
from chatapp.protocol.requests import Say

ROOM = "#general"


def say(number: int, text: str = "hola") -> Say:
    return Say(ROOM, text, f"id-{number}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox" / "file.jsonl"


@pytest.fixture
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of thousands of messages, which are not about power that fails."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def test_what_was_added_is_there_for_the_next_start(path: Path) -> None:
    """Another start loads every message as it was, the oldest first."""
    says = [say(2, "a\nb"), say(1, "\x1b[31mñ"), Say("#ñ", "waves", "3", "action")]
    for one in says:
        OutboxFile(path).add(one)
    assert OutboxFile(path).load() == says


def test_nothing_waits_at_first(path: Path) -> None:
    """Where no file was, nothing waits."""
    assert OutboxFile(path).load() == []


def test_what_was_confirmed_waits_no_more(path: Path) -> None:
    """What is removed is not loaded; the rest is, in its order. An id that doesn't wait is no matter."""
    box = OutboxFile(path)
    for number in range(4):
        box.add(say(number))
    for message_id in ("id-1", "id-1", "another"):
        box.remove(message_id)
    assert box.load() == OutboxFile(path).load() == [say(0), say(2), say(3)]


def test_a_message_waits_once(path: Path) -> None:
    """Adding what waits already adds nothing."""
    box = OutboxFile(path)
    for number in (1, 2, 1):
        box.add(say(number))
    assert box.load() == [say(1), say(2)]


def test_it_is_private(path: Path) -> None:
    """Its folder has the mode 0700, all in it 0600, after it was rewritten too."""
    box = OutboxFile(path)
    box.add(say(1))
    box.remove("id-1")
    box.load()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_it_is_on_the_disk_before_add_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole line is written when the file is fsynced, and that is before `add` returns."""
    synced: list[bytes] = []
    box = OutboxFile(path)
    box.load()
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(path.read_bytes()))
    box.add(say(1, "a text"))
    assert b'"a text"' in synced[-1]
    assert synced[-1].endswith(b"}\n")


def test_a_file_torn_at_any_byte(path: Path) -> None:
    """Cut anywhere, what is whole before the cut is loaded, and what is added then is too."""
    box = OutboxFile(path)
    says = [say(number, "ñ") for number in range(3)]
    for one in says:
        box.add(one)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        torn = OutboxFile(path)
        torn.add(say(9))
        *kept, added = OutboxFile(path).load()
        assert kept == says[: len(kept)]
        assert len(kept) >= whole[:length].count(b"}\n")
        assert added == say(9)
        torn.close()


def test_a_flipped_bit_alters_no_message(path: Path) -> None:
    """Any bit flipped: each message that is loaded is one that was added, and at most one is missing."""
    box = OutboxFile(path)
    says = [say(number) for number in range(3)]
    for one in says:
        box.add(one)
    whole = path.read_bytes()
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        loaded = OutboxFile(path).load()
        assert [one for one in says if one in loaded] == loaded
        assert len(loaded) >= 2


@pytest.mark.parametrize("junk", [b"\n", b"\xff\x00\n", b"{}\n", b"00000000 \n", b"no newline", b"[" * 5000])
def test_junk_is_passed_over(path: Path, junk: bytes) -> None:
    """Lines that are no records are dropped, before and after what is whole."""
    OutboxFile(path).add(say(1))
    path.write_bytes(junk + path.read_bytes() + junk)
    assert OutboxFile(path).load() == [say(1)]
    assert OutboxFile(path).load() == [say(1)]


def test_it_is_bounded(path: Path, no_fsync: None) -> None:
    """1,000 messages may wait, one more is refused with that number, and one less makes room for it."""
    box = OutboxFile(path)
    for number in range(MOST_WAITING):
        box.add(say(number))
    with pytest.raises(OutboxFull) as caught:
        OutboxFile(path).add(say(-1))
    assert caught.value.limit == MOST_WAITING == 1000
    box.remove("id-0")
    box.add(say(-1))
    assert box.load() == [*map(say, range(1, MOST_WAITING)), say(-1)]


def test_the_file_stays_small(path: Path, no_fsync: None) -> None:
    """After 3,000 messages that were confirmed, it holds a few hundred lines; after the next start, none of them."""
    box = OutboxFile(path)
    box.add(say(-1, "waits"))
    for number in range(3000):
        box.add(say(number))
        box.remove(f"id-{number}")
    assert path.read_bytes().count(b"}\n") < 600
    assert OutboxFile(path).load() == [say(-1, "waits")]
    assert path.read_bytes().count(b"}\n") == 1


actions = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "load", "start"]), st.integers(0, 1), st.integers(0, 5)), max_size=60
)


@given(actions, st.integers(0, 8))
def test_two_clients_share_it(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, int]], dead_lines: int
) -> None:
    """Whatever two clients do in turn, rewriting it at any time, either loads what was added and not removed."""
    path = tmp_path_factory.mktemp("data") / "file.jsonl"
    boxes = [OutboxFile(path), OutboxFile(path)]
    waiting: dict[str, Say] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr(outbox, "_MOST_DEAD_LINES", dead_lines)
        for action, who, number in actions:
            _act(boxes, who, action, number, waiting)
            if action == "start":
                boxes[who] = OutboxFile(path)
        assert [box.load() for box in boxes] == [list(waiting.values())] * 2
    for box in boxes:
        box.close()


def _act(boxes: list[OutboxFile], who: int, action: str, number: int, waiting: dict[str, Say]) -> None:
    match action:
        case "add":
            boxes[who].add(say(number))
            waiting.setdefault(f"id-{number}", say(number))
        case "remove":
            boxes[who].remove(f"id-{number}")
            waiting.pop(f"id-{number}", None)
        case "load":
            assert boxes[who].load() == list(waiting.values())
        case _:
            boxes[who].close()


_ADD_MANY = """
import sys
from pathlib import Path
from chatapp.client.outbox import OutboxFile
from chatapp.protocol.requests import Say
box, name = OutboxFile(Path(sys.argv[1])), sys.argv[2]
for number in range(int(sys.argv[3])):
    box.add(Say("#general", f"text {number}", f"{name}-{number}"))
    print(number, flush=True)
    if number % 2:
        box.remove(f"{name}-{number}")
"""


def adding(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """Start a process that adds messages, prints the number of each that was, and removes every second one."""
    command = [sys.executable, "-c", _ADD_MANY, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_at_once_lose_nothing(path: Path) -> None:
    """Four processes that add and remove at the same time: what each left waits, whole and in its order."""
    running = [adding(path, name, 60) for name in "abcd"]
    assert [process.communicate(timeout=60)[0].count("\n") for process in running] == [60] * 4
    loaded = OutboxFile(path).load()
    for name in "abcd":
        assert [one.id for one in loaded if one.id[0] == name] == [f"{name}-{number}" for number in range(0, 60, 2)]


@pytest.mark.parametrize("lines", [1, 2, 5, 11, 18, 30])
def test_a_process_that_is_killed_loses_nothing(path: Path, lines: int) -> None:
    """Killed with SIGKILL while it adds: all that it said to be added and did not remove is there, once."""
    process = adding(path, "a", 10_000)
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    with process.stdout as rest:  # communicate would leave what readline has read on
        told += map(int, rest.read().split())
    process.wait()
    loaded = [one.id for one in OutboxFile(path).load()]
    assert len(loaded) == len(set(loaded))
    assert {f"a-{number}" for number in told if number % 2 == 0} <= set(loaded)
    assert {one for one in loaded if int(one[2:]) % 2} <= {f"a-{told[-1]}", f"a-{told[-1] + 1}"}


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let no file grow over 200 bytes: the rest of a write fails, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_refuses_and_heals(path: Path, request: pytest.FixtureRequest) -> None:
    """With no room for a message it is refused with the reason, the file is as it was, and a shorter one fits."""
    box = OutboxFile(path)
    box.add(say(1))
    before = path.read_bytes()
    request.getfixturevalue("full_disk")
    with pytest.raises(OutboxUnwritable) as caught:
        box.add(say(2, "x" * 200))
    assert "large" in caught.value.detail
    assert path.read_bytes() == before
    box.add(say(3))
    assert box.load() == OutboxFile(path).load() == [say(1), say(3)]


def test_what_a_full_disk_can_not_remove_waits_on(path: Path, request: pytest.FixtureRequest) -> None:
    """A mark that can't be written leaves the message waiting, to be sent again: nothing is raised, nothing lost."""
    box = OutboxFile(path)
    box.add(say(1, "x" * 100))
    request.getfixturevalue("full_disk")
    box.remove("id-1")
    assert OutboxFile(path).load() == [say(1, "x" * 100)]


def test_a_closed_one_can_be_used_again(path: Path) -> None:
    """Closing lets go of the file only."""
    box = OutboxFile(path)
    box.add(say(1))
    box.close()
    box.close()
    box.add(say(2))
    assert box.load() == [say(1), say(2)]


def test_a_file_that_was_taken_away_is_made_again(path: Path) -> None:
    """If somebody deletes it, what is added next is kept."""
    box = OutboxFile(path)
    box.add(say(1))
    path.unlink()
    box.add(say(2))
    assert OutboxFile(path).load() == [say(2)]


def test_each_server_and_key_has_its_own(tmp_path: Path) -> None:
    """What was said to one server, or by one author, never goes to another; this machine has one name."""
    keys = ["a" * 64, "b" * 64]
    places = [("chat.example", 9000), ("chat.example", 9001), ("127.0.0.1", 9000)]
    assert len({outbox_path(tmp_path, *place, key) for place in places for key in keys}) == 6
    assert outbox_path(tmp_path, "127.0.0.1", 9000, keys[0]) == outbox_path(tmp_path, "LocalHost", 9000, keys[0])
