"""Framing: however the bytes are cut, the same lines and errors come out."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatapp.protocol import limits
from chatapp.protocol.errors import Code, FramingError
from chatapp.protocol.lines import LineBuffer, Piece, ReadBuffer
from tests.protocol.strategies import cut, cuts, streams

LIMIT = 8
TOO_LONG = ("error", "line-too-long: limit 8")
NOT_UTF8 = ("error", "not-utf8")

Seen = tuple[str, str]


def seen(pieces: list[Piece]) -> list[Seen]:
    """Return pieces as values to compare: errors are equal when they say the same."""
    return [("line", piece) if isinstance(piece, str) else ("error", str(piece)) for piece in pieces]


def fed(feed: Callable[[bytes], list[Piece]], chunks: list[bytes]) -> list[Seen]:
    return [one for chunk in chunks for one in seen(feed(chunk))]


def model(data: bytes) -> list[Seen]:
    """Say what LineBuffer should make of `data`, the simple way: with all of it at hand."""
    *lines, rest = data.split(b"\n")
    rest_is_too_long = len(rest.removesuffix(b"\r")) > LIMIT
    return [_model_of_line(line.removesuffix(b"\r")) for line in lines] + [TOO_LONG] * rest_is_too_long


def _model_of_line(line: bytes) -> Seen:
    if len(line) > LIMIT:
        return TOO_LONG
    try:
        return "line", line.decode()
    except UnicodeDecodeError:
        return NOT_UTF8


@given(streams, cuts)
@example(b"12345678\r\n", [9])
@example(b"12345678\r9\nok\n", [9, 10])
@example(b"12345678\r\r\n", [9, 10])
def test_any_cut_of_any_stream_gives_the_same_lines(data: bytes, at: list[int]) -> None:
    """Fed whole, in any pieces or byte by byte, a stream gives what the model says."""
    expected = model(data)
    assert fed(LineBuffer(LIMIT).feed, [data]) == expected
    assert fed(LineBuffer(LIMIT).feed, cut(data, at)) == expected
    assert fed(LineBuffer(LIMIT).feed, [data[i : i + 1] for i in range(len(data))]) == expected


@given(st.integers(LIMIT + 1, 40), cuts)
def test_no_tail_of_an_overlong_line_is_a_line(size: int, at: list[int]) -> None:
    """All of an overlong line up to its newline is one error; the lines around it are whole."""
    data = b"before\n" + b"x" * size + b"tail\nafter\n"
    assert fed(LineBuffer(LIMIT).feed, cut(data, at)) == [("line", "before"), TOO_LONG, ("line", "after")]


@given(cuts)
def test_a_line_of_the_limit_is_a_line(at: list[int]) -> None:
    """The limit counts neither LF nor CR LF, wherever the ending is cut."""
    data = b"12345678\n12345678\r\n123456789\n"
    assert fed(LineBuffer(LIMIT).feed, cut(data, at)) == [("line", "12345678")] * 2 + [TOO_LONG]


def test_only_one_cr_is_part_of_the_ending() -> None:
    """A second CR, or one within the line, is text."""
    assert LineBuffer().feed(b"a\rb\r\r\n") == ["a\rb\r"]


def test_an_overlong_line_is_told_before_it_ends() -> None:
    """No more than the limit is ever kept: the error comes with the first byte too many."""
    buffer = LineBuffer(LIMIT)
    assert buffer.feed(b"12345678") == []
    assert seen(buffer.feed(b"9")) == [TOO_LONG]
    assert buffer.feed(b"0" * 100) == []


@pytest.mark.parametrize("framing", [LineBuffer, ReadBuffer])
def test_the_limit_is_that_of_the_protocol(framing: type[LineBuffer | ReadBuffer]) -> None:
    """Where no limit is given, a line of LINE_BYTES passes, and an error names them."""
    buffer, line = framing(), "x" * limits.LINE_BYTES
    assert buffer.feed(f"{line}\n".encode()[: limits.LINE_BYTES]) + buffer.feed(b"\n") == [line]
    (error,) = buffer.feed(f"{line}x".encode())
    assert isinstance(error, FramingError)
    assert (error.code, error.limit) == (Code.LINE_TOO_LONG, limits.LINE_BYTES)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30), cuts)
def test_a_character_split_over_reads_survives(text: str, at: list[int]) -> None:
    """However reads cut a text, its characters come out whole and in order."""
    reads = ReadBuffer().feed
    assert "".join(text for _, text in fed(reads, cut(text.encode(), at))) == text


@given(streams, cuts)
def test_each_read_is_at_most_one_message(data: bytes, at: list[int]) -> None:
    """A read gives one message, one error or, if it brings no whole character, nothing."""
    buffer = ReadBuffer(LIMIT)
    for read in cut(data, at):
        pieces = seen(buffer.feed(read))
        assert len(pieces) <= 1
        assert pieces == [TOO_LONG] or len(read) <= LIMIT


@pytest.mark.parametrize(("read", "text"), [(b"hola\n", "hola"), (b"hola\r\n", "hola"), (b"a\nb\n\n", "a\nb\n")])
def test_a_read_loses_one_ending(read: bytes, text: str) -> None:
    """A line ending at the end of a read is no part of the message; those within it are."""
    assert ReadBuffer().feed(read) == [text]


def test_an_ending_alone_is_no_message() -> None:
    """A read of nothing but a line ending says nothing."""
    assert ReadBuffer().feed(b"\r\n") == []


@pytest.mark.parametrize(("bad", "error"), [(b"\xffabc", NOT_UTF8), (b"123456789", TOO_LONG)])
def test_a_bad_read_costs_itself_only(bad: bytes, error: Seen) -> None:
    """After an error the next read starts afresh, with no half of a character left from before."""
    assert fed(ReadBuffer(LIMIT).feed, [b"\xc3", bad, "ñ".encode()]) == [error, ("line", "ñ")]
