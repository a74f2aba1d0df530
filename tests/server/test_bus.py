"""The queue in front of the relay: everything once, in order, and a sign when there is too much."""

import asyncio
from collections.abc import Callable
from itertools import chain
from typing import cast

import pytest

from chatapp.protocol.names import GENERAL
from chatapp.protocol.requests import Edit, Say
from chatapp.server.bus import BATCH_ITEMS, CAPACITY, Becoming, Bus, Changing, Closing, Item, Posting
from chatapp.server.session import Session
from chatapp.server.storage.records import Change, Post

NOBODY = cast(Session, None)
"""A bus only carries sessions: it asks nothing of them."""


async def test_all_that_waits_is_taken_at_once_oldest_first() -> None:
    """One take brings what waits, in the order of their publishing, and leaves none."""
    bus, items = Bus(), [Closing(), Closing(), Closing()]
    for item in items:
        bus.publish(item)
    taken = await bus.take()
    assert [id(item) for item in taken] == [id(item) for item in items]
    bus.publish(last := Closing())
    assert [id(item) for item in await bus.take()] == [id(last)]


async def test_a_take_waits_for_something_to_take() -> None:
    """With nothing there, a take ends with the next item and not before."""
    bus = Bus()
    taking = asyncio.create_task(bus.take())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not taking.done()
    bus.publish(Closing())
    async with asyncio.timeout(5):
        assert await taking == [Closing()]


async def test_a_full_bus_says_so_and_takes_more_all_the_same() -> None:
    """It is full from its capacity on; what is published then is not lost."""
    bus = Bus()
    for _ in range(CAPACITY - 1):
        bus.publish(Closing())
    assert not bus.is_full
    bus.publish(Closing())
    bus.publish(Closing())
    assert bus.is_full
    taken = 0
    while taken < CAPACITY + 1:
        taken += len(await bus.take())
        assert not bus.is_full


async def test_a_batch_is_bounded() -> None:
    """One take brings at most so many items; the next brings what comes after."""
    bus = Bus()
    for _ in range(BATCH_ITEMS + 1):
        bus.publish(Closing())
    assert [len(await bus.take()), len(await bus.take())] == [BATCH_ITEMS, 1]


def _saying(number: int, text: str) -> Item:
    return Posting(Post("key", "ana", Say(GENERAL, text, str(number)), 0), NOBODY)


def _editing(number: int, text: str) -> Item:
    return Changing(Change("key", "ana", Edit(GENERAL, text, number), 0), NOBODY)


def _becoming(number: int, text: str) -> Item:
    return Becoming(f"ana{number}", "away", text, (GENERAL,))


@pytest.mark.parametrize("make", [_saying, _editing, _becoming])
async def test_a_batch_holds_no_more_text_than_so_much(make: Callable[[int, str], Item]) -> None:
    """Whatever brings long texts, so that no peer that reads is sent more at once than its outbox holds."""
    bus, items = Bus(), [make(number, "x" * 4000) for number in range(40)]
    for item in items:
        bus.publish(item)
    batches = [await bus.take(), await bus.take()]
    assert [len(batch) for batch in batches] == [33, 7]
    assert list(chain(*batches)) == items


async def test_who_waits_for_room_is_called_once() -> None:
    """Each is called, in order, by the take after which the bus is full no more, and never again."""
    bus, called = Bus(), list[str]()
    for _ in range(CAPACITY + BATCH_ITEMS):
        bus.publish(Closing())
    bus.when_drained(lambda: called.append("a"))
    bus.when_drained(lambda: called.append("b"))
    await bus.take()
    assert (bus.is_full, called) == (True, [])
    for _ in range(2):
        await bus.take()
        assert (bus.is_full, called) == (False, ["a", "b"])
