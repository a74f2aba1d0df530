"""What could not be kept waits for room: in its order, of each thing only the last word, and nothing without end."""

from chatapp.server.storage.records import Claim, Deed, Ending, Making, Membership, Reading, Record
from chatapp.server.unkept import Unkept

ROOM, OTHER = "#:1", "#:2"


def kept(*records: Record) -> list[Record]:
    unkept = Unkept()
    for record in records:
        unkept.keep(record)
    return list(unkept)


def test_the_last_word_counts() -> None:
    """Of each key in each room, and of each nick; a room is made before anybody is in it."""
    made, came, went = Making(ROOM, "k1", 0), Membership("k1", ROOM, 1), Membership("k1", ROOM, 2, is_member=False)
    other = Membership("k2", ROOM, 3)
    first, last = Claim("ana", "k1", 4), Claim("Ana", "k1", 5)
    assert kept(made, came, other, went, first, last) == [made, other, went, last]


def test_of_what_ended_nothing_waits() -> None:
    """If the log never knew of the room there is nothing to end either, so that no crowd of rooms grows here."""
    assert kept(Making(ROOM, "k1", 0), Membership("k1", ROOM, 1), Ending(ROOM)) == []
    assert kept(Membership("k1", ROOM, 1), Ending(ROOM)) == [Ending(ROOM)]
    assert kept(Making(OTHER, "k1", 0), Membership("k1", ROOM, 1), Ending(ROOM))[1:] == [Ending(ROOM)]


def test_what_is_asked_for_again_is_not_kept() -> None:
    assert kept(Reading("k1", ROOM, 5)) == []


def test_each_deed_waits() -> None:
    """In their order, also of a room that ended: all are to be noted."""
    deeds = [Deed(at, "k1", "ana", what, ROOM, "luis") for at, what in enumerate(("ban", "unban", "ban"))]
    assert kept(*deeds, Ending(ROOM))[:3] == deeds
