"""The first bytes of a connection: they decide the dialect however they are cut, and none is lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.protocol import limits
from chatapp.protocol.errors import Code, FramingError, NotChat, NotUtf8
from chatapp.protocol.opening import Dialect, Greeting, Opening
from tests.protocol.strategies import cut, cuts, streams

Outcome = Dialect | str | None
"""A dialect, an error as a text, or nothing decided yet."""

OPENINGS = [b"GET ", b"GET", b"PRI * HTTP/2.0\r\n", b"\x16", b"\x03\x01", b"SSH-", b"2.0-x\r\n", b"{", b"ana", b" "]
openings = st.lists(st.sampled_from(OPENINGS) | streams, max_size=5).map(b"".join)
greetings = st.lists(st.sampled_from([b"NICK", b"NI", b"CK", b"\r", b"\n"]) | streams, max_size=5).map(b"".join)


def decide(side: Opening | Greeting, chunks: list[bytes]) -> tuple[Outcome, bytes]:
    """Feed chunks until they decide; return the outcome, and the bytes that are the dialect's own from there."""
    for number, chunk in enumerate(chunks):
        try:
            dialect = side.feed(chunk)
        except FramingError as error:
            return str(error), b""
        if dialect is not None:
            return dialect, side.received + b"".join(chunks[number + 1 :])
    return None, side.received


def silent(side: Opening | Greeting) -> Outcome:
    try:
        return side.fall_silent()
    except FramingError as error:
        return str(error)


@given(openings, cuts)
@example(b"{}\nmore", [1])
@example(b"ana\r\nhola\n", [4])
def test_any_cut_of_an_opening_decides_the_same(data: bytes, at: list[int]) -> None:
    """Whole or in pieces, the first bytes mean one dialect or one error, and stay there to be read in it."""
    outcome, received = decide(Opening(), [data])
    assert decide(Opening(), cut(data, at)) == (outcome, received)
    assert received == data or isinstance(outcome, str)


@given(openings, cuts)
def test_any_cut_of_an_opening_means_the_same_in_silence(data: bytes, at: list[int]) -> None:
    """When nothing more comes, it makes no difference how what there is came."""
    whole, pieces = Opening(), Opening()
    if decide(whole, [data])[0] is None:
        decide(pieces, cut(data, at))
        assert silent(pieces) == silent(whole)


@pytest.mark.parametrize(
    ("data", "dialect"),
    [
        (b'{"type":"hello","nick":"ana"}\n', Dialect.RICH),
        (b"{\n", Dialect.RICH),
        (b"ana\n", Dialect.PLAIN),
        (b"ana\r\nhola", Dialect.PLAIN),
        (b"\n", Dialect.PLAIN),
        (b" {}\n", Dialect.PLAIN),
        (b"GETA\n", Dialect.PLAIN),
        (b"ana", None),
        (b'{"type":"hello"', None),
        (b"", None),
    ],
)
def test_a_first_line_decides(data: bytes, dialect: Dialect | None) -> None:
    """With a brace first it is rich, else plain; without a newline nothing is decided yet."""
    assert Opening().feed(data) is dialect


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"GET / HTTP/1.1\r\n", "HTTP"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP"),
        (b"CONNECT ", "HTTP"),
        (b"\x16\x03\x01\x02\x00", "TLS"),
        (b"SSH-2.0-OpenSSH_9.7\r\n", "SSH"),
    ],
)
def test_another_protocol_is_named(data: bytes, name: str) -> None:
    """An opening of HTTP, TLS or SSH is refused, by name, before its line ends."""
    with pytest.raises(NotChat) as caught:
        Opening().feed(data)
    assert caught.value.detail == name


@pytest.mark.parametrize("data", [b"\xff\xfe\n", "ñ".encode("latin-1") + b"andu\n"])
def test_a_first_line_that_is_not_utf8_is_refused(data: bytes) -> None:
    """Bytes that are no UTF-8 are told as such, and not read as a nick."""
    with pytest.raises(NotUtf8):
        Opening().feed(data)


