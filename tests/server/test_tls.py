"""A server that other machines talk to: by TLS, with a certificate that it makes or was given, or not at all."""

import asyncio
import contextlib
import gc
import itertools
import json
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatapp.protocol import limits
from chatapp.protocol.pins import pin_of
from chatapp.server.certificate import KeyReadable, KeyUnfit
from chatapp.server.refusal import why_not
from chatapp.server.server import Server
from chatapp.server.settings import Rates, Settings, Timing
from chatapp.server.tls import TlsTransport
from tests.certificates import HOST, authority, made
from tests.peers import WAIT_SECONDS, LinePeer, RawPeer, RichPeer


@contextlib.asynccontextmanager
async def serving(
    host: str = HOST,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    insecure: bool = False,
    handshake: float = limits.HANDSHAKE_SECONDS,
    outbox_bytes: int = limits.OUTBOX_BYTES,
) -> AsyncIterator[Server]:
    timing = Timing(handshake=handshake, linger=min(3.0, handshake))
    server = Server(
        Settings(
            host,
            0,
            timing,
            rates=Rates(per_second=None),
            certificate=certificate,
            key=key,
            insecure=insecure,
            outbox_bytes=outbox_bytes,
        )
    )
    await server.start()
    yield server
    await server.stop()


def taking_all(highest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED) -> ssl.SSLContext:
    """Return the context of a client that takes any certificate, and any version up to `highest`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = highest
    return context


async def connected(server: Server, host: str = HOST, context: ssl.SSLContext | None = None) -> RichPeer:
    """Connect by TLS."""
    async with asyncio.timeout(WAIT_SECONDS):
        return RichPeer(*await asyncio.open_connection(host, server.port, ssl=context or taking_all()))


def pin_seen(peer: RawPeer) -> str:
    return pin_of(peer.writer.get_extra_info("ssl_object").getpeercert(binary_form=True))


async def raw(server: Server, host: str = HOST) -> LinePeer:
    """Connect without TLS."""
    return LinePeer(*await asyncio.open_connection(host, server.port))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_chat_by_tls(version: ssl.TLSVersion) -> None:
    """By TLS 1.2 and 1.3 all is as without: who comes is asked, welcomed, heard, and told goodbye."""
    async with serving() as server, await connected(server, context=taking_all(version)) as ana:
        assert ana.writer.get_extra_info("ssl_object").version() == version.name.replace("_", ".")
        await ana.hello("ana")
        assert version is ssl.TLSVersion.TLSv1_2 or not ana.writer.get_extra_info("ssl_object").session.has_ticket
        long = "x" * limits.TEXT_BYTES
        for number in range(30):  # more than one record, and than one read
            ana.send({"type": "say", "room": "#general", "text": long, "id": str(number)})
        for number in range(30):
            said = await ana.read_type("said")
            assert (said["id"], said["text"]) == (str(number), long)
        ana.send_line("SALIR")
        assert [json.loads(line)["type"] for line in (await ana.read_to_end()).splitlines()] == ["left"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
async def test_nothing_older_is_spoken(version: str) -> None:
    """TLS 1.0 and 1.1 are refused, by an alert that says why."""
    async with serving() as server:
        with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
            await connected(server, context=taking_all(ssl.TLSVersion[version]))


async def test_a_client_that_reads_on_is_told_all() -> None:
    """Who sends a request and says goodbye by TLS's own means is answered before the end."""
    async with serving() as server:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = taking_all().wrap_bio(incoming, outgoing)
        async with await raw(server) as peer:
            await handshake(tls, incoming, outgoing, peer)
            tls.write(b'{"type":"hello","nick":"ana"}\n{"type":"ping"}\n')
            with contextlib.suppress(ssl.SSLWantReadError):
                tls.unwrap()
            peer.send_bytes(outgoing.read())
            incoming.write(await peer.read_to_end())
            heard = b""
            with contextlib.suppress(ssl.SSLZeroReturnError):  # the server's own goodbye
                while True:
                    heard += tls.read(65536)
        assert b'"pong"' in heard


