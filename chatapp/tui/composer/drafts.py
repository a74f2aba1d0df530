"""What is being written in each room: it waits there while one is elsewhere, or away."""

import asyncio
import contextlib
import threading
from collections.abc import Container
from pathlib import Path

from textual.timer import Timer

from chatapp.client.client import Client
from chatapp.client.events import ClientEvent, Connecting
from chatapp.tui.composer.composer import Composer
from chatapp.tui.composer.draft_file import NOTHING, Draft, DraftFile

_PAUSE_SECONDS = 0.8
"""What was written is on disk after so long, and it is written there no more often."""


class Drafts:
    """Lets `composer` stand with what was being written in the room in view; a guest's is kept in memory only."""

    def __init__(self, client: Client, composer: Composer) -> None:
        self._client = client
        self._composer = composer
        self._room = client.state.room
        self._drafts: dict[str, Draft] = {}
        """Of the rooms in which there is any text; of the one in view, as it was last noted."""
        self._file: DraftFile | None = None
        self._path: Path | None = None
        self._unsaved: dict[str, Draft] = {}
        self._saving = threading.Lock()
        self._timer: Timer | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def rooms(self) -> Container[str]:
        """The rooms in which something waits."""
        return self._drafts.keys()

    def follow(self, event: ClientEvent) -> None:
        """Take up what this person was writing before, once it is known who that is."""
        path = self._client.drafts_path if isinstance(event, Connecting) else None
        if path is None or path == self._path:
            return
        self._path, self._file = path, DraftFile(path)
        with contextlib.suppress(OSError):
            kept = self._file.load()
            self._drafts = kept | self._drafts
            if self._room in kept:
                self._composer.take_in(kept[self._room])

    def go_to(self, room: str) -> bool:
        """Let `room` be in view, and its draft in the composer.

        Return whether there was a draft in a room that one is in no more: it is one step up from where one writes.
        """
        draft = self._composer.swap(self._drafts.get(room, NOTHING))
        self._note(draft)
        is_homeless = self._room not in self._client.state.rooms and bool(draft.text.strip())
        if is_homeless:
            self._composer.put_up(draft.text)
        self._room = room
        self._save_aside()
        return is_homeless

    def write(self) -> None:
        """Let the text in the composer have changed."""
        if self._timer is None:
            self._timer = self._composer.set_timer(_PAUSE_SECONDS, self.save)

    def save(self) -> None:
        """Have all of it on disk soon, without anybody's waiting for the disk."""
        self._timer = None
        self._note(self._composer.draft)
        self._save_aside()

    def close(self) -> None:
        """Have all of it on disk."""
        self._note(self._composer.draft)
        self._save()

    def _note(self, draft: Draft) -> None:
        """Know what is being written in the room in view."""
        if draft == self._drafts.get(self._room, NOTHING):
            return
        self._drafts.pop(self._room, None)
        if draft.text:
            self._drafts[self._room] = draft
        self._unsaved[self._room] = draft

    def _save_aside(self) -> None:
        if self._unsaved and self._file is not None:
            task = asyncio.create_task(asyncio.to_thread(self._save))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _save(self) -> None:
        """Write what has changed; what a disk that fails did not take is written with the next."""
        with self._saving:
            changes, self._unsaved = self._unsaved, {}
            if not changes or self._file is None:
                return
            try:
                self._file.update(changes)
            except OSError:
                self._unsaved = changes | self._unsaved
