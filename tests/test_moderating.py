"""Moderating from the command line: who may, and what was done."""

import asyncio
from pathlib import Path

import pytest

from chatapp.cli import main
from chatapp.client.identity import Identity
from chatapp.protocol.errors import Code
from chatapp.protocol.events import Error
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Kick
from chatapp.server.server import log_file
from chatapp.server.storage.records import Deed
from tests.ports import free_port
from tests.server.keyed import entered, guest
from tests.server.storage.logs import NOON, opened
from tests.test_cli import chatapp, ended

KEY = "ab" * 32


@pytest.mark.parametrize("name", ["a b", "servidor", "ab" * 31])
def test_an_operator_is_a_key_or_a_nick(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is refused in one line."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--operator", name])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_was_done_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the key of whoever did it, the newest last; what people wrote moves no cursor."""

    async def fill() -> None:
        async with opened(log_file(tmp_path, 9000).parent) as store:
            ban = Deed(NOON, KEY, "ana", "ban", "#general", "luis", ("key:k2",), NOON + 7200, "sp\x1b[2Jam")
            await store.append([ban, Deed(NOON + 60, "guest-1", "eva", "slow", "#ops", seconds=5)])

    asyncio.run(fill())
    assert main(["db", "audit", "--data", str(tmp_path)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("2023-11-14 22:13 ana banned luis · in all of the chat · 2 h · sp␛[2Jam · SHA256:")
    assert second == "2023-11-14 22:14 eva lets everyone say one message in 5 s · #ops"
    assert main(["db", "audit", "--data", str(tmp_path), "--limit", "1", "--lang", "es"]) == 0
    assert capsys.readouterr().out == "2023-11-14 22:14 eva deja decir un mensaje cada 5 s a cada cual · #ops\n"


def test_where_there_is_no_log_one_line_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "audit", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


async def test_who_is_named_looks_after_the_chat(tmp_path: Path) -> None:
    """From the command line to the log: what the operator does is listed while the server runs."""
    ana, port = Identity.from_seed(b"ana".ljust(32)), free_port()
    serve = ("serve", "--port", str(port), "--operator", "luis", "--operator", ana.key.upper(), "--data", str(tmp_path))
    async with chatapp(*serve) as running:
        await running.line()
        async with entered(port, "ana", ana) as peer, guest(port, "luis") as luis:
            peer.send(Kick(GENERAL, "luis", "spam"))
            assert (await luis.next(Error)).code == Code.KICKED
        code, out, _ = await ended("db", "audit", "--port", str(port), "--data", str(tmp_path))
    assert code == 0
    assert "ana kicked luis · in all of the chat · spam · SHA256:" in out
