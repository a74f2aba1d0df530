"""The file of preferences: TOML, which the person may write too; what is wrong in it is said, and stays as it is."""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_config_path

from chatapp.data import make_folder, write_private
from chatapp.preferences.table import DEFAULTS, Preferences, Unfit, read, unfit
from chatapp.texts import tr

NAME = "settings.toml"
_KEY = "keys."
"""The names in the table of keys begin so."""

_NOT_TOML = (ValueError, RecursionError)
"""What tomllib raises: also of a number of more digits than Python reads, and of what is nested very deep."""

ReadKeys = Callable[[str, str], str]
"""Returns the keys for the binding of that id by the names that the screen has for them. Raises Unfit."""

_LINE = r"line (\d+)"
_MOST_BYTES = 64 * 1024


def preferences_path(data: Path | None) -> Path:
    """Return where preferences are kept: in the folder `data` for all that lasts, else in the user's config folder.

    On Linux that is in XDG's config home.
    """
    return (data or user_config_path("chatapp", appauthor=False)) / NAME


class PreferencesFile:
    """The preferences in the file `path`, which need not be there."""

    def __init__(self, path: Path, read_keys: ReadKeys = lambda _binding, keys: keys) -> None:
        self.path = path
        self._read_keys = read_keys
        self._seen: object = None

    def is_new(self) -> bool:
        """Return whether nothing was ever kept."""
        return not self.path.exists()

    def has_changed(self) -> bool:
        """Return whether the file is another than when it was last loaded."""
        return self._stamp() != self._seen

    def load(self, before: Preferences = DEFAULTS) -> tuple[Preferences, list[str]]:
        """Return what the file says, and a line for each thing wrong in it, for which the rest stands all the same.

        If the file can't be read at all, that is `before`.
        """
        self._seen = self._stamp()
        try:
            text = self._text()
            values = list(_flat(_parsed(text))) if text else []
        except OSError as error:
            return before, [tr("{file} can't be read: {reason}.", file=self.path, reason=error.strerror)]
        except _NOT_TOML as error:
            return before, [self._not_toml(error)]
        return self._checked(values, text)

    def save(self, name: str, preferences: Preferences) -> None:
        """Keep what `preferences` have for `name`; all else in the file, comments too, stays.

        Raises OSError, and Unfit if the file is not TOML, and then stays as it is.
        """
        import tomlkit  # only who changes something spends the time that its import takes
        from tomlkit.exceptions import ParseError

        try:
            document = tomlkit.parse(self._text())
        except (*_NOT_TOML, ParseError) as error:
            raise Unfit(self._not_toml(error)) from None
        document[name] = preferences.value(name)
        file = self.path.resolve()  # where a link leads, as from a folder of such files, is what is to change
        make_folder(file.parent)
        write_private(file, tomlkit.dumps(document).encode())
        self._seen = self._stamp()

    def _text(self) -> str:
        """Return what the file holds, "" if there is none. Raises OSError, UnicodeDecodeError."""
        try:
            with self.path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return ""
        if len(data) > _MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        return data.decode()

    def _stamp(self) -> object:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _checked(self, values: Iterable[tuple[str, object]], text: str) -> tuple[Preferences, list[str]]:
        found: dict[str, object] = {}
        keys: dict[str, str] = {}
        problems: list[str] = []
        for name, value in values:
            try:
                if name.startswith(_KEY):
                    keys[name.removeprefix(_KEY)] = self._keys(name.removeprefix(_KEY), value)
                else:
                    found[name] = read(name, value)
            except Unfit as error:
                problems.append(self._at(_line_of(name, text), str(error)))
        return Preferences(**found, keys=MappingProxyType(keys)), problems  # type: ignore[arg-type]  # by their kinds

    def _keys(self, binding: str, keys: object) -> str:
        if not isinstance(keys, str):
            raise Unfit(unfit(binding, keys, tr("a key")))
        return self._read_keys(binding, keys)

    def _not_toml(self, error: Exception) -> str:
        found = re.search(_LINE, str(error))
        return self._at(int(found[1]) if found else 0, tr("this is not TOML: {error}.", error=error))

    def _at(self, line: int, what: str) -> str:
        place = f"{self.path}, {tr('line {line}', line=line)}" if line else f"{self.path}"
        return f"{place}: {what}"


def _parsed(text: str) -> Mapping[str, object]:
    """Return what `text`, which is TOML, says. Raises ValueError."""
    import tomllib  # only who keeps something spends the time that its import takes

    return tomllib.loads(text)


def _flat(values: Mapping[str, object], lead: str = "") -> Iterator[tuple[str, object]]:
    """Yield each value that is no table, with its dotted name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{lead}{name}.")
        else:
            yield lead + name, value


def _line_of(name: str, text: str) -> int:
    """Return the number of the line that gives the value of that dotted name, 0 if it isn't written so."""
    last = name.removeprefix(_KEY)
    written = re.compile(rf"""\s*["']?{re.escape(last)}["']?\s*=""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if written.match(line)), 0)
