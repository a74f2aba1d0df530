"""Which servers a client knows: what it keeps of them, and what it says of those that it won't talk to."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatapp.client.client import Client
from chatapp.client.connect_error import ConnectError
from chatapp.client.connection import connect
from chatapp.client.events import Disconnected, Met, Reason
from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Trust
from chatapp.client.wording import explain_lost, met_first
from chatapp.protocol.events import Welcomed
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.texts import use_language
from tests.certificates import HOST, authority, made
from tests.client.watching import AN_HOUR, Watch

PIN, OTHER_PIN = f"sha256:{'A' * 43}", f"sha256:{'B' * 43}"


@pytest.fixture
def known(tmp_path: Path) -> KnownServers:
    return KnownServers(tmp_path / "own")


async def welcome(server: Server, trust: Trust) -> list[Met]:
    """Join, and leave; return what was said of a server that is new."""
    async with Client(HOST, server.port, "ana", trust=trust, pauses=AN_HOUR) as client:
        watch = Watch(client)
        await watch.next(Welcomed)
        return [event for event in watch.seen if isinstance(event, Met)]


async def started(certificate: Path | None = None, key: Path | None = None) -> Server:
    server = Server(Settings(HOST, 0, certificate=certificate, key=key))
    await server.start()
    return server


async def reason_for(host: str, port: int, trust: Trust) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        await connect(host, port, trust=trust)
    return caught.value


async def test_the_key_of_the_first_time_is_kept(known: KnownServers) -> None:
    """Met once, a server is known by its key, in a file that is private and can be read; it is met again as such."""
    server = await started()
    first = await welcome(server, Trust(HOST, server.port, known=known))
    again = await welcome(server, Trust(HOST, server.port, known=known))
    assert (first, again) == ([Met(HOST, server.port, server.pin)], [])
    assert known.pin(HOST, server.port) == server.pin
    assert json.loads(known.file.read_text())["servers"] == {f"{HOST}:{server.port}": server.pin}
    assert known.file.stat().st_mode & 0o777 == 0o600
    await server.stop()


async def test_a_pin_counts_more_than_what_is_known(known: KnownServers) -> None:
    """A person who gives the new pin has said that the key is right: it is the known one from then on."""
    server = await started()
    known.trust(HOST, server.port, PIN)
    error = await reason_for(HOST, server.port, Trust(HOST, server.port, known=known))
    assert (error.reason, error.details) == (Reason.KEY_CHANGED, {"known": PIN, "found": server.pin})
    assert known.pin(HOST, server.port) == PIN
    assert await welcome(server, Trust(HOST, server.port, known=known, pin=server.pin)) == []
    await welcome(server, Trust(HOST, server.port, known=known))
    await server.stop()


async def test_an_authority_counts_more_than_what_is_known(known: KnownServers, tmp_path: Path) -> None:
    """Who is vouched for may have another key; that one is known from then on, without the authority too."""
    root = authority()
    certificate, key = made(root).write(tmp_path)
    server = await started(certificate, key)
    known.trust(HOST, server.port, PIN)
    await welcome(server, Trust(HOST, server.port, known=known, ca=str(root.write(tmp_path)[0])))
    await welcome(server, Trust(HOST, server.port, known=known))
    await server.stop()


async def test_a_wrong_pin_is_never_kept(known: KnownServers) -> None:
    """What was refused leaves nothing behind."""
    server = await started()
    error = await reason_for(HOST, server.port, Trust(HOST, server.port, known=known, pin=PIN))
    assert error.reason is Reason.WRONG_PIN
    assert not known.file.exists()
    await server.stop()


async def test_who_keeps_nothing_knows_the_key_as_long_as_it_runs() -> None:
    """A client without a folder takes the first key, and no other, nor a connection without TLS."""
    first = await started()
    port, trust = first.port, Trust(HOST, first.port)
    await welcome(first, trust)
    await first.stop()
    second = Server(Settings(HOST, port, insecure=True))
    await second.start()
    error = await reason_for(HOST, port, trust)
    assert (error.reason, error.details) == (Reason.TLS_GONE, {"file": ""})
    await second.stop()
    third = Server(Settings(HOST, port))
    await third.start()
    error = await reason_for(HOST, port, trust)
    assert (error.reason, error.details) == (Reason.KEY_CHANGED, {"known": first.pin, "found": third.pin})
    await third.stop()


async def test_insecure_is_for_whoever_was_never_met(known: KnownServers) -> None:
    """A simple server elsewhere is joined without TLS, if the person says so; nothing is kept of it."""
    server = Server(Settings(HOST, 0, insecure=True))
    await server.start()
    await welcome(server, Trust(HOST, server.port, known=known, insecure=True))
    assert not known.file.exists()
    await server.stop()


async def test_insecure_says_that_it_may_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that speaks TLS alone has nothing to say to who comes without: that may be why."""
    monkeypatch.setattr("chatapp.protocol.limits.GREETING_SECONDS", 0.02)
    server = await started()
    error = await reason_for(HOST, server.port, Trust(HOST, server.port, insecure=True))
    assert error.reason is Reason.NOT_IN_CLEAR
    await server.stop()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format":"chatapp-known-servers-2","servers":{}}',
        b'{"format":"chatapp-known-servers-1"}',
        b'{"format":"chatapp-known-servers-1","servers":{"127.0.0.2:9000":"sha256:short"}}',
        b'{"format":"chatapp-known-servers-1","servers":{"127.0.0.2:9000":7}}',
    ],
)
async def test_what_can_not_be_read_is_no_first_time(content: bytes, known: KnownServers) -> None:
    """While the file of known servers is damaged nobody is talked to, and it is left as it was."""
    server = await started()
    known.file.parent.mkdir()
    known.file.write_bytes(content)
    for trust in (Trust(HOST, server.port, known=known), Trust("127.0.0.1", server.port, known=known)):
        error = await reason_for(HOST, server.port, trust)
        assert error.reason is Reason.KNOWN_UNUSABLE
        assert str(known.file) in explain_lost(Disconnected(error.reason, 0, error.details), HOST, 9000)
    assert known.file.read_bytes() == content
    await server.stop()


