"""The queue in front of the relay: everything once, in order, and a sign when there is too much."""

import asyncio

from chatapp.server.bus import CAPACITY, Bus, Closing


async def test_all_that_waits_is_taken_at_once_oldest_first() -> None:
    """One take brings all items, in the order of their publishing, and leaves none."""
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
    assert len(await bus.take()) == CAPACITY + 1
    assert not bus.is_full


async def test_who_waits_for_room_is_called_once() -> None:
    """Each callback is called by the next take, in order, and never again."""
    bus, called = Bus(), list[str]()
    bus.when_drained(lambda: called.append("a"))
    bus.when_drained(lambda: called.append("b"))
    assert called == []
    for _ in range(2):
        bus.publish(Closing())
        await bus.take()
    assert called == ["a", "b"]
