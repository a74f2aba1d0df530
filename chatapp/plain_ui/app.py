"""The chat on stdin and stdout: what is typed goes in, what happens comes out, line by line.

There is no cursor addressing, no colour and no prompt: a terminal edits the line that is typed and shows it, a screen
reader reads each new line once, and a pipe gets all of them. Where a terminal showed what was typed, its confirmation
is silent, and only what is late or refused is told; a pipe is shown its own lines, too, as they stand in the log.
"""

import asyncio
import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable

from chatapp import crash
from chatapp.client.client import Client
from chatapp.client.events import Disconnected, NickWanted, SecretWanted
from chatapp.client.idleness import IDLE_SECONDS, Idleness
from chatapp.client.ids import message_id
from chatapp.client.state import Link
from chatapp.client.wording import explain_lost, what_leaving_means
from chatapp.exits import EXIT_FAILED, EXIT_UNAVAILABLE
from chatapp.plain_ui.answers import Answers
from chatapp.plain_ui.doing import Doing
from chatapp.plain_ui.keyboard import Silence, read_lines
from chatapp.plain_ui.telling import Telling
from chatapp.protocol.commands import Place, parse
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.lines import Piece
from chatapp.protocol.names import GENERAL, check_nick
from chatapp.protocol.requests import Quit, is_salir
from chatapp.protocol.safe import printable
from chatapp.texts import tr
from chatapp.texts.errors import explain, explain_error
from chatapp.way_out import WayOut

Outcome = tuple[int, str]
"""The exit code, and what is to be said at the end, "" for nothing."""

_SIGPIPE_CODE = 128 + signal.SIGPIPE


