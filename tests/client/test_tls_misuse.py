"""Servers that are not what they should be: each is refused before a byte of what one says has left."""

import asyncio
import contextlib
import json
import math
import socket
import ssl
import struct
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from chatapp.client.client import Client
from chatapp.client.connection import connect
from chatapp.client.events import UNTRUSTED, Disconnected, Reason
from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Trust
from chatapp.client.wording import explain_lost
from chatapp.protocol.events import Welcomed
from tests.certificates import HOST, Pair, authority, made, shown
from tests.client.watching import AN_HOUR, Script, Watch, pauses_of, saying

WELCOME = b'{"type":"welcomed","nick":"ana","room":"#general","members":["ana"],"log":"l","seq":0,"version":1}\n'
_ALERT_HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"
_SECONDS = 0.2
"""How long a server that says nothing is waited for here, twice over."""


class Trap:
    """A server that greets as a chat does, whoever comes, and keeps what it hears: of TLS, what was encrypted."""

    def __init__(self) -> None:
        self.port = 0
        self.heard = b""
        self._followed: set[asyncio.Task[None]] = set()

    async def follow(self, script: Script | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._followed.add(task)
        with contextlib.suppress(OSError):
            if script is not None:
                await script(reader, writer)
            else:
                writer.write(b"NICK\n")
            while data := await reader.read(65536):
                self.heard += data
        writer.transport.abort()

    async def has_heard(self) -> bytes:
        """Wait until all who came have gone; return what they said."""
        async with asyncio.timeout(10):
            await asyncio.gather(*self._followed)
        return self.heard


@contextlib.asynccontextmanager
async def trap(context: ssl.SSLContext | None, script: Script | None = None, host: str = HOST) -> AsyncIterator[Trap]:
    """Listen at `host`, by TLS if there is a `context`."""
    it = Trap()
    listener = await asyncio.start_server(partial(it.follow, script), host, 0, ssl=context)
    it.port = listener.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        listener.close()


def writing(data: bytes, *, closing: bool = False) -> Script:
    """Make a script: hear the beginning, answer with `data`, whatever that was, and wait, or close."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if data or closing:
            first = await reader.read(65536)
            assert first[:2] == b"\x16\x03"
        writer.write(data)
        if closing:
            writer.close()

    return script


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(65536)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Case(NamedTuple):
    """What a server does, and what the client knows of it."""

    reason: Reason
    context: Callable[[Path], ssl.SSLContext] | None = None
    """Makes the server's, with the files that it needs in that folder."""
    ca: Callable[[Path], str] = lambda _: ""
    pin: str = ""
    known: str = ""
    insecure: bool = False
    script: Script | None = None
    host: str = HOST


AUTHORITY = authority()
STRANGER = authority()
EXPIRED_AUTHORITY = authority(days=(-3, -1))
GOOD = made(AUTHORITY)
OTHER = made(AUTHORITY)
LEAF = made(AUTHORITY, names=[HOST])


def ca_of(pair: Pair) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        return str(pair.write(folder)[0])

    return write


def show(pair: Pair, *above: Pair) -> Callable[[Path], ssl.SSLContext]:
    return lambda folder: shown(pair, folder, *above)


def weak(ciphers: str, version: str = "TLSv1_2") -> Script:
    """Make a script of a server that has nothing but such ciphers, and that `version` of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        context.load_cert_chain(*GOOD.write(Path(folder)))
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version]

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(await reader.read(65536))
        with pytest.raises(ssl.SSLError, match=r"(?i)unsupported.protocol|no.shared.cipher"):
            tls.do_handshake()
        writer.write(outgoing.read())  # the alert; asyncio's servers send none

    return script


def replaying(pair: Pair) -> Script:
    """Make a script of a server that answers as that of `pair` once answered somebody else, up to the last byte."""
    incoming, outgoing, answer = ssl.MemoryBIO(), ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.maximum_version = ssl.TLSVersion.TLSv1_2  # where the certificate is in the clear
    with contextlib.suppress(ssl.SSLWantReadError):
        client.wrap_bio(answer, incoming).do_handshake()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ssl.SSLWantReadError):
        server = shown(pair, Path(folder))
        server.maximum_version = ssl.TLSVersion.TLSv1_2
        server.wrap_bio(incoming, outgoing, server_side=True).do_handshake()
    return writing(outgoing.read())


def checked(pair: Pair, *above: Pair, reason: Reason = Reason.BAD_CERTIFICATE) -> Case:
    """Make a case of a server that shows `pair`, and is to be vouched for by AUTHORITY."""
    return Case(reason, show(pair, *above), ca=ca_of(AUTHORITY))


HTTP = b"HTTP/1.1 400 Bad Request\r\n\r\n"
SSH = b"SSH-2.0-OpenSSH_9.6\r\n"
LONG_RECORD = b"\x16\x03\x03\x40\x00" + b"\x02"

CASES = {
    "expired": checked(made(AUTHORITY, days=(-3, -1))),
    "not valid yet": checked(made(AUTHORITY, days=(1, 3))),
    "for another host": checked(made(AUTHORITY, names=["chat.example"])),
    "for another address": checked(made(AUTHORITY, names=["127.0.0.3"])),
    "for no host, but a common name": checked(made(AUTHORITY, names=[])),
    "by an unknown authority": checked(made(STRANGER)),
    "by an unknown authority that comes along": checked(made(STRANGER), STRANGER),
    "by itself": checked(made()),
    "by itself, where the system is to vouch": Case(Reason.BAD_CERTIFICATE, show(made()), ca=lambda _: "system"),
    "by one that is no authority": checked(made(LEAF), LEAF),
    "by an authority that has expired": Case(
        Reason.BAD_CERTIFICATE, show(made(EXPIRED_AUTHORITY)), ca=ca_of(EXPIRED_AUTHORITY)
    ),
    "for clients": checked(made(AUTHORITY, usage=ExtendedKeyUsageOID.CLIENT_AUTH)),
    "another key than at first": Case(Reason.KEY_CHANGED, show(OTHER), known=GOOD.pin),
    "another key than the pin's": Case(Reason.WRONG_PIN, show(OTHER), pin=GOOD.pin),
    "another key than the pin's, though known": Case(Reason.WRONG_PIN, show(OTHER), pin=GOOD.pin, known=OTHER.pin),
    "another key than the pin's, on this machine": Case(Reason.WRONG_PIN, show(OTHER), pin=GOOD.pin, host="127.0.0.1"),
    "in the clear": Case(Reason.NO_TLS),
    "in the clear, with a pin": Case(Reason.NO_TLS, pin=GOOD.pin),
    "in the clear, with an authority": Case(Reason.NO_TLS, ca=ca_of(AUTHORITY)),
    "in the clear, with a pin, on this machine": Case(Reason.NO_TLS, pin=GOOD.pin, host="127.0.0.1"),
    "in the clear, though met by TLS": Case(Reason.TLS_GONE, known=GOOD.pin),
    "in the clear, though met by TLS, on this machine": Case(Reason.TLS_GONE, known=GOOD.pin, host="127.0.0.1"),
    "in the clear, with --insecure, though met by TLS": Case(Reason.DOWNGRADE, known=GOOD.pin, insecure=True),
    "stripped": Case(Reason.NO_TLS, script=writing(b"NICK\n" + WELCOME)),
    "stripped, though met by TLS": Case(Reason.TLS_GONE, known=GOOD.pin, script=writing(b"NICK\n" + WELCOME)),
    "one without framing": Case(Reason.NO_TLS, script=writing(b"NICK")),
    "HTTP": Case(Reason.NO_TLS, script=writing(HTTP)),
    "SSH": Case(Reason.NO_TLS, script=writing(SSH)),
    "TLS 1.0": Case(Reason.NO_TLS, script=weak("ALL", "TLSv1")),
    "TLS 1.1": Case(Reason.NO_TLS, script=weak("ALL", "TLSv1_1")),
    "TLS 1.1, though met by a newer one": Case(Reason.TLS_GONE, script=weak("ALL", "TLSv1_1"), known=GOOD.pin),
    "ciphers without a certificate": Case(Reason.NO_TLS, script=weak("aNULL")),
    "ciphers that hide nothing": Case(Reason.NO_TLS, script=weak("eNULL:!aNULL")),
    "the certificate of another, without its key": Case(
        Reason.TLS_GONE, script=replaying(GOOD), pin=GOOD.pin, known=GOOD.pin
    ),
    "an alert": Case(Reason.NO_TLS, script=writing(_ALERT_HANDSHAKE_FAILURE)),
    "half a handshake": Case(Reason.NO_TLS, script=writing(LONG_RECORD)),
    "silence": Case(Reason.NO_TLS, script=writing(b"")),
    "silence, though met by TLS": Case(Reason.UNREACHABLE, script=writing(b""), known=GOOD.pin),
    "the end in the handshake": Case(Reason.NO_TLS, script=writing(b"", closing=True)),
    "a reset in the handshake, though met by TLS": Case(Reason.UNREACHABLE, script=_reset, known=GOOD.pin),
    "a known key of another kind": Case(Reason.KNOWN_UNUSABLE, show(GOOD), known="sha1:2jmj7l5rSw0yVb_vlWAYkK_YBwk"),
}


def trust_for(case: Case, port: int, folder: Path) -> Trust:
    known = KnownServers(folder)
    if case.known:
        content = {"format": "chatapp-known-servers-1", "servers": {f"{_kept(case.host)}:{port}": case.known}}
        known.file.write_text(json.dumps(content))
    return Trust(case.host, port, known=known, pin=case.pin, ca=case.ca(folder), insecure=case.insecure)


def _kept(host: str) -> str:
    return "localhost" if host == "127.0.0.1" else host


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_misuse_is_refused_before_anything_is_said(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client says why, and by then, and when it is gone, the server has heard no byte but those of TLS itself.

    It doesn't come again of itself where a person has to decide, and tells this apart from a network that fails.
    """
    monkeypatch.setattr("chatapp.client.client.connect", partial(connect, timeout=2 * _SECONDS))
    context = case.context(tmp_path) if case.context else None
    async with trap(context, case.script, case.host) as it:
        client = Client(case.host, it.port, "ana", trust=trust_for(case, it.port, tmp_path), pauses=AN_HOUR)
        async with client:
            lost = await Watch(client).next(Disconnected)
        assert lost.reason is case.reason
        assert (lost.retry_in == math.inf) == (case.reason in UNTRUSTED)
        heard = await it.has_heard()
    assert heard == b"" if context else is_handshake(heard)


def is_handshake(data: bytes) -> bool:
    """Return whether all of `data` is TLS's own talk: handshake or alert records, and nothing behind the keys."""
    while data:
        kind, size = data[0], int.from_bytes(data[3:5])
        if kind not in (0x15, 0x16):
            return False
        data = data[5 + size :]
    return True


async def test_the_right_server_is_told(tmp_path: Path) -> None:
    """What a trap hears of whoever trusts it begins with the hello: it would have heard that of the others."""
    trusting = (
        Case(Reason.LOST, show(GOOD)),
        Case(Reason.LOST, show(GOOD), pin=GOOD.pin),
        Case(Reason.LOST, show(GOOD), pin=GOOD.pin, known=OTHER.pin),
        Case(Reason.LOST, show(GOOD), known=GOOD.pin),
        Case(Reason.LOST, show(GOOD), ca=ca_of(AUTHORITY)),
        Case(Reason.LOST, show(GOOD), pin=GOOD.pin, host="127.0.0.1"),
        Case(Reason.LOST, show(GOOD), known=GOOD.pin, host="127.0.0.1"),
        Case(Reason.LOST, insecure=True),
        Case(Reason.LOST, host="127.0.0.1"),
    )
    for case in trusting:
        context = case.context(tmp_path) if case.context else None
        async with trap(context, saying(WELCOME), case.host) as it:
            client = Client(case.host, it.port, "ana", trust=trust_for(case, it.port, tmp_path), pauses=AN_HOUR)
            async with client:
                await Watch(client).next(Welcomed)


async def test_a_server_that_comes_back_with_another_key(tmp_path: Path) -> None:
    """Each connection is checked: after a reload with another key the next try is the last, and says both keys."""
    context = shown(GOOD, tmp_path)
    hellos = list[bytes]()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NICK\n")
        hellos.append(await reader.readline())
        writer.write(WELCOME)
        context.load_cert_chain(*OTHER.write(tmp_path))
        writer.close()

    async with trap(context, script) as it:
        trust = trust_for(Case(Reason.LOST), it.port, tmp_path)
        async with Client(HOST, it.port, "ana", trust=trust, pauses=pauses_of(0)) as client:
            watch = Watch(client)
            assert (await watch.next(Disconnected)).reason is Reason.LOST
            lost = await watch.next(Disconnected)
        await it.has_heard()
    assert lost == Disconnected(Reason.KEY_CHANGED, math.inf, {"known": GOOD.pin, "found": OTHER.pin})
    assert [hello[:15] for hello in hellos if hello] == [b'{"type":"hello"']
    text = explain_lost(lost, HOST, it.port)
    assert f"Known: {GOOD.pin} Now: {OTHER.pin}" in text
    assert f"chatapp join --host {HOST} --port {it.port} --pin {OTHER.pin}" in text
