"""Two people with two windows each, and a plain peer: all see the same, after restarts of windows and server too."""

import asyncio

from tests.peers import LinePeer
from tests.terminal.conftest import OpenTerminal
from tests.terminal.test_chat import kill, serve
from tests.terminal.tmux import Terminal
from tests.terminal.windows import go_to, room_row, say, timeline, window

IN_GENERAL = [
    "         ana  hola luis",
    "           *  ana waves",
    "         ana  uno",
    "              dos",
    "        luis  ↳ ana: uno dos",
    "              qué tal, @ana ❤",
    "              ❤ 1",
    "         ana  hello (edited)",
    "        luis  message deleted",
    "           ·  ana set the topic: plans for today",
]
IN_ROOMS = {
    "#general": IN_GENERAL,
    "#ops": ["         ana  deploy at five"],
    "#plan": [
        "           ·  ana brought luis in",
        "         ana  we meet at nine",
        "              @luis, are you there?",
    ],
}
OTHERS = ["@luis", "@luis", "@ana", "@ana"]
"""With whom the person of each window talks alone."""

TO_A_PLAIN_PEER = [
    "ana: hola **luis**",
    "* ana waves",
    "ana: uno ↵ dos",
    "luis: qué tal, @ana ❤",
    "ana: helo",
    "ana (editado): hello",
    "luis: oops",
    "-- luis deleted a message.",
    "-- ana set the topic: plans for today",
]


async def all_show(windows: list[Terminal], expected: list[str]) -> None:
    """Wait until each shows just this."""
    for shell in windows:
        await shell.wait_for(lambda screen: "People" in screen and timeline(screen) == expected)


async def talk_in_general(ana: Terminal, luis: Terminal, other_luis: Terminal) -> None:
    """Do to messages what can be done, from several windows."""
    await say(ana, "hola **luis**", "/me waves")
    await ana.type("uno")
    await ana.press("C-j")
    await say(ana, "dos")
    await luis.shows("dos")
    await say(luis, "/reply qué tal, @ana :heart:")
    await ana.shows("qué tal, @ana")
    await say(ana, "/react heart")
    await luis.shows("❤ 1")
    await say(ana, "helo", "/edit hello")
    await luis.shows("hello (edited)")
    await say(luis, "oops")
    await other_luis.shows("oops")
    await say(other_luis, "/delete")
    await ana.shows("message deleted")
    await say(ana, "/topic plans for today")


async def meet_elsewhere(ana: Terminal, luis: Terminal) -> None:
    """Go to a room of each kind, and say something there."""
    await say(ana, "/join #ops")
    await ana.shows("You are in #ops now.")
    await say(ana, "deploy at five")
    await say(luis, "/join #ops")
    await luis.shows("deploy at five")
    await say(ana, "/private plan")
    await ana.shows("You are in #plan now.")
    await say(ana, "/invite luis")
    await ana.shows("ana brought luis in")
    await say(ana, "we meet at nine")
    await say(luis, "/msg ana psst")
    await luis.shows("psst", "Conversations")


async def counts_agree(ana: Terminal, windows: list[Terminal]) -> None:
    """What luis does not look at is counted in both of his windows, and in neither once he looked in one."""
    for shell in windows:
        await go_to(shell, "#ops")
        await shell.wait_for(lambda screen: room_row(screen, "#plan").rstrip().endswith(" 1"))
    await go_to(ana, "#plan")
    await say(ana, "@luis, are you there?")
    for shell in windows:
        await shell.wait_for(lambda screen: "@1" in room_row(screen, "#plan"))
    await go_to(windows[0], "#plan")
    for shell in windows:
        await shell.wait_for(lambda screen: room_row(screen, "#plan")[3:].strip() == "#plan")


async def read_lines(peer: LinePeer, last: str) -> list[str]:
    lines = [await peer.read_line()]
    while lines[-1] != last:
        lines.append(await peer.read_line())
    return [line for line in lines if " se ha " not in line]


async def show_the_same(windows: list[Terminal]) -> None:
    """Walk through the rooms of each window: each shows just what happened there."""
    for shell, other in zip(windows, OTHERS, strict=True):
        for title, expected in {**IN_ROOMS, other: ["        luis  psst"]}.items():
            await go_to(shell, title)
            await all_show([shell], expected)


async def test_all_see_the_same(open_terminal: OpenTerminal, port: int) -> None:
    host = await open_terminal()
    await serve(host, port)
    async with await LinePeer.connect(port) as eva:
        eva.send_line("eva")
        await read_lines(eva, "Conectado al servidor.")
        windows = [await window(open_terminal, port, nick) for nick in ("ana", "ana", "luis", "luis")]
        ana, other_ana, luis, other_luis = windows
        await talk_in_general(ana, luis, other_luis)
        assert await read_lines(eva, TO_A_PLAIN_PEER[-1]) == TO_A_PLAIN_PEER
        await all_show(windows, IN_GENERAL)
    await meet_elsewhere(ana, luis)
    await counts_agree(ana, [other_luis, luis])
    await show_the_same(windows)
    await kill("KILL", await other_ana.pid_of("chatapp join"))
    windows[1] = await window(open_terminal, port, "ana")
    await show_the_same(windows)
    await kill("KILL", await host.pid_of("chatapp serve"))
    await asyncio.gather(*(shell.shows("offline") for shell in windows))
    await serve(host, port)
    for shell in windows:
        await shell.press("Left")
        await shell.shows("connected")
    await show_the_same(windows)
