"""The log in memory: every message once, in order, and known again when it is sent again."""

from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.errors import IdReused
from chatapp.protocol.events import Said
from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Kind, Say
from chatapp.server.store import Appended, MemoryStore, Post


def post(nick: str, text: str, message_id: str, *, room: str = GENERAL, kind: Kind = "text") -> Post:
    return Post(nick, Say(room, text, message_id, kind), at=7.5)


async def test_a_message_is_kept_as_it_was_said() -> None:
    """What comes out is what went in, with the next seq."""
    store = MemoryStore()
    (outcome,) = await store.append([post("Ana", "hola", "1", kind="action")])
    assert outcome == Appended(Said(1, GENERAL, "Ana", "hola", 7.5, "1", "action"), is_new=True)
    assert store.last_seq == 1


async def test_a_batch_keeps_its_order_and_the_next_goes_on_from_it() -> None:
    """The seq grows by one from message to message, over batches."""
    store = MemoryStore()
    first = await store.append([post("ana", "a", "1"), post("eva", "b", "1")])
    second = await store.append([post("ana", "c", "2")])
    said = [outcome.said for outcome in first + second if isinstance(outcome, Appended)]
    assert [(one.seq, one.text) for one in said] == [(1, "a"), (2, "b"), (3, "c")]


async def test_a_message_sent_again_is_the_first_one() -> None:
    """The same author, id and text again gives the first event, in the same batch or later, and no new seq."""
    store = MemoryStore()
    first, again = await store.append([post("ana", "a", "1"), post("ana", "a", "1")])
    (later,) = await store.append([post("ANA", "a", "1")])
    assert isinstance(first, Appended)
    assert again == later == Appended(first.said, is_new=False)
    assert store.last_seq == 1


async def test_an_id_belongs_to_what_was_first_said_with_it() -> None:
    """The same id with another text, kind or room is refused and keeps nothing."""
    store = MemoryStore()
    others = [post("ana", "b", "1"), post("ana", "a", "1", kind="action"), post("ana", "a", "1", room="#other")]
    _, *refused = await store.append([post("ana", "a", "1"), *others])
    assert [(type(outcome), str(outcome)) for outcome in refused] == [(IdReused, "id-reused: 1")] * 3
    assert store.last_seq == 1


async def test_beyond_the_bound_the_oldest_is_forgotten() -> None:
    """A store that remembers two messages takes the third last one for new."""
    store = MemoryStore(remembered=2)
    await store.append([post("ana", "a", str(number)) for number in range(3)])
    outcomes = await store.append([post("ana", "a", "2"), post("ana", "a", "1"), post("ana", "a", "0")])
    assert [outcome.is_new for outcome in outcomes if isinstance(outcome, Appended)] == [False, False, True]


async def test_no_two_logs_have_one_name() -> None:
    """A log's name is its own, and stays."""
    store = MemoryStore()
    assert store.log == store.log != MemoryStore().log


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("123"), st.sampled_from("xy")))),
    st.integers(1, 9),
)
async def test_any_posts_in_any_batches(batches: list[list[tuple[str, str, str]]], remembered: int) -> None:
    """However posts are batched, new ones count 1, 2, 3 …, and an id names one text while it is remembered."""
    store, kept, seq = MemoryStore(remembered), dict[tuple[str, str], str](), 0
    for batch in batches:
        outcomes = await store.append([post(nick, text, message_id) for nick, message_id, text in batch])
        for (nick, message_id, text), outcome in zip(batch, outcomes, strict=True):
            known = kept.get((nick, message_id))
            if known is None:
                seq += 1
                kept[nick, message_id] = text
                kept = dict(list(kept.items())[-remembered:])
                assert isinstance(outcome, Appended)
                assert (outcome.said.seq, outcome.is_new) == (seq, True)
            else:
                assert isinstance(outcome, Appended if known == text else IdReused)
    assert store.last_seq == seq
