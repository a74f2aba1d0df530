"""What was sent comes back, and nicks complete themselves."""

from chatapp.tui.composer.recall import Completion, Recall

NICKS = ["luis", "Ana", "anabel", "mei"]


def test_the_draft_waits_below_what_was_sent() -> None:
    """Walking up and down again ends at the draft as it was left."""
    recall = Recall()
    recall.remember("one")
    recall.remember("two")
    assert [recall.older("draft"), recall.older("two"), recall.older("one")] == ["two", "one", None]
    assert [recall.newer(), recall.newer(), recall.newer()] == ["two", "draft", None]


def test_a_repeated_line_is_kept_once() -> None:
    """The same line sent twice in a row is one step."""
    recall = Recall()
    recall.remember("one")
    recall.remember("one")
    assert [recall.older(""), recall.older("one")] == ["one", None]


def test_with_nothing_sent_there_is_nothing_to_walk() -> None:
    """Neither direction leads anywhere."""
    recall = Recall()
    assert recall.older("draft") is None
    assert recall.newer() is None


def test_a_nick_at_the_start_is_addressed() -> None:
    """At the start of a line a colon follows, elsewhere a space."""
    assert Completion().complete("lu", NICKS) == "luis: "
    assert Completion().complete("hola lu", NICKS) == "hola luis "


def test_asked_again_the_next_nick_that_fits_stands_there() -> None:
    """Case does not matter, and the choices go round."""
    completion = Completion()
    completed = ["AN"]
    for _ in range(3):
        completed.append(completion.complete(completed[-1], NICKS) or "")
    assert completed[1:] == ["Ana: ", "anabel: ", "Ana: "]


def test_what_fits_nobody_is_left_alone() -> None:
    """No nick, no word: nothing to complete."""
    assert Completion().complete("zoe", NICKS) is None
    assert Completion().complete("", NICKS) is None
    assert Completion().complete("hola ", NICKS) is None
