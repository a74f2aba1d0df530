"""What is being written in each room, on disk, so that it outlives the program."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from chatapp.data import locked, make_folder, write_private
from chatapp.tui.targets import Target

MOST_DRAFTS: Final = 100
"""So many are kept, the newest."""

MOST_CHARACTERS: Final = 16 * 1024
"""Of each so many are kept, the first."""


class Draft(msgspec.Struct, frozen=True):
    """A text, the row and column where it goes on, and the message that it is about, None for none."""

    text: str = ""
    cursor: tuple[int, int] = (0, 0)
    target: Target | None = None


NOTHING: Final = Draft()

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Draft])


class DraftFile:
    """Drafts by their rooms, in the file `path` of the mode 0600, which all windows of one person share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Draft]:
        """Return them, the newest last; none if the file is damaged, or of another version. Raises OSError."""
        try:
            return _decoder.decode(self._path.read_bytes())
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def update(self, changes: Mapping[str, Draft]) -> None:
        """Keep those of `changes`, which are newer than the others; one without text is let go. Raises OSError."""
        make_folder(self._path.parent)
        with locked(self._path.with_suffix(".lock")):
            kept = {room: draft for room, draft in self.load().items() if room not in changes}
            kept |= {room: _cut(draft) for room, draft in changes.items() if draft.text}
            newest = dict(list(kept.items())[-MOST_DRAFTS:])
            write_private(self._path, _encoder.encode(newest))


def _cut(draft: Draft) -> Draft:
    return msgspec.structs.replace(draft, text=draft.text[:MOST_CHARACTERS])
