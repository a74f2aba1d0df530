"""What is logged is one line, private, and tells no secrets; a fault is a report in a file and one line."""

import asyncio
import logging
import stat
from pathlib import Path

import pytest

from chatapp import crash
from chatapp.logs import OneLine, PrivateFile, log_to_file
from chatapp.protocol.events import Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Say
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from tests.dangers import dangers_in
from tests.ports import free_port
from tests.server.talking import plain, rich_peer
from tests.test_cli import chatapp

HOSTILE = "ana\x1b]2;title\x07\n2026-01-01 ERROR forged \u202e\x9b2J"
SECRET = "what somebody said"


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports go here."""
    monkeypatch.setattr(crash, "user_log_path", lambda *_, **__: tmp_path / "logs")
    return tmp_path / "logs"


def fault(secret: str = SECRET) -> None:
    raise ValueError(secret + " of the message")


def record(message: str, *values: object, error: Exception | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("chatapp", logging.ERROR, "", 0, message, values, exc_info)


def test_a_record_is_one_line_without_controls() -> None:
    """What a peer put into it forges no line and moves no cursor."""
    line = OneLine().format(record("%s joined", HOSTILE))
    assert not dangers_in(line)
    assert line.endswith(" joined")


def test_a_record_with_a_fault_says_where_the_report_is(reports: Path) -> None:
    """There is no traceback in the log, and no message that may quote what a callback was given."""
    try:
        fault()
    except ValueError as error:
        line = OneLine().format(record("Exception in callback f(%r)", SECRET, error=error))
    assert line.endswith(f"chatapp failed (ValueError). The report is in {reports / 'crash.log'}")
    assert SECRET not in line.replace(str(reports), "")
    assert "of the message" not in (reports / "crash.log").read_text().replace('" of the message")', "")


def test_a_file_of_logs_is_private_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for its owner alone, and of two files with so much in them at most."""
    monkeypatch.setattr(crash, "_MOST_BYTES", 1000)
    handler = PrivateFile(tmp_path / "new" / "chatapp.log")
    for _ in range(100):
        handler.emit(record("x" * 90))
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] in (["chatapp.log", "chatapp.log.old"], ["chatapp.log.old"])
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size < 1200 for file in files)


def test_a_window_logs_to_a_file(
    reports: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The screen is not the log's: not even a warning is printed, and one that can't be kept is no fault."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(logging, "raiseExceptions", True)
    log_to_file()
    logging.getLogger("chatapp").warning("the disk is %s", HOSTILE)
    assert (reports / "chatapp.log").read_text().count("\n") == 1
    (reports / "chatapp.log").unlink()
    (reports / "chatapp.log").mkdir()
    logging.getLogger("chatapp").warning("again")
    assert capfd.readouterr() == ("", "")


async def test_a_fault_that_nobody_waits_for_is_reported(reports: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In a callback, and in a task: one line each, the traceback is in the file, and nothing on stderr."""
    told: list[str] = []
    loop = asyncio.get_running_loop()
    crash.report_unawaited(loop, told.append)
    loop.call_soon(fault)
    await asyncio.sleep(0)
    task = loop.create_task(_failing())
    await asyncio.wait({task})
    del task
    assert told == [f"chatapp failed (ValueError). The report is in {reports / 'crash.log'}"] * 2
    assert (reports / "crash.log").read_text().count("in fault") == 2
    assert capfd.readouterr() == ("", "")


async def _failing() -> None:
    fault()


def test_what_the_system_refuses_is_no_fault_of_the_program(reports: Path) -> None:
    """A server out of descriptors says so, and writes no report each time."""
    told: list[str] = []
    loop = asyncio.new_event_loop()
    crash.report_unawaited(loop, told.append)
    loop.call_exception_handler({"message": "accept", "exception": OSError(24, "x")})
    loop.close()
    assert told == ["The system can't do that now: Too many open files"]
    assert not reports.exists()


@pytest.mark.parametrize("is_on", [False, True])
async def test_addresses_are_logged_only_if_wanted(caplog: pytest.LogCaptureFixture, is_on: bool) -> None:
    """Who comes is in the log, from where only with --log-addresses."""
    server = Server(Settings(port=0, log_addresses=is_on))
    await server.start()
    with caplog.at_level("INFO"):
        async with plain(server.port, "ana"):
            await server.stop()
    assert "ana joined (plain)" in caplog.text
    assert ("127.0.0.1" in caplog.text) is is_on


async def test_nothing_said_is_in_a_log(caplog: pytest.LogCaptureFixture, server: Server) -> None:
    """At the lowest level too there are no bodies, of what is refused neither, and no keys."""
    with caplog.at_level("DEBUG"):
        async with plain(server.port, "ana") as ana, rich_peer(server.port, "eva") as eva:
            eva.send(Say(GENERAL, SECRET, "1"))
            await eva.next(Said)
            ana.write(f"/nick {SECRET}\n/frobnicate {SECRET}\n".encode() + b"\xff" + SECRET.encode() + b"\n")
            eva.write(f'{{"type":"say","text":"{SECRET}"}}\n{{"type":"{SECRET}"}}\n{{{SECRET}\n')
            await ana.lines(5)
    assert SECRET not in caplog.text


UMASK = """
import os, sys
os.umask(0)
from chatapp.cli import main
code = main(sys.argv[1:])
sys.exit(code or os.umask(0) != 0o077)
"""


@pytest.mark.parametrize("command", ["serve", "join"])
async def test_what_is_written_is_nobody_elses(tmp_path: Path, command: str) -> None:
    """Whatever umask a person has, all that the program makes is closed to others."""
    data, port = tmp_path / "all" / "data", str(free_port())
    arguments = (command, "--port", port, "--data", str(data))
    more = ("--nick", "ana", "--plain-ui") if command == "join" else ()
    async with chatapp(*arguments, *more, code=UMASK) as running:
        if command == "serve":
            await running.line()
            running.process.terminate()
        assert (await running.end())[0] == 0
    made = [data.parent, *data.parent.rglob("*")]
    assert len(made) > 2
    assert [path for path in made if path.lstat().st_mode & 0o077] == []
