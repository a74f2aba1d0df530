"""Events on their way to whoever takes them: none is lost, none comes twice, and all keep their order."""

import asyncio

from chatapp.client.events import ClientEvent, Looked
from chatapp.client.inbox import Inbox


def looked(*rooms: int) -> list[ClientEvent]:
    return [Looked(str(room)) for room in rooms]


def filled(count: int) -> Inbox:
    inbox = Inbox()
    for event in looked(*range(count)):
        inbox.put(event)
    return inbox


async def test_as_many_are_taken_as_are_asked_for() -> None:
    """The first come first; at the end those that wait are taken still, and then none."""
    inbox = filled(5)
    assert await inbox.take(2) == looked(0, 1)
    inbox.end()
    assert await inbox.take(2) == looked(2, 3)
    assert await inbox.take(2) == looked(4)
    assert await inbox.take(2) == []


async def test_one_waits_for_what_comes() -> None:
    """Where none waits the next is waited for; the end ends that too."""
    inbox = filled(1)
    await inbox.take(9)
    taking = asyncio.create_task(inbox.take(9))
    await asyncio.sleep(0)
    assert not taking.done()
    inbox.put(Looked("later"))
    assert await taking == [Looked("later")]
    taking = asyncio.create_task(inbox.take(9))
    await asyncio.sleep(0)
    inbox.end()
    assert await taking == []


async def test_it_is_empty_when_the_last_was_taken() -> None:
    """Whoever fills it can wait until all are taken, and goes on at once if none is there."""
    inbox = filled(3)
    emptied = asyncio.create_task(inbox.emptied())
    await inbox.take(2)
    await asyncio.sleep(0)
    assert not emptied.done()
    assert len(inbox) == 1
    await inbox.take(2)
    await emptied
    await inbox.emptied()
    inbox.put(Looked("again"))
    emptied = asyncio.create_task(inbox.emptied())
    await asyncio.sleep(0)
    assert not emptied.done()
    await inbox.take(1)
    await emptied
