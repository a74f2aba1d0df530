"""The transcripts of PROTOCOL.md, replayed against the real server over real sockets."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatapp.protocol import rich
from chatapp.server.password import Password
from chatapp.server.server import Server
from chatapp.server.settings import Settings, Timing
from tests.peers import LinePeer

SPECIFICATION = Path(rich.__file__).with_name("PROTOCOL.md")
DIALECTS = {"rich", "plain", "unframed"}
GOODBYE = "-- The server is shutting down."
RICH_GOODBYE = '{"type":"error","code":"shutting-down","text":"The server is shutting down."}'

_BLOCK = re.compile(r"^```transcript (.*)\n([^`]*)^```$", re.MULTILINE)
_STEP = re.compile(r"(\w+)([<>]) (.*)")
_ESCAPE = re.compile(r"\\(?:([nr])|x([0-9a-f]{2}))")
_ANY = "<any>"
_END = "<end>"

PATIENT = Timing(newline_after=0.25)
"""A busy machine may be slow to answer NICK, and then a peer without framing would be sent a newline."""


@dataclass(frozen=True)
class Transcript:
    """A block of the specification: who speaks which dialect, and what is sent and read in turn."""

    line: int
    """Where it starts in the specification."""
    dialects: dict[str, str]
    steps: list[str]
    password: str = ""
    """What the server asks for, "" for nothing."""


def transcripts() -> list[Transcript]:
    text = SPECIFICATION.read_text(encoding="utf-8")
    return [_transcript(text.count("\n", 0, block.start()) + 1, block) for block in _BLOCK.finditer(text)]


def _transcript(line: int, block: re.Match[str]) -> Transcript:
    dialects = dict(peer.split("=") for peer in block[1].split())
    password = dialects.pop("password", "")
    return Transcript(line, dialects, block[2].splitlines(), password)


def raw(text: str) -> bytes:
    """Return the bytes that an unframed peer's `text` stands for."""
    bytes_of = {"n": b"\n", "r": b"\r"}
    parts = _ESCAPE.split(text)
    data = parts[0].encode()
    for letter, number, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        data += (bytes_of[letter] if letter else bytes.fromhex(number)) + rest.encode()
    return data


def agrees(read: str, written: str) -> bool:
    """Say whether a line is what the transcript has; ``<any>`` agrees with any value that is there."""
    if not written.startswith("{"):
        return read == written
    return _is_like(json.loads(read), json.loads(written.replace(_ANY, f'"{_ANY}"')))


def _is_like(found: object, expected: object) -> bool:
    match found, expected:
        case dict(), dict():
            return found.keys() == expected.keys() and all(_is_like(found[name], expected[name]) for name in expected)
        case list(), list():
            return len(found) == len(expected) and all(map(_is_like, found, expected))
        case _:
            return expected in (_ANY, found)


class Replay:
    """One run of a transcript: peers connect as they are named, and every step must come true."""

    def __init__(self, transcript: Transcript, server: Server) -> None:
        self._transcript = transcript
        self._server = server
        self._peers: dict[str, LinePeer] = {}
        self._has_stopped = False

    async def run(self) -> None:
        for number, step in enumerate(self._transcript.steps, self._transcript.line + 1):
            found = _STEP.fullmatch(step)
            assert found, f"line {number} is no step: {step}"
            await self._do(number, *found.groups())
        await self._end()

    async def _do(self, number: int, name: str, direction: str, text: str) -> None:
        if name == "server":
            await self.stop()
        elif direction == ">":
            await self._send(name, text)
        else:
            await self._expect(f"line {number}", name, text)

    async def _send(self, name: str, text: str) -> None:
        peer = await self._peer(name)
        if text == _END:
            self._peers.pop(name).close()
        elif self._is_framed(name):
            peer.send_line(text)
        else:
            peer.send_bytes(raw(text))

    async def _expect(self, place: str, name: str, text: str) -> None:
        peer = await self._peer(name)
        if text == _END:
            assert await peer.read_to_end() == b"", f"{place}: there was more for {name}"
            self._peers.pop(name).close()
        elif self._is_framed(name):
            line = await peer.read_line()
            assert agrees(line, text), f"{place}: {name} read {line}"
        else:
            read = await peer.read_exactly(len(raw(text)))
            assert read == raw(text), f"{place}: {name} read {read!r}"

    async def _peer(self, name: str) -> LinePeer:
        if name not in self._peers:
            self._peers[name] = await LinePeer.connect(self._server.port)
        return self._peers[name]

    def _is_framed(self, name: str) -> bool:
        return self._transcript.dialects[name] != "unframed"

    async def stop(self) -> None:
        """Stop the server, if it hasn't stopped yet."""
        if not self._has_stopped:
            self._has_stopped = True
            await self._server.stop()

    async def _end(self) -> None:
        """Stop the server: who is still there reads its goodbye, and nothing that the transcript doesn't show."""
        await self.stop()
        for name in tuple(self._peers):
            is_rich = self._transcript.dialects[name] == "rich"
            await self._expect("the end", name, RICH_GOODBYE if is_rich else GOODBYE)
            await self._expect("the end", name, _END)


@pytest.mark.parametrize("transcript", transcripts(), ids=lambda transcript: f"line {transcript.line}")
async def test_the_server_keeps_to_the_specification(transcript: Transcript) -> None:
    """What a transcript says is sent to each peer is sent, in that order, and nothing else."""
    password = Password.of(transcript.password, cost=2) if transcript.password else None
    server = Server(Settings(port=0, timing=PATIENT, password=password))
    await server.start()
    replay = Replay(transcript, server)
    try:
        await replay.run()
    finally:
        await replay.stop()


def test_every_dialect_has_a_transcript() -> None:
    """None of the three goes without, and there is none in a dialect that doesn't exist."""
    spoken = {dialect for transcript in transcripts() for dialect in transcript.dialects.values()}
    assert spoken == DIALECTS


def test_no_transcript_is_overlooked() -> None:
    """Every block that is marked as a transcript is replayed."""
    assert SPECIFICATION.read_text(encoding="utf-8").count("```transcript") == len(transcripts()) > 0