@given(st.sampled_from([b"x", b"{"]), st.sampled_from([b"\n", b"\r\n"]), st.integers(-3, 3))
def test_the_first_line_has_the_limit_of_every_line(first: bytes, ending: bytes, cut_at: int) -> None:
    """A first line of the limit passes, its ending not counted and wherever it is cut; one byte more is an error."""
    line = first.ljust(limits.LINE_BYTES, b"x")
    for data, expected in ((line + ending, True), (line + b"x" + ending, False)):
        at = limits.LINE_BYTES + cut_at
        outcome, _ = decide(Opening(), [data[:at], data[at:]])
        assert isinstance(outcome, Dialect) == expected
    assert outcome == f"{Code.LINE_TOO_LONG}: limit {limits.LINE_BYTES}"


def test_a_line_without_end_is_refused_early() -> None:
    """The error does not wait for the newline, so nobody fills the memory."""
    assert decide(Opening(), [b"x" * (limits.LINE_BYTES + 1)])[0] == f"{Code.LINE_TOO_LONG}: limit {limits.LINE_BYTES}"


@pytest.mark.parametrize(
    ("data", "outcome"),
    [(b"ana", Dialect.UNFRAMED), (b"GET", Dialect.UNFRAMED), (b'{"type"', None), (b"", None), (b"\xff", "not-utf8")],
)
def test_silence_makes_a_nick_of_what_is_there(data: bytes, outcome: Outcome) -> None:
    """After 300 ms a text without newline is a nick; half of a hello, or nothing, goes on waiting."""
    opening = Opening()
    opening.feed(data)
    assert silent(opening) == outcome
    assert opening.received == data


@given(greetings, cuts)
@example(b"NICK\r\n{}\n", [5])
def test_any_cut_of_a_greeting_decides_the_same(data: bytes, at: list[int]) -> None:
    """Whole or in pieces, a server's first bytes mean the same, and what follows them is kept."""
    outcome, received = decide(Greeting(), [data])
    assert decide(Greeting(), cut(data, at)) == (outcome, received)
    if outcome is Dialect.RICH:
        assert data in (b"NICK\n" + received, b"NICK\r\n" + received)


@pytest.mark.parametrize(
    ("data", "rest"), [(b"NICK\n", b""), (b"NICK\r\n", b""), (b"NICK\n{}\n", b"{}\n"), (b"NICK\nNICK\n", b"NICK\n")]
)
def test_the_prompt_and_a_newline_are_a_server_of_ours(data: bytes, rest: bytes) -> None:
    """NICK with LF or CR LF is answered with a hello; what comes behind it is left to read."""
    assert decide(Greeting(), [data]) == (Dialect.RICH, rest)


@given(greetings, cuts)
def test_any_cut_of_a_greeting_means_the_same_in_silence(data: bytes, at: list[int]) -> None:
    """Silence after a bare NICK means a server without framing, however the four bytes came."""
    greeting = Greeting()
    if decide(greeting, cut(data, at))[0] is None:
        assert silent(greeting) == (Dialect.UNFRAMED if data == b"NICK" else Code.NOT_CHAT)


@pytest.mark.parametrize("data", [b"N\n", b"\n", b"NICKS", b"NICK \n", b"nick\n", b"SSH-2.0-x\r\n", b"NICK\r\r\n"])
def test_anything_but_the_prompt_is_no_chat(data: bytes) -> None:
    """A server that says anything else first is none of ours."""
    with pytest.raises(NotChat):
        Greeting().feed(data)


def test_after_a_bare_prompt_nothing_is_left() -> None:
    """NICK itself is no part of what a server without framing says."""
    greeting = Greeting()
    assert greeting.feed(b"NICK") is None
    assert greeting.fall_silent() is Dialect.UNFRAMED
    assert greeting.received == b""