async def test_who_only_closes_is_told_all() -> None:
    """The end of the connection is goodbye too, where a client does not say it by TLS's means: it is still answered."""
    async with serving() as server:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = taking_all().wrap_bio(incoming, outgoing)
        async with await raw(server) as peer:
            await handshake(tls, incoming, outgoing, peer)
            tls.write(b'{"type":"hello","nick":"ana"}\n{"type":"ping"}\n')
            peer.send_bytes(outgoing.read())
            peer.writer.write_eof()
            incoming.write(await peer.read_to_end())
            heard = tls.read(65536)
            while chunk := tls.read(65536):
                heard += chunk
        assert b'"pong"' in heard


async def handshake(tls: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, peer: RawPeer) -> None:
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            peer.send_bytes(outgoing.read())
            incoming.write(await peer.reader.read(65536))
        else:
            peer.send_bytes(outgoing.read())
            return


async def test_what_comes_byte_by_byte_is_the_same() -> None:
    """However the network cuts the records, the handshake and the hello are read."""
    async with serving() as server, await raw(server) as peer:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = taking_all(ssl.TLSVersion.TLSv1_2).wrap_bio(incoming, outgoing)
        peer.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        heard = b""
        is_ready = False
        while b"welcomed" not in heard:
            try:
                if not is_ready:
                    tls.do_handshake()
                    is_ready = True
                    tls.write(b'{"type":"hello","nick":"ana"}\n')
                heard += tls.read(65536)
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    peer.send_bytes(bytes([byte]))
                    await asyncio.sleep(0)
                incoming.write(await peer.reader.read(1))


