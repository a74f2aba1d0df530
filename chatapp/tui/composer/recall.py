"""What one types: the lines sent before, and nicks to complete."""

from collections.abc import Iterable

from chatapp.protocol.names import name_key

MOST_LINES = 1000
"""So many of the lines that were sent are remembered."""


class Recall:
    """Walks through the lines that were sent; below the newest stands the draft that was being written."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._position = 0
        self._draft = ""

    def remember(self, line: str) -> None:
        """Take `line` as the newest, and stand below it with an empty draft."""
        if self._lines[-1:] != [line]:
            self._lines.append(line)
            del self._lines[:-MOST_LINES]
        self._position = len(self._lines)
        self._draft = ""

    def newest_first(self) -> list[str]:
        """Return the lines, each once."""
        return list(dict.fromkeys(reversed(self._lines)))

    @property
    def is_at_draft(self) -> bool:
        """Whether the draft stands here, and no line that was sent."""
        return self._position == len(self._lines)

    def draft_below(self, current: str) -> str | None:
        """Return the draft, if `current` is a line that was sent and brought back, and as it was; else None."""
        return None if self.is_at_draft or self._lines[self._position] != current else self._draft

    def leave(self, current: str) -> None:
        """Stand below the newest line, with no draft; one that `current`, if it was changed, hid is one step up."""
        if self.draft_below(current) is None:
            self.keep("")
        else:
            self._position, self._draft = len(self._lines), ""

    def keep(self, current: str) -> None:
        """Let the draft, which is `current` if that stands here, be one step up from an empty one."""
        draft = current if self.is_at_draft else self._draft
        if draft.strip():
            self.remember(draft)
        self._position, self._draft = len(self._lines), ""

    def older(self, current: str) -> str | None:
        """Return the line before, keeping `current` if it is the draft; None if there is no older one."""
        if self._position == 0:
            return None
        if self.is_at_draft:
            self._draft = current
        self._position -= 1
        return self._lines[self._position]

    def newer(self) -> str | None:
        """Return the line after, at last the draft; None if that stands here already."""
        if self.is_at_draft:
            return None
        self._position += 1
        return self._draft if self.is_at_draft else self._lines[self._position]


class Completion:
    """Completes the word before the cursor to a nick; asked again, to the next one that fits."""

    def __init__(self) -> None:
        self._choices: list[str] = []
        self._completed = ""

    def complete(self, before: str, nicks: Iterable[str]) -> str | None:
        """Return what is to stand before the cursor instead of `before`, or None if none of `nicks` fits."""
        if before != self._completed or not self._choices:
            self._choices = _choices(before, nicks)
        if not self._choices:
            return None
        self._choices.append(self._choices.pop(0))
        self._completed = self._choices[-1]
        return self._completed


def _choices(before: str, nicks: Iterable[str]) -> list[str]:
    stem, space, word = before.rpartition(" ")
    ending = " " if stem or space else ": "
    key = name_key(word)
    fitting = [nick for nick in nicks if name_key(nick).startswith(key)] if word else []
    return [f"{stem}{space}{nick}{ending}" for nick in fitting]