async def test_what_can_not_be_kept_is_no_first_time(known: KnownServers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that can't be kept would not be known the next time, so nothing is said to the server."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chatapp.client.known_servers.write_private", fail)
    server = await started()
    error = await reason_for(HOST, server.port, Trust(HOST, server.port, known=known))
    assert (error.reason, error.details["why"]) == (Reason.KNOWN_UNUSABLE, "No space left on device")
    await server.stop()


@pytest.mark.parametrize("certificate", [None, b"", b"\x30\x03\x02\x01\x00"])
def test_without_a_certificate_there_is_no_key(certificate: bytes | None, known: KnownServers) -> None:
    """A server that shows none, or one that can't be read, is nobody's."""
    with pytest.raises(ConnectError) as caught:
        Trust(HOST, 9000, known=known).check(certificate)
    assert caught.value.reason is Reason.BAD_CERTIFICATE
    assert not known.file.exists()


async def test_one_of_two_first_times_counts(known: KnownServers) -> None:
    """Of many who meet a server at once all agree on one key."""
    meetings = (asyncio.to_thread(known.meet, HOST, 9000, pin) for pin in [PIN, OTHER_PIN] * 10)
    kept = set(await asyncio.gather(*meetings))
    assert kept == {known.pin(HOST, 9000)}


def test_a_server_is_known_by_host_and_port(known: KnownServers) -> None:
    """Another port is another server; this machine's names are one, and case means nothing."""
    known.trust("localhost", 9000, PIN)
    known.trust("Chat.Example.", 9000, OTHER_PIN)
    assert [known.pin(host, 9000) for host in ("127.0.0.1", "::1", "chat.example")] == [PIN, PIN, OTHER_PIN]
    assert known.pin("localhost", 9001) == ""


def test_a_new_server_is_told_of(language: str) -> None:
    """What is said of a server that is known from now on names it, and its key."""
    assert {"chat.example:9000", f"{PIN}."} <= set(met_first(Met("chat.example", 9000, PIN)).split())


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language("en")


def test_each_reason_is_said_in_one_line(language: str) -> None:
    """Whatever a server put into its certificate, what is said is one line, without its control characters."""
    details = {"known": PIN, "found": OTHER_PIN, "file": "/home/ana/known", "why": "bad\x1b[31m\n", "fault": "999"}
    for reason in Reason:
        text = explain_lost(Disconnected(reason, 0, details), "chat.example", 9000)
        assert text.isprintable()
        assert "chat.example:9000" in text or reason in (Reason.UNKNOWN_HOST, Reason.KNOWN_UNUSABLE)


def test_what_is_wrong_with_a_certificate_is_said(language: str) -> None:
    """What OpenSSL has a number for is told in the person's language, and else in its words."""
    said = [
        explain_lost(Disconnected(Reason.BAD_CERTIFICATE, 0, {"fault": fault, "why": "by OpenSSL"}), "h", 1)
        for fault in ("", "9", "10", "18", "26", "62", "64", "999")
    ]
    assert len(set(said)) == len(said)
    assert ["by OpenSSL" in text for text in said] == [False] * 7 + [True]