class PlainChat:
    """One person's chat, which starts `client` and leaves it. Lines come from the descriptor `keyboard`.

    `is_interactive` says whether that is a terminal's, where somebody is idle who types nothing for `idle_seconds`;
    `clock` gives the time in seconds since 1970.
    """

    def __init__(
        self,
        client: Client,
        keyboard: int,
        *,
        is_interactive: bool,
        idle_seconds: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._keyboard = keyboard
        self._is_interactive = is_interactive
        self._telling = Telling(client, self._say, self.complain, clock, shows_typed=is_interactive)
        self._doing = Doing(client, self._telling, self._say, self.complain)
        self._answers = Answers(client)
        self._asks_nick = False
        self._silence = Silence(keyboard)
        self._was_warned = False
        self._has_input = True
        self._was_refused = False
        """Whether something that came by a pipe could not be done."""
        self._changed = asyncio.Event()
        self._idleness = Idleness(asyncio.get_running_loop().call_later, idle_seconds, client.set_idle)
        self._end: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    async def run(self) -> Outcome:
        """Talk until one leaves, the input ends, or there is no chat to be had."""
        if self._is_interactive:
            self._idleness.start()
        async with self._client:
            tasks = {asyncio.create_task(self._follow()), asyncio.create_task(self._type())}
            try:
                await asyncio.wait({*tasks, self._end}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._silence.end()
                for task in tasks:
                    task.cancel()
            await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                self.leave(*task.result())
        return self._end.result()

    def leave(self, code: int, farewell: str = "") -> None:
        """End with `code`, and `farewell` as the last word; who left first has it."""
        if not self._end.done():
            self._end.set_result((code, farewell))

    async def _follow(self) -> Outcome:
        async for event in self._client:
            if isinstance(event, Disconnected) and (event.retry_in == math.inf or self._gives_up()):
                return EXIT_UNAVAILABLE, explain_lost(event, self._client.host, self._client.port)
            if isinstance(event, NickWanted) and (outcome := self._ask_nick(event)) is not None:
                return outcome
            if isinstance(event, SecretWanted) and (outcome := self._ask_secret(event)) is not None:
                return outcome
            if not self._answers.take(event):
                self._telling.follow(event)
            self._changed.set()
        return 0, ""

    def _gives_up(self) -> bool:
        """Return whether there is no other try: there never was a chat, or a pipe has nothing more to say."""
        return not self._client.state.was_welcomed or not (self._has_input or self._is_interactive)

    def _ask_nick(self, event: NickWanted) -> Outcome | None:
        """Ask who to be; a pipe gives a nick once."""
        error = event.error
        reason = explain(error.code, error.detail, error.limit, error.text, error.retry_after) if error else ""
        if reason and not self._is_interactive:
            return EXIT_FAILED, reason
        if reason:
            self._say(reason)
        self._say(tr("Who do you want to be?"))
        self._asks_nick = True
        return None

    def _ask_secret(self, event: SecretWanted) -> Outcome | None:
        """Ask for what opens the door, which a terminal then doesn't show; a pipe is not asked."""
        error = event.error
        reason = explain(error.code, error.detail, error.limit, error.text)
        if not self._is_interactive:
            return EXIT_FAILED, f"{reason} {tr('Write it to a file, and name that: --password-file FILE')}"
        self._silence.begin()
        self._say(reason)
        return None

    async def _type(self) -> Outcome:
        """Do what each line says: at a terminal at once, from a pipe when what was asked before is answered."""
        async for line in self._lines():
            await self._until(self._takes_lines)
            if (outcome := self._take_line(line)) is not None:
                return outcome
            await self._until(self._takes_lines)
        self._has_input = False
        if not self._is_interactive:
            await self._until(self._takes_lines)
            if self._asks_nick:
                return EXIT_FAILED, tr("There is no nick. Give one: chatapp join --nick NAME")
        return self._outcome

    def _take_line(self, line: Piece) -> Outcome | None:
        """Do what `line` says, or take it as the answer to what was asked; return the outcome if it is the end."""
        if self._asks_nick and not self._silence.is_on:
            return self._take_nick(line)
        is_end = self._gives_up_at(line) if self._silence.is_on else self._do(line)
        return self._outcome if is_end else None

    async def _lines(self) -> AsyncIterator[Piece]:
        """Yield each line; at a terminal its end may come more than once, and is one more way to leave."""
        async for line in read_lines(self._keyboard):
            self._idleness.touch()
            yield line
        if self._is_interactive and not self._may_leave():
            async for line in read_lines(self._keyboard):
                yield line

    @property
    def _outcome(self) -> Outcome:
        return (EXIT_FAILED if self._was_refused else 0), ""

    async def _until(self, holds: Callable[[], bool]) -> None:
        """Wait until it `holds`, which is looked at after each event."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def _takes_lines(self) -> bool:
        """Return whether the next line may be done: the chat is there, or who to be is asked."""
        if self._asks_nick or self._is_interactive:
            return self._asks_nick or self._silence.is_on or self._telling.has_begun
        is_online = self._client.state.link is Link.ONLINE
        return is_online and self._telling.is_settled and self._answers.are_there

    def _do(self, line: Piece) -> bool:
        """Do what `line` says; return whether that is to leave."""
        done = self._doing.do(line)
        if isinstance(done, Quit):
            return self._may_leave()
        self._was_warned = False
        if done is not None and not self._is_interactive:
            self._answers.ask(done)
        return False

    def _may_leave(self) -> bool:
        """Return whether to leave now: who hosts the chat for others is first told what that means."""
        state = self._client.state
        others = state.rooms[GENERAL].people - 1
        if not (self._is_interactive and state.hosting and others > 0) or self._was_warned:
            return True
        self._was_warned = True
        self._say(what_leaving_means(others))
        return False

    def _take_nick(self, line: Piece) -> Outcome | None:
        try:
            if not isinstance(line, str):
                raise line
            if isinstance(parse(line, Place(GENERAL, message_id)), Quit):
                return self._outcome
            self._client.choose_nick(check_nick(line.strip()))
        except ProtocolError as error:
            if not self._is_interactive:
                return EXIT_FAILED, explain_error(error)
            self._say(explain_error(error))
            self._say(tr("Who do you want to be?"))
        else:
            self._asks_nick = False
        return None

    def _gives_up_at(self, line: Piece) -> bool:
        """Give what was typed to open the door; return whether that is to leave instead."""
        if not isinstance(line, str) or not line:
            return False
        if is_salir(line):
            return True
        self._silence.end()
        self._client.give_secret(line)
        return False

    def complain(self, text: str) -> None:
        """Say what could not be done: to who types it as all else, beside what a pipe is to get on stderr."""
        if self._is_interactive:
            self._say(text)
        else:
            self._was_refused = True
            with contextlib.suppress(OSError):  # what can't be told is in the exit code all the same
                print(printable(text), file=sys.stderr, flush=True)

    def _say(self, text: str) -> None:
        """Print `text`, whoever wrote it, without a control character but the line feed."""
        try:
            print(printable(text), flush=True)
        except OSError:  # nobody reads it any more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.leave(_SIGPIPE_CODE)


async def run_plain(client: Client) -> Outcome:
    """Chat on this process's stdin and stdout until the end; return the exit code, and what to say then."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal of few characters
    chat = PlainChat(client, sys.stdin.fileno(), is_interactive=sys.stdin.isatty() and sys.stdout.isatty())
    crash.report_unawaited(asyncio.get_running_loop(), chat.complain)
    with WayOut(chat.leave):
        return await chat.run()