async def test_who_knows_no_tls_is_told() -> None:
    """A line, HTTP and SSH get one line that says what is spoken here, and the end."""
    async with serving() as server:
        for opening in (b"ana\n", b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n", b"\x00"):
            async with await raw(server) as peer:
                peer.send_bytes(opening)
                told = await peer.read_to_end()
            assert told == b"-- This chat is encrypted (TLS). Join it with: chatapp join\n"


@pytest.mark.parametrize("opening", [b"", b"\x16", b"\x16\x03\x01\x00\x00", b"\x16\x03\x01\x02\x00\x01"])
async def test_half_a_handshake_is_not_waited_for(opening: bytes) -> None:
    """Who says nothing, or stops within the handshake, is cut when the time for that is over."""
    async with serving(handshake=0.05) as server, await raw(server) as peer:
        peer.send_bytes(opening)
        assert b"NICK" not in await peer.read_to_end()


async def test_a_goodbye_waits_for_the_handshake() -> None:
    """Who comes when the server stops is told so by TLS, and so can't take it for somebody who stands between."""
    server = Server(Settings(HOST, 0))
    await server.start()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = taking_all().wrap_bio(incoming, outgoing)
    async with await raw(server) as silent, await raw(server) as peer:
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.do_handshake()
        peer.send_bytes(outgoing.read())
        incoming.write(await peer.reader.read(65536))
        stopping = asyncio.create_task(server.stop())
        await handshake(tls, incoming, outgoing, peer)
        incoming.write(await peer.read_to_end())
        heard = tls.read(65536)
        while chunk := tls.read(65536):
            heard += chunk
        assert await silent.read_to_end() == b""
        await stopping
    assert heard == b"NICK\n-- The server is shutting down.\n"


@pytest.mark.parametrize("opening", [b"\x16" + b"\xff" * 100, b"\x16\x03\x01\x00\x05hello"])
async def test_what_is_no_tls_after_all_is_cut(opening: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """A record that is none ends the connection, and fills no log."""
    async with serving() as server, await raw(server) as peer:
        peer.send_bytes(opening)
        assert len(await peer.read_to_end()) <= len(b"an alert")
    assert not caplog.records


async def test_who_is_gone_within_the_handshake_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """A peer that closes or is lost before it has shown TLS is forgotten."""
    async with serving() as server, await connected(server) as last:
        for opening in (b"", b"\x16\x03\x01"):
            async with await raw(server) as peer:
                peer.send_bytes(opening)
                await peer.writer.drain()
            async with await raw(server) as peer:
                peer.send_bytes(opening)
                await peer.writer.drain()
                peer.abort()
        last.close()
        async with asyncio.timeout(WAIT_SECONDS):
            await server._hub._is_empty.wait()
    assert not caplog.records


async def test_who_is_gone_holds_nothing_of_tls() -> None:
    """What OpenSSL held for a connection is free when that ends, and not when the interpreter looks for cycles."""
    gc.collect()
    gc.disable()
    try:
        async with serving() as server:
            async with await connected(server) as ana, await raw(server) as half:
                half.send_bytes(b"\x16\x03\x01\x02\x00\x01")
                await ana.hello("ana")
                assert begun() == 2
            async with asyncio.timeout(WAIT_SECONDS):
                await server._hub._is_empty.wait()
            await asyncio.sleep(0)
            assert begun() == 0
    finally:
        gc.enable()


def begun() -> int:
    """Return how many connections hold something of TLS."""
    return sum(isinstance(one, TlsTransport) and one._tls is not None for one in gc.get_objects())


async def test_a_peer_that_does_not_read_is_dropped() -> None:
    """What waits for a peer is bounded by TLS too: beyond that the connection is cut."""
    async with serving(outbox_bytes=256 * 1024) as server, await connected(server) as ana:
        await ana.hello("ana")
        async with await connected(server) as slow:
            await slow.hello("slow")
            slow.writer.transport.pause_reading()  # type: ignore[attr-defined]
            await ana.read_type("joined")
            for number in itertools.count():
                ana.send({"type": "say", "room": "#general", "text": "x" * 4000, "id": str(number)})
                if (event := await ana.read())["type"] == "left":
                    break
            assert event["nick"] == "slow"


async def test_what_tls_itself_answers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A peer for which too much waits is cut when it asks for more, whoever had written that."""
    monkeypatch.setattr("chatapp.server.tls._MOST_UNREAD_BYTES", 0)
    async with serving(outbox_bytes=2**30) as server, await connected(server) as ana:
        await ana.hello("ana")
        ana.writer.transport.pause_reading()  # type: ignore[attr-defined]
        with pytest.raises(ConnectionError):
            await flood(ana)


async def flood(peer: RichPeer) -> None:
    """Say something long until that can't be said any more."""
    for number in itertools.count():
        peer.send({"type": "say", "room": "#general", "text": "x" * 4000, "id": str(number)})
        await peer.writer.drain()
        await asyncio.sleep(0)


async def test_this_machine_needs_no_tls() -> None:
    """A server for all addresses speaks plainly at 127.0.0.1, as ever, and by TLS at any other."""
    async with serving("0.0.0.0") as server:
        async with await raw(server, "127.0.0.1") as nc:
            assert await nc.read_line() == "NICK"
            await nc.join("luis")
            async with await connected(server) as ana:
                await ana.hello("ana")
                nc.send_line("hola")
                assert (await ana.read_type("said"))["text"] == "hola"
        async with await raw(server) as other:
            other.send_line("eva")
            assert (await other.read_line()).startswith("-- This chat is encrypted")


async def test_nothing_is_made_for_this_machine_alone() -> None:
    """A server at 127.0.0.1 has no certificate, and no pin."""
    async with serving("127.0.0.1") as server:
        assert server.pin == ""
        assert not server.reload()


async def test_what_is_given_is_used_on_this_machine_too(tmp_path: Path) -> None:
    """With a certificate of its own a server at 127.0.0.1 speaks TLS."""
    pair = made()
    certificate, key = pair.write(tmp_path)
    async with (
        serving("127.0.0.1", certificate=certificate, key=key) as server,
        await connected(server, "127.0.0.1") as ana,
    ):
        assert pin_seen(ana) == server.pin == pair.pin
        await ana.hello("ana")


async def test_insecure_is_plain() -> None:
    """With `insecure` other machines are spoken to without TLS."""
    async with serving(insecure=True) as server, await raw(server) as nc:
        assert server.pin == ""
        await nc.join("luis")


async def test_a_server_keeps_its_own_certificate(tmp_path: Path) -> None:
    """What it made the first time it has the next time too, in files that are nobody else's."""
    async with serving() as server, await connected(server) as ana:
        first = server.pin
        assert pin_seen(ana) == first
    folder = tmp_path / "data" / "chatapp" / "server-0"
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.glob("tls.*")} == {
        "tls.crt": 0o600,
        "tls.key": 0o600,
    }
    async with serving() as server:
        assert server.pin == first


async def refusal(certificate: Path, key: Path) -> str:
    """Return what a server says that can't start for its certificate."""
    settings = Settings(HOST, 0, certificate=certificate, key=key)
    with pytest.raises((KeyReadable, KeyUnfit)) as caught:
        await Server(settings).start()
    text = why_not(caught.value, settings)
    assert "\n" not in text
    return text


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620])
async def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """It may be somebody else's key too; what to do about that is said."""
    certificate, key = made().write(tmp_path)
    key.chmod(mode)
    text = await refusal(certificate, key)
    assert text == f"Others on this machine can get at the key {key}. If nobody has: chmod 600 {key}"


