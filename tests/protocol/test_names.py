"""The rules for nicks, rooms, ids and texts: what passes, what is refused, and what two names are compared by."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol import limits
from chatapp.protocol.errors import (
    BadCharacter,
    BadId,
    BadNick,
    BadRoom,
    EmptyText,
    NickReserved,
    RuleError,
    TextTooLong,
)
from chatapp.protocol.names import GENERAL, check_id, check_nick, check_room, check_text, name_key

CHECKS = [check_nick, check_room, check_id, check_text]
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200c\u200d\u200e\u200f\u202a"
    "\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206f\u3164\ufe00\ufe0f\ufeff\uffa0"
    "\U0001bca0\U0001d173\U000e0001\U000e0020\U000e007f\U000e0100\U000e01ef"
)
"""Characters that are drawn as nothing, or turn others around."""

name_texts = st.text(st.characters(categories=["L", "M", "N"]) | st.sampled_from("_-.#"), max_size=40)
any_texts = st.text() | name_texts | st.text(st.characters(categories=["Cs", "Cc", "Zs"]) | st.just("a"))


def passes(check: Callable[[str], str], value: str) -> str | None:
    """Return what `check` makes of `value`, or None if it breaks the rules."""
    try:
        return check(value)
    except RuleError:
        return None


@pytest.mark.parametrize("check", CHECKS)
@given(value=any_texts)
def test_a_check_of_what_passed_changes_nothing(check: Callable[[str], str], value: str) -> None:
    """Any text passes or breaks a rule, by no other error; what passed passes again, as it is."""
    checked = passes(check, value)
    assert checked is None or check(checked) == checked


@pytest.mark.parametrize("nick", ["ana", "_", "7", "Ñandú", "o.o", "a-b_c", "李雷", "سارة", "x" * 32, "a\u0303" * 32])
def test_nicks_that_pass(nick: str) -> None:
    """Letters of any script, digits, and _ - . within pass; the result is in form NFC."""
    assert check_nick(nick) == unicodedata.normalize("NFC", nick)


@pytest.mark.parametrize(
    "nick",
    ["", "-ana", ".ana", "\u0303a", "a b", "ana:", "a\nb", "a\tb", "*", "@ana", "😀", "x" * 33, "a\x00", "a\ud800"],
)
def test_nicks_that_are_refused(nick: str) -> None:
    """Nothing that separates, points, or hides is in a nick, nor more than 32 characters."""
    with pytest.raises(BadNick) as caught:
        check_nick(nick)
    assert caught.value.limit == limits.NICK_CHARACTERS


@pytest.mark.parametrize("nick", ["NICK", "salir", "Salir", "server", "ＡＤＭＩＮ", "ſalir", "Todos", "sistema"])
def test_nicks_that_are_reserved(nick: str) -> None:
    """Names that would be read as the server's are refused in any case and width, and named."""
    with pytest.raises(NickReserved) as caught:
        check_nick(nick)
    assert caught.value.detail == nick


@pytest.mark.parametrize("character", INVISIBLE)
def test_nothing_invisible_is_in_a_name(character: str) -> None:
    """Two names that look alike are not told apart by what can't be seen."""
    for name in (f"an{character}a", f"ana{character}", f"{character}ana"):
        assert passes(check_nick, name) is None
        assert passes(check_room, f"#{name}") is None


@given(name_texts)
def test_a_nick_can_be_spoken_of(nick: str) -> None:
    """What passes is 1 to 32 characters in form NFC, starts no notice or command, and ends before its colon."""
    checked = passes(check_nick, nick)
    if checked is not None:
        assert 1 <= len(checked) <= limits.NICK_CHARACTERS
        assert unicodedata.is_normalized("NFC", checked)
        assert checked[0] not in "-.*/{#"
        assert not set(checked) & set(": ,\n\r\t")


@given(name_texts)
def test_rooms_follow_the_rules_of_nicks(name: str) -> None:
    """A room is # and a name as nicks are, but longer, with none reserved, and as names are compared."""
    room = passes(check_room, f"#{name}")
    nick = passes(check_nick, name)
    assert None in (nick, room) or room == f"#{name_key(name)}"
    assert room is None or len(room) > limits.NICK_CHARACTERS or check_as_reserved(room[1:])
    assert room is None or check_room(room) == room


