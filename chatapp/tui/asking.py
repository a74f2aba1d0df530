"""The screens in front of the chat that ask or show something: who to be, what to find, where to go, what keys do.

Each is loaded when it is first opened: the start of a chat doesn't wait for it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.screen import Screen

from chatapp.client.client import Client
from chatapp.client.events import NickWanted, SecretWanted
from chatapp.protocol.errors import ProtocolError
from chatapp.protocol.events import Error, Found, Said
from chatapp.protocol.names import name_key
from chatapp.protocol.requests import Join, Mentions, Search
from chatapp.protocol.safe import one_line
from chatapp.texts.errors import explain, explain_error
from chatapp.tui.composer.composer import Composer
from chatapp.tui.listing import listing
from chatapp.tui.live_preferences import LivePreferences
from chatapp.tui.timeline.choosing import ChoosingTimeline

if TYPE_CHECKING:
    from chatapp.tui.screens.found_screen import FoundScreen
    from chatapp.tui.screens.switcher import Goal


class Asking:
    """Opens those screens in front of `screen`; `jump` shows a message that was chosen, `look_at` a room.

    `complain` tells what could not be done.
    """

    def __init__(
        self,
        screen: Screen[None],
        client: Client,
        preferences: LivePreferences,
        jump: Callable[[Said | None], None],
        look_at: Callable[[str], None],
        complain: Callable[[str], object],
    ) -> None:
        self._screen = screen
        self._app = screen.app
        self._client = client
        self._preferences = preferences
        self._jump = jump
        self._look_at = look_at
        self._complain = complain

    def nick(self, event: NickWanted) -> None:
        """Ask who to be, and say why the nick before was refused."""
        from chatapp.tui.screens.nick_screen import NickScreen

        error = event.error
        reason = explain(error.code, error.detail, error.limit, error.text, error.retry_after) if error else ""
        self._app.push_screen(NickScreen(reason), self._take_nick)

    def secret(self, event: SecretWanted) -> None:
        """Ask for what opens the door of a chat that isn't open to all."""
        from chatapp.tui.screens.secret_screen import SecretScreen

        error = event.error
        self._app.push_screen(
            SecretScreen(explain(error.code, error.detail, error.limit, error.text)), self._give_secret
        )

    def search(self, query: str = "") -> None:
        """Let messages of the room in view be found."""
        from chatapp.tui.screens.search_screen import SearchScreen

        room = self._client.state.room
        clock = self._preferences.current.time
        screen = SearchScreen(lambda words: self._client.send(Search(room, words)), query, clock)
        self._app.push_screen(screen, self._jump)

    def mentions(self) -> None:
        """Ask where one was mentioned."""
        from chatapp.tui.screens.mentions_screen import MentionsScreen

        self._client.send(Mentions())
        state = self._client.state
        self._app.push_screen(MentionsScreen(state.nick, state.title_of, self._preferences.current.time), self._jump)

    def switch(self) -> None:
        """Ask to which room or person to go."""
        from chatapp.tui.screens.switcher import Switcher

        self._app.push_screen(Switcher(self._goals()), self._go)

    def settings(self) -> None:
        """Let settings be changed."""
        from chatapp.tui.screens.settings_screen import SettingsScreen

        self._app.push_screen(SettingsScreen(self._preferences))

    def help(self) -> None:
        """List the keys and the commands."""
        from chatapp.tui.screens.help_screen import HelpScreen

        listed = (*Composer.KEYS, *self._screen.BINDINGS, *self._app.BINDINGS)
        keys = [key for key in listed if isinstance(key, Binding) and key.description]
        self._app.push_screen(HelpScreen(keys, ChoosingTimeline.KEYS, Composer.EDITING))

    def palette(self, composer: Composer, run: Callable[[str], object]) -> None:
        """Let a command, which `run` does, or a key be found by its name."""
        from chatapp.tui.screens.palette import command_palette

        self._app.push_screen(command_palette(self._screen, composer, run))

    def take(self, found: Found) -> None:
        """Show what was found where it was asked for, if that is still open."""
        if (asked := self._asked) is not None:
            asked.show(found)

    def refuse(self, error: Error, text: str) -> bool:
        """Say `text` where the query was asked that `error` refuses; return False if it refuses none."""
        from chatapp.tui.screens.found_screen import FoundScreen

        if error.code not in FoundScreen.REFUSALS or (asked := self._asked) is None:
            return False
        asked.refuse(text)
        return True

    @property
    def _asked(self) -> "FoundScreen | None":
        """The screen that waits for what is found, None if none does."""
        from chatapp.tui.screens.found_screen import FoundScreen

        return next((screen for screen in self._app.screen_stack if isinstance(screen, FoundScreen)), None)

    def _goals(self) -> "list[Goal]":
        """Return the other rooms that one is in, those with something unread first, and then the others in this one."""
        from chatapp.tui.screens.switcher import Goal

        state = self._client.state
        rooms = sorted(listing(state), key=lambda listed: not listed.news)
        talked_with = {listed.title for listed in rooms if listed.is_conversation}
        people = (f"@{nick}" for nick in sorted(state.members.values(), key=name_key) if not state.is_own(nick))
        goals = [Goal(listed.room, listed.title, listed.news) for listed in rooms if listed.room != state.room]
        return goals + [Goal(nick, one_line(nick)) for nick in people if one_line(nick) not in talked_with]

    def _go(self, place: str | None) -> None:
        if place is not None and place in self._client.state.rooms:
            self._look_at(place)
        elif place is not None:
            self._join(place)

    def _join(self, place: str) -> None:
        """Go to a room or person that was offered, and may be gone by now, or have a name that none may have."""
        try:
            self._client.send(Join(place))
        except ProtocolError as error:
            self._complain(explain_error(error))

    def _give_secret(self, secret: str | None) -> None:
        if secret is not None:
            self._client.give_secret(secret)

    def _take_nick(self, nick: str | None) -> None:
        if nick is not None:
            self._client.choose_nick(nick)
