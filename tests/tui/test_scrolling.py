"""The timeline follows the newest, or stays where one reads."""

from chatapp.client.client import Client
from chatapp.server.server import Server
from tests.tui.screens import Window, person, window


async def filled(ana: Window, luis: Client, count: int = 60) -> None:
    for number in range(count):
        luis.type_line(f"number {number}.")
    await ana.shows(f"number {count - 1}.")


def top_rows(shown: Window) -> list[str]:
    return [row[:76] for row in shown.rows()[:10]]


async def test_scrolled_up_the_view_stays_and_counts(server: Server) -> None:
    """What comes below moves nothing in view; a line counts it, and is gone when the end is seen."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        await ana.press("pageup")
        before = top_rows(ana)
        for number in range(5):
            luis.type_line(f"new {number}")
            await ana.shows(f"↓ {number + 1} new line")
        await ana.shows("↓ 5 new lines")
        assert top_rows(ana) == before
        await ana.press("escape")
        await ana.shows("new 4", without="↓")


async def test_the_count_can_be_clicked(server: Server) -> None:
    """A click on the line that counts leads to the newest."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        await ana.press("pageup")
        luis.type_line("newest")
        await ana.shows("↓ 1 new line", without="newest")
        await ana.pilot.click("#unseen")
        await ana.shows("newest", without="↓")


async def test_the_first_message_and_the_last(server: Server) -> None:
    """ctrl+home shows the first, ctrl+end the last, and from then on it follows."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        await ana.press("ctrl+home")
        await ana.shows("number 0.", without="number 59.")
        await ana.press("ctrl+end")
        await ana.shows("number 59.")
        luis.type_line("newest")
        await ana.shows("newest", without="↓")


async def test_page_down_to_the_end_follows_again(server: Server) -> None:
    """Reaching the end by pages is the same as going there."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        await ana.press("pageup", "pageup")
        luis.type_line("newest")
        await ana.shows("↓ 1 new line")
        await ana.press("pagedown", "pagedown", "pagedown")
        await ana.shows("newest", without="↓")


async def test_who_sends_sees_it(server: Server) -> None:
    """Sending goes to the newest, wherever one was reading."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        await ana.press("pageup")
        await ana.type("here I am")
        await ana.shows("here I am", without="↓")


async def test_the_wheel_scrolls(server: Server) -> None:
    """The mouse wheel over the timeline leaves the end."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        await filled(ana, luis)
        end = ana.timeline.scroll_y
        await ana.pilot._post_mouse_events([_wheel_up()], "#timelines", button=0)
        await ana.until(lambda: ana.timeline.scroll_y < end)


def _wheel_up() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp


async def test_resizing_keeps_what_one_reads(server: Server) -> None:
    """At another width the first message in view is still in view; at the end, the newest is."""
    async with window(server.port) as ana, person(server.port, "luis") as luis:
        for number in range(60):
            luis.type_line(f"number {number}. " + "with many words " * 8)
        await ana.shows("number 59.")
        await ana.press("ctrl+home", "pagedown")
        first = next(row for row in ana.rows() if "number" in row).split("number ")[1].split(".")[0]
        await ana.resize(60, 28)
        await ana.shows(f"number {first}.")
        await ana.press("ctrl+end")
        await ana.resize(120, 40)
        await ana.shows("number 59.")