def check_as_reserved(name: str) -> bool:
    """Return whether `name` is a nick, be it a reserved one."""
    try:
        return check_nick(name) == name
    except NickReserved:
        return True


@pytest.mark.parametrize("room", [GENERAL, "#7", "#ñ", "#salir", "#" + "x" * 63])
def test_rooms_that_pass(room: str) -> None:
    """# and a name of up to 63 characters is a room."""
    assert check_room(room) == room


@pytest.mark.parametrize("room", ["#Ops", "#OPS", "＃ｏｐｓ", "#\u2134ps"])
def test_rooms_that_are_the_same(room: str) -> None:
    """Case and width tell no two rooms apart: there is one way to write each."""
    assert check_room(room) == "#ops"


@pytest.mark.parametrize("room", ["", "#", "general", "##a", "#a b", "#-a", "#" + "x" * 64])
def test_rooms_that_are_refused(room: str) -> None:
    """Without # or a name, or too long, is no room; the error tells the limit."""
    with pytest.raises(BadRoom) as caught:
        check_room(room)
    assert caught.value.limit == limits.ROOM_CHARACTERS


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=limits.ID_CHARACTERS))
def test_ids_that_pass(message_id: str) -> None:
    """Any 1 to 64 printable ASCII characters are an id, as they are."""
    assert check_id(message_id) == message_id


@pytest.mark.parametrize("message_id", ["", "a b", "ñ", "a\n", "\x7f", "x" * 65])
def test_ids_that_are_refused(message_id: str) -> None:
    """Spaces, controls, other characters than ASCII, none or too many are no id."""
    with pytest.raises(BadId) as caught:
        check_id(message_id)
    assert caught.value.limit == limits.ID_CHARACTERS


@pytest.mark.parametrize("text", ["hola", " hola ", "a\nb", "\x1b[31m", "👩‍👩‍👧", "x" * limits.TEXT_BYTES])
def test_texts_that_pass(text: str) -> None:
    """A text passes as it is: spaces, line feeds and controls are the reader's to show."""
    assert check_text(text) == text


@pytest.mark.parametrize("text", ["", " ", "\n \t", "\u3000"])
def test_texts_with_nothing_in_them(text: str) -> None:
    """Nothing but space is no message."""
    with pytest.raises(EmptyText):
        check_text(text)


@pytest.mark.parametrize("character", ["a", "ñ", "😀"])
def test_the_limit_of_texts_is_in_bytes(character: str) -> None:
    """A text of 4 KiB as UTF-8 passes, and one byte more doesn't."""
    text = character * (limits.TEXT_BYTES // len(character.encode()))
    assert check_text(text) == text
    with pytest.raises(TextTooLong) as caught:
        check_text(f"{text}a")
    assert caught.value.limit == limits.TEXT_BYTES


@pytest.mark.parametrize(("text", "named"), [("a\x00", "U+0000"), ("\r", "U+000D"), ("a\udc80b", "U+DC80")])
def test_characters_that_are_never_text(text: str, named: str) -> None:
    """NUL, CR and surrogates are refused, by their code point."""
    with pytest.raises(BadCharacter) as caught:
        check_text(text)
    assert caught.value.detail == named


@given(any_texts)
def test_the_key_of_a_key_is_itself(name: str) -> None:
    """Comparing by keys is stable: a key is its own key."""
    assert name_key(name_key(name)) == name_key(name)


@given(name_texts)
def test_a_checked_nick_keeps_its_key(nick: str) -> None:
    """Who is looked for by what they typed is found by what the check made of it."""
    checked = passes(check_nick, nick)
    assert checked is None or name_key(checked) == name_key(nick)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana", "aNA"),
        ("STRASSE", "straße"),
        ("ﬁn", "fin"),
        ("Ａna", "ana"),
        ("𝐀na", "ana"),
        ("n\u0303u", "ñu"),
        ("ΣΑΣ", "σας"),
        ("ǰ\u0323", "J\u0323\u030c"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    """Case, width, ligatures and the order of marks tell no two names apart."""
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("ana", "anna"), ("n", "ñ"), ("a.b", "ab"), ("a_b", "a-b")])
def test_names_that_are_not_the_same(one: str, other: str) -> None:
    """Accents and punctuation do tell names apart."""
    assert name_key(one) != name_key(other)
