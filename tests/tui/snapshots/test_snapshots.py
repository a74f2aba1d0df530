"""The screen shows in each state what the stored file says: characters and styles, at three sizes, in each theme.

``python -m pytest tests/tui/snapshots --snapshot-update`` writes the files; what it changed is to be looked at.
"""

import asyncio
import contextlib
import difflib
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input

from chatapp.preferences.file import PreferencesFile, preferences_path
from chatapp.texts import use_language
from chatapp.tui.app import ChatApp
from chatapp.tui.screens.welcome import Welcome
from chatapp.tui.themes import DARK, LIGHT
from tests.tui.screens import WAIT_SECONDS, window_of
from tests.tui.snapshots.notation import Picture, notation_of, picture_of
from tests.tui.snapshots.scenes import FIRST_SCENES, SCENES
from tests.tui.snapshots.stage import Stage

STORED = Path(__file__).parent / "stored"
SIZES = ((120, 40), (80, 24), (40, 12))
THEMES = (DARK.name, LIGHT.name)
LANGUAGES = ("en", "es")
MOST_BYTES = 1_500_000
"""So much may be stored: it is read by people, and kept in every version."""

STILL_ROUNDS = 4
"""What looks alike so often, after each time that all widgets did what they were told, changes no more."""

_LOOK_SECONDS = 0.02

UPDATE = "--snapshot-update"


@pytest.fixture(autouse=True)
def still_time() -> Iterator[None]:
    """Let the clocks on the screen stand still, and be those of Greenwich; let nothing be put off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.delenv("NO_COLOR", raising=False)
        patch.setattr("textual._wait.SLEEP_GRANULARITY", _LOOK_SECONDS)  # behind a screen all comes later
        patch.setattr("textual._wait.SLEEP_IDLE", _LOOK_SECONDS / 20)
        patch.setattr("chatapp.tui.screens.welcome.own_name", lambda: "ana")
        patch.setattr("chatapp.tui.composer.pending._PATIENCE_SECONDS", 0.01)
        patch.setattr("chatapp.tui.status.time", SimpleNamespace(monotonic=lambda: 0.0))
        patch.setattr("chatapp.tui.pacing.time", SimpleNamespace(monotonic=itertools.count().__next__))
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*SCENES, *FIRST_SCENES])
async def test_the_screen_shows_what_is_stored(name: str, language: str, pytestconfig: pytest.Config) -> None:
    """To the cell; where it differs, the difference is what the failure says."""
    use_language(language)
    shown = await play(name)
    path = STORED / language / f"{name}.txt"
    if pytestconfig.getoption(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    elif (problem := difference(path, shown)) is not None:
        pytest.fail(problem, pytrace=False)


async def play(name: str) -> str:
    """Lead an app to the state of that name; return what it shows at each size, in each theme."""
    async with chat_of(name) if name in SCENES else first_screen_of(name) as pilot:
        pictures = {}
        for size in SIZES:
            await resize(pilot, *size)
            pictures[size] = [await in_theme(pilot, theme) for theme in THEMES]
        return notation_of(pictures, THEMES)


@contextlib.asynccontextmanager
async def chat_of(name: str) -> AsyncIterator[Pilot[Any]]:
    stage = Stage()
    async with window_of(stage.client, SIZES[0], clock=stage.clock) as window:
        stage.window = window
        await SCENES[name](stage)
        yield window.pilot


@contextlib.asynccontextmanager
async def first_screen_of(name: str) -> AsyncIterator[Pilot[Any]]:
    async with Welcome(PreferencesFile(preferences_path(None)), None, 9000).run_test(size=SIZES[0]) as pilot:
        await FIRST_SCENES[name](pilot)
        yield pilot


async def resize(pilot: Pilot[Any], width: int, height: int) -> None:
    driver = pilot.app._driver
    assert isinstance(driver, HeadlessDriver)
    driver._size = Size(width, height)
    pilot.app.post_message(Resize(driver._size, driver._size))
    async with asyncio.timeout(WAIT_SECONDS):
        while pilot.app.screen.size != (width, height):
            await pilot.pause()


async def in_theme(pilot: Pilot[Any], theme: str) -> Picture:
    """Return what is shown in `theme` once nothing changes any more."""
    wear(pilot.app, theme)
    for line in pilot.app.screen.query(Input):
        line.cursor_blink = False
    shown: deque[Picture] = deque(maxlen=STILL_ROUNDS)
    while len(shown) < STILL_ROUNDS or len(set(shown)) > 1:
        await pilot.pause()  # until each widget has done what it was told
        shown.append(picture_of(pilot.app.screen._compositor.render_strips()))
    return shown[0]


def wear(app: App[Any], theme: str) -> None:
    if isinstance(app, ChatApp):
        app._preferences.set("theme", theme)
    else:
        app.theme = theme


def difference(path: Path, shown: str) -> str | None:
    """Return in words how what is `shown` differs from what is stored, None if it doesn't."""
    if not path.exists():
        return f"{path} is not stored. Look at what is shown:\n{shown}\nand write it with {UPDATE}."
    stored = path.read_text(encoding="utf-8")
    if shown == stored:
        return None
    lines = difflib.unified_diff(stored.splitlines(), shown.splitlines(), "stored", "shown", lineterm="")
    return f"{path} differs; if this is meant to be, write it with {UPDATE}.\n" + "\n".join(lines)


def test_nothing_else_is_stored() -> None:
    """Each stored file is a state's in a language, and all are small enough to be kept with the rest."""
    files = list(STORED.rglob("*.txt"))
    assert {path.stem for path in files} <= {*SCENES, *FIRST_SCENES}
    assert {path.parent.name for path in files} <= set(LANGUAGES)
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_what_is_not_stored_is_told(tmp_path: Path) -> None:
    """A state without a file, or with another one, is no success."""
    path = tmp_path / "chat.txt"
    assert "not stored" in (difference(path, "a\nb\n") or "")
    path.write_text("a\nb\n")
    assert difference(path, "a\nb\n") is None
    assert "-b\n+c" in (difference(path, "a\nc\n") or "")
