"""What a nick looks like: who could be taken for whom."""

import pytest

from chatapp.protocol.names import check_nick
from chatapp.server.skeletons import confusable_pairs, skeletons
from tests.server.confusables import allowed_pairs


def look_alike(one: str, other: str) -> bool:
    return not set(skeletons(one)).isdisjoint(skeletons(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana", "аna"),  # the first letter of the second is Cyrillic
        ("ana", "ANA"),
        ("ana", "Ａna"),
        ("ana1", "anal"),
        ("Ivan", "lvan"),
        ("IVAN", "ivan"),
        ("AnaI", "anal"),
        ("bob0", "BOBO"),
        ("amy", "arny"),
        ("Ναι", "Nai"),
        ("paул", "раул"),
        ("ﬁn", "fin"),
        ("straße", "strasse"),
        ("ñu", "n\u0303u"),
        ("a\u0430\u0301", "aá"),
    ],
)
def test_who_could_be_taken_for_whom(one: str, other: str) -> None:
    """By the letters' shape, whatever the case, and by both at once."""
    assert look_alike(one, other)
    assert look_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ana", "ava"), ("ali", "all"), ("ivan", "lvan"), ("n", "ñ"), ("eva", "ena"), ("yuri", "uuri"), ("a_b", "a-b")],
)
def test_who_is_as_different_as_before(one: str, other: str) -> None:
    """Letters that only look alike in another case each, as Ν and N, and ν and v, make no `n` of a `v`."""
    assert not look_alike(one, other)


def test_every_confusable_pair_is_one_look() -> None:
    """All of Unicode's that can stand in a nick: alone, at its end, and between two letters."""
    pairs = allowed_pairs()
    assert len(pairs) > 3800
    assert [pair for pair in pairs if not look_alike(*pair)] == []
    for begin, end in (("a", ""), ("x", "o")):
        longer = allowed_pairs(begin, end)
        assert len(longer) > 3800
        assert [pair for pair in longer if not look_alike(*pair)] == []


def test_ascii_is_read_as_the_table_has_it() -> None:
    """What is written down for ASCII, so that it needs no table, is what the table says of it."""
    table = {source: target for source, target in confusable_pairs() if source.isascii()}
    nick_characters = [chr(code) for code in range(128) if chr(code).isalnum() or chr(code) in "_-."]
    assert {one: table[one] for one in nick_characters if one in table} == {"m": "rn", "0": "O", "1": "l", "I": "l"}
    for one in nick_characters:
        assert skeletons(one)[0] == skeletons(f"{one}ñ")[0].removesuffix("ñ")


def test_a_look_is_a_look_of_itself() -> None:
    """Mapping comes to an end, for every character that there is a rule for, however it is composed."""
    for pair in confusable_pairs():
        for text in pair:
            look = skeletons(text)[0]
            assert skeletons(look) == (look,)


def test_pairs_are_nicks() -> None:
    """What `allowed_pairs` gives has passed the rules."""
    assert all(check_nick(nick) == nick for pair in allowed_pairs() for nick in pair)
