"""What becomes of a message: from what was said to what stands in the timeline."""

from typing import Any

import pytest

from chatapp.protocol.events import Deleted, Edited, Reacted, Renamed, Said
from chatapp.texts import use_language
from chatapp.tui.timeline.details import PLAIN, Details, Reaction
from chatapp.tui.timeline.entries import Kind
from chatapp.tui.timeline.messages import changed, entry_for_said

ROOM = "#general"


def said(text: str = "hola", nick: str = "luis", **marks: Any) -> Said:
    return Said(7, ROOM, nick, text, 0.0, "7", **marks)


def reacted(emoji: str, nick: str, *, on: bool = True) -> Reacted:
    return Reacted(9, ROOM, 7, emoji, nick, 0.0, on=on)


def edited(text: str) -> Edited:
    return Edited(8, ROOM, 7, text, "luis", 0.0)


def test_what_has_nothing_beside_its_text_costs_nothing_more() -> None:
    """All plain messages share their details."""
    assert entry_for_said(said(), "ana").details is PLAIN


def test_as_it_stands_in_a_page() -> None:
    """An answer, an edit, reactions and a mention are there from the start."""
    entry = entry_for_said(said("hola @Ana", reply=3, is_edited=True, reactions={"heart": ["mei", "ANA"]}), "ana")
    heart = Reaction("heart", ("mei", "ANA"), is_own=True)
    assert entry.details == Details(3, is_edited=True, is_mention=True, reactions=(heart,))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("topic", "luis set the topic: mei"),
        ("invited", "luis brought mei in"),
        ("removed", "luis took mei out"),
    ],
)
def test_what_is_no_talk_is_a_notice(kind: str, says: str) -> None:
    """A topic and who is brought in or taken out are told of, and keep their number in the log."""
    entry = entry_for_said(said("mei", kind=kind), "mei")
    assert (entry.kind, entry.text, entry.seq, entry.details) == (Kind.NOTICE, says, 7, PLAIN)


@pytest.mark.parametrize(("language", "says"), [("en", "message deleted"), ("es", "mensaje borrado")])
def test_deleted_nothing_is_left_of_it(language: str, says: str) -> None:
    """Neither its text nor what it answered nor reactions; from a page it reads alike."""
    use_language(language)
    before = said("secret @ana", reply=3, reactions={"heart": ["ana"]})
    after = changed(entry_for_said(before, "ana"), Deleted(8, ROOM, 7, "luis", 0.0), "ana")
    assert (after.text, after.details) == (says, Details(is_deleted=True))
    assert after == entry_for_said(said("", is_deleted=True), "ana")


def test_a_deleted_action_is_no_sentence() -> None:
    """It is said of the message, not of whoever waved."""
    after = changed(entry_for_said(said("waves", kind="action"), "ana"), Deleted(8, ROOM, 7, "luis", 0.0), "ana")
    assert after.kind is Kind.TEXT


def test_deleted_it_stays_so() -> None:
    """No edit or reaction that comes late brings anything back."""
    deleted = entry_for_said(said("", is_deleted=True), "ana")
    for event in (edited("back"), reacted("heart", "mei")):
        assert changed(deleted, event, "ana") is deleted


def test_edited_it_may_mention_one_or_no_longer() -> None:
    """The mark follows the text."""
    entry = entry_for_said(said("hola @ana"), "ana")
    entry = changed(entry, edited("hola @mei"), "ana")
    assert (entry.text, entry.details) == ("hola @mei", Details(is_edited=True))
    assert changed(entry, edited("hola @here"), "ana").details.is_mention


def test_nobody_mentions_themselves() -> None:
    """One's own message that names one, or everyone, is no mention."""
    assert not entry_for_said(said("hola @here, I am @ana", nick="ana"), "ana").details.is_mention


def test_reactions_come_and_go() -> None:
    """Each counts once, in the order in which they came; the last one to go takes the emoji away."""
    entry = entry_for_said(said(), "ana")
    for event in (reacted("heart", "mei"), reacted("eyes", "luis"), reacted("heart", "ana"), reacted("heart", "MEI")):
        entry = changed(entry, event, "ana")
    heart = Reaction("heart", ("ana", "MEI"), is_own=True)
    assert entry.details.reactions == (heart, Reaction("eyes", ("luis",)))
    for nick in ("mei", "ana", "ana"):
        entry = changed(entry, reacted("heart", nick, on=False), "ana")
    assert entry.details.reactions == (Reaction("eyes", ("luis",)),)
    assert changed(entry, reacted("rocket", "luis", on=False), "ana") is entry


def test_who_takes_another_nick_can_take_a_reaction_back() -> None:
    """A reaction goes by the nick that whoever reacted has now."""
    entry = entry_for_said(said(reactions={"heart": ["mei", "luis"]}), "ana")
    entry = changed(entry, Renamed("mei", "eva", 0.0), "ana")
    assert entry.details.reactions == (Reaction("heart", ("eva", "luis")),)
    entry = changed(entry, reacted("heart", "eva", on=False), "ana")
    assert entry.details.reactions == (Reaction("heart", ("luis",)),)
    assert changed(entry, Renamed("mei", "eva", 0.0), "ana") is entry