async def test_what_is_no_certificate_is_refused(tmp_path: Path) -> None:
    """No file, no PEM, the wrong key, and two keys are told in one line each."""
    certificate, key = made().write(tmp_path)
    other, other_key = made().write(tmp_path)
    empty = tmp_path / "empty"
    empty.touch(0o600)
    assert f"{tmp_path / 'none'} can't be used: No such file" in await refusal(tmp_path / "none", key)
    assert f"{tmp_path / 'none'} can't be used: No such file" in await refusal(certificate, tmp_path / "none")
    assert f"{certificate} can't be used: KEY_VALUES_MISMATCH" in await refusal(certificate, other_key)
    assert f"{empty} can't be used" in await refusal(empty, key)
    assert "can't be used" in await refusal(certificate, empty)
    assert "can't be used" in await refusal(key, key)
    assert other.exists()


async def test_a_reload_is_for_connections_from_then_on(tmp_path: Path) -> None:
    """Who is there stays, by the certificate that they took; who comes sees the new one, and those above it."""
    root = authority()
    old, new = made(root), made(root)
    certificate, key = old.write(tmp_path)
    async with serving(certificate=certificate, key=key) as server, await connected(server) as ana:
        await ana.hello("ana")
        certificate.write_bytes(new.pem + root.pem)
        key.write_bytes(new.key_pem)
        assert server.reload()
        assert server.pin == new.pin
        async with await connected(server) as eva:
            assert (pin_seen(ana), pin_seen(eva)) == (old.pin, new.pin)
            await eva.hello("eva")
            assert (await ana.read_type("joined"))["nick"] == "eva"


async def test_a_bad_reload_changes_nothing(tmp_path: Path) -> None:
    """A certificate that can't be used leaves the one before."""
    pair = made()
    certificate, key = pair.write(tmp_path)
    async with serving(certificate=certificate, key=key) as server:
        certificate.write_bytes(made().pem)
        with pytest.raises(KeyUnfit):
            server.reload()
        key.chmod(0o644)
        with pytest.raises(KeyReadable):
            server.reload()
        async with await connected(server) as ana:
            assert pin_seen(ana) == server.pin == pair.pin


async def test_a_stop_is_told_by_tls() -> None:
    """Who is there is told goodbye, and the end is TLS's own: nobody can cut it short unnoticed."""
    server = Server(Settings(HOST, 0))
    await server.start()
    async with await connected(server) as ana:
        await ana.hello("ana")
        stopping = asyncio.create_task(server.stop())
        assert (await ana.read())["code"] == "shutting-down"
        assert await ana.read_to_end() == b""
        await stopping
