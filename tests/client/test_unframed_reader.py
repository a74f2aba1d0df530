"""What a server without framing shows, read back into events, however its bytes are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.unframed import NOBODY, UnframedReader, unframed_text
from chatapp.protocol import limits
from chatapp.protocol.errors import TextTooLong, Unsupported
from chatapp.protocol.events import Event, Joined, Left, Said, Welcomed
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Kind, Ping, Rename, Say, Who

TEXTS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)


def reader(nick: str = "ana") -> UnframedReader:
    """Return a reader whose clock counts 1, 2, 3 …"""
    clock = itertools.count(1.0)
    reader = UnframedReader("log", lambda: next(clock))
    reader.nick = nick
    return reader


def said(seq: int, nick: str, text: str, message_id: str = "", kind: Kind = "text") -> Said:
    return Said(seq, GENERAL, nick, text, float(seq), message_id or f"log-{seq}", kind)


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ("ana se ha unido al chat.", Joined(GENERAL, "ana", 1)),
        ("José Luis se ha unido al chat.", Joined(GENERAL, "José Luis", 1)),
        ("eva se ha desconectado.", Left(GENERAL, "eva", 1)),
        ("Conectado al servidor.", Welcomed("ana", GENERAL, ["ana"], "log", 0, 1)),
        ("eva: hola", said(1, "eva", "hola")),
        ("eva: hola: y más", said(1, "eva", "hola: y más")),
        ("eva: dos\nlíneas", said(1, "eva", "dos\nlíneas")),
        ("* eva saluda", said(1, "eva", "saluda", kind="action")),
        ("sin nombre", said(1, NOBODY, "sin nombre")),
        ("x" * 65 + ": hola", said(1, NOBODY, "x" * 65 + ": hola")),
        ("eva: leo se ha desconectado.", said(1, "eva", "leo se ha desconectado.")),
    ],
)
def test_one_read_is_one_event(data: str, event: Event) -> None:
    """Each of the server's lines is known by its form, with a line ending or not."""
    assert reader().feed(data.encode()) == [event]
    assert reader().feed(f"{data}\r\n".encode()) == [event]


def test_notices_that_arrive_together_are_apart() -> None:
    """The server writes its notices without an ending: any number of them, and then a message, in one read."""
    data = "ana se ha unido al chat.Conectado al servidor.eva se ha unido al chat.leo se ha desconectado.eva: hola"
    kinds = [type(event) for event in reader().feed(data.encode())]
    assert kinds == [Welcomed, Joined, Joined, Left, Said]


def test_nothing_is_no_event() -> None:
    """Line endings alone say nothing."""
    assert reader().feed(b"\r\n\n") == []


def test_a_split_character_is_put_together() -> None:
    """A character cut by the end of a read comes whole with the next one; what is no UTF-8 is marked."""
    seed = reader()
    data = "eva: ñ".encode()
    assert seed.feed(data[:-1]) == [said(1, "eva", "")]
    assert seed.feed(data[-1:]) == [said(2, NOBODY, "ñ")]
    assert seed.feed(b"eva: \xff!") == [said(3, "eva", "\ufffd!")]


def test_our_own_messages_are_confirmed_in_order() -> None:
    """A line of ours that comes back bears the id it was sent with, once; the same text again the next id."""
    seed = reader()
    seed.awaited.extend(Say(GENERAL, "hola", message_id) for message_id in ("a", "b"))
    assert seed.feed(b"ana: hola") == [said(1, "ana", "hola", "a")]
    assert seed.feed(b"ana: hola") == [said(2, "ana", "hola", "b")]
    assert seed.feed(b"ana: hola") == [said(3, "ana", "hola")]


def test_others_confirm_nothing() -> None:
    """The same text by another speaker, or another text by us, is just a message."""
    seed = reader()
    seed.awaited.append(Say(GENERAL, "hola", "a"))
    assert seed.feed(b"eva: hola") == [said(1, "eva", "hola")]
    assert seed.feed(b"ana: adi\xc3\xb3s") == [said(2, "ana", "adiós")]
    assert [say.id for say in seed.awaited] == ["a"]


def test_a_message_that_came_glued_holds_no_other_up() -> None:
    """Our own message at the end of another's is told apart, since we know what we said."""
    seed = reader()
    seed.awaited.extend([Say(GENERAL, "uno", "a"), Say(GENERAL, "dos", "b")])
    assert seed.feed(b"eva: holaana: uno") == [said(1, "eva", "hola"), said(2, "ana", "uno", "a")]
    assert seed.feed(b"ana: dos") == [said(3, "ana", "dos", "b")]


def test_a_welcome_within_other_words_is_found() -> None:
    """Whatever is glued around it, the first time the server says that one is connected counts."""
    seed = reader()
    data = "ana se ha unido al chat.luis: holaConectado al servidor."
    assert [type(event) for event in seed.feed(data.encode())] == [Welcomed, Joined, Said]
    assert [type(event) for event in seed.feed(b"luis: Conectado al servidor.")] == [Said]


@given(st.lists(st.binary()))
def test_any_bytes_are_events(reads: list[bytes]) -> None:
    """Whatever a server writes: no read fails, and messages count on from one to the next."""
    seed = reader()
    events = [event for data in reads for event in seed.feed(data)]
    seqs = [event.seq for event in events if isinstance(event, Said)]
    assert seqs == list(range(1, len(seqs) + 1))


@given(TEXTS, st.sampled_from(["text", "action"]))
def test_what_we_write_is_read_back_as_ours(text: str, kind: Kind) -> None:
    """Any line that we may write, sent back verbatim, is our own message with its text, kind and id."""
    seed, say = reader(), Say(GENERAL, text, "a", kind)
    seed.awaited.append(say)
    (event,) = seed.feed(unframed_text(say, "ana"))
    assert event == said(1, "ana", text, "a", kind)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600).map(lambda text: text * 2))
def test_what_we_write_fits_one_read(text: str) -> None:
    """A line is at most 1,024 bytes; a text too long for that is refused with the limit that it broke."""
    say, most = Say(GENERAL, text, "a"), limits.UNFRAMED_READ_BYTES - len("ana: ")
    if len(text.encode()) <= most:
        assert len(unframed_text(say, "ana")) == len(text.encode()) + len("ana: ")
    else:
        with pytest.raises(TextTooLong) as caught:
            unframed_text(say, "ana")
        assert caught.value.limit == most


@pytest.mark.parametrize("request_", [Who(GENERAL), Rename("eva"), Ping()])
def test_such_a_server_knows_only_messages(request_: Who | Rename | Ping) -> None:
    """All but messages is unsupported."""
    with pytest.raises(Unsupported):
        unframed_text(request_, "ana")
