"""The tree of errors: one leaf for each code, each with something to say to a person."""

from collections import Counter

import pytest

from chatapp.protocol.errors import BadNick, Code, ProtocolError
from chatapp.protocol.events import Error
from chatapp.texts.errors import explain, explain_error


def leaves(error: type[ProtocolError] = ProtocolError) -> list[type[ProtocolError]]:
    """Return the classes below `error` that have none below them."""
    below = error.__subclasses__()
    return [leaf for child in below for leaf in leaves(child)] if below else [error]


def test_every_code_has_exactly_one_leaf() -> None:
    """Codes and leaves stand for each other, one to one."""
    assert Counter(leaf.code for leaf in leaves()) == Counter(Code)


def test_only_leaves_have_a_code() -> None:
    """A group of errors is none itself, so none can be raised by mistake."""
    groups = {base for leaf in leaves() for base in leaf.__mro__[1:] if issubclass(base, ProtocolError)}
    assert not [group for group in groups if "code" in vars(group)]


@pytest.mark.parametrize("leaf", leaves())
def test_an_error_holds_its_data(leaf: type[ProtocolError]) -> None:
    """What was wrong, and the limit, are there as data and in the text for a log."""
    error = leaf("what", 7)
    assert (error.detail, error.limit, str(error)) == ("what", 7, f"{leaf.code}: what: limit 7")
    assert str(leaf()) == leaf.code


@pytest.mark.parametrize("code", Code)
def test_every_code_is_explained(code: Code) -> None:
    """A person reads a sentence, with the data of the error in it and no gap left."""
    text = explain(code, "{limit}", 7, fallback="unknown")
    assert text != "unknown"
    assert "{detail}" not in text
    assert text[0].isupper()


def test_a_detail_is_data() -> None:
    """Braces in what a peer sent are shown, not filled in."""
    assert explain(Code.UNKNOWN_TYPE, "{limit}", 7) == "There is no request of the type {limit}."


def test_a_code_of_a_newer_server_is_told_in_its_words() -> None:
    """An unknown code shows the text that came with it."""
    assert explain("from-the-future", fallback="Wait and see.") == "Wait and see."


def test_an_error_goes_over_the_wire_with_its_data() -> None:
    """An error event has the code, detail and limit of what was raised, and a text for people."""
    error = BadNick("x y", 32)
    event = Error.of(error, explain_error(error), "id-1")
    assert (event.code, event.detail, event.limit, event.id) == ("bad-nick", "x y", 32, "id-1")
    assert event.text.startswith("A nick has 1 to 32 letters")
