"""Private files and folders: nobody else reads them, they are written whole or not at all, and one at a time."""

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.data import create_private, data_folder, default_folder, make_folder, safe_name, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_what_is_made_is_private(tmp_path: Path) -> None:
    """Folders are 0700, those above them too, and files 0600, whatever the umask is."""
    folder = data_folder(tmp_path / "a" / "b")
    write_private(folder / "one", b"1")
    create_private(folder / "two", b"2")
    assert [mode(path) for path in (tmp_path / "a", folder)] == [0o700] * 2
    assert [mode(path) for path in folder.iterdir()] == [0o600] * 2


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Making a folder again changes nothing about it."""
    tmp_path.chmod(0o755)
    assert make_folder(tmp_path) == tmp_path
    assert mode(tmp_path) == 0o755


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    """Where a file is, no folder can be: that is an error of the system."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        make_folder(tmp_path / "file" / "folder")


def test_the_folder_of_the_user_is_that_of_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With nothing said, data is in the data home (XDG)."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == data_folder(None) == tmp_path / "chatapp"


def test_a_write_replaces_all(tmp_path: Path) -> None:
    """Nothing of what was there is left, and nothing beside the file; its mode is private from then on."""
    file = tmp_path / "file"
    file.write_bytes(b"a long text")
    file.chmod(0o644)
    write_private(file, b"short")
    assert (file.read_bytes(), mode(file), list(tmp_path.iterdir())) == (b"short", 0o600, [file])


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let no file grow over 10 bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("full_disk")
def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """With no room for all of it, the old file stays as it was, a new one is not there, and nothing is left over."""
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with pytest.raises(OSError, match="large"):
        write_private(file, b"x" * 11)
    with pytest.raises(OSError, match="large"):
        create_private(tmp_path / "new", b"x" * 11)
    assert (file.read_bytes(), list(tmp_path.iterdir())) == (b"old", [file])


def test_what_is_there_is_not_created_again(tmp_path: Path) -> None:
    """A file, or a link to nowhere, is left as it is."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    link.symlink_to(tmp_path / "nowhere")
    for path in (file, link):
        with pytest.raises(FileExistsError):
            create_private(path, b"new")
    assert file.read_bytes() == b"old"
    assert not (tmp_path / "nowhere").exists()


_COUNT_UP = """
import sys
from pathlib import Path
from chatapp.data import locked
file = Path(sys.argv[1])
for _ in range(200):
    with locked(file.with_suffix(".lock")):
        file.write_text(str(int(file.read_text()) + 1))
"""


def test_a_lock_keeps_processes_apart(tmp_path: Path) -> None:
    """Four processes that count in one file, each under the lock, lose no count."""
    file = tmp_path / "count"
    file.write_text("0")
    running = [subprocess.Popen([sys.executable, "-c", _COUNT_UP, str(file)]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    assert file.read_text() == "800"


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_a_name_is_safe_and_its_own(one: list[str], other: list[str]) -> None:
    """Any parts give one name of ASCII, without a slash, that fits a file system; other parts give another."""
    name = safe_name(*one)
    assert name.isascii()
    assert "/" not in name
    assert len(name) <= 200
    assert (name == safe_name(*other)) == (one == other)


def test_long_names_differ_at_their_ends() -> None:
    """What is cut off still counts."""
    assert safe_name("ñ" * 200 + "a") != safe_name("ñ" * 200 + "b")
