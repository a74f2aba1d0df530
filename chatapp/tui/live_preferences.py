"""The preferences in use: shown as soon as they change, by whatever means, and kept in their file."""

from collections.abc import Callable, Mapping

from chatapp.preferences.file import PreferencesFile
from chatapp.preferences.kinds import as_text
from chatapp.preferences.table import PREFERENCES, Preferences, Unfit, read
from chatapp.texts import tr
from chatapp.tui.timeline.entries import Kind

Apply = Callable[[Preferences], None]
Complain = Callable[[str], None]


class LivePreferences:
    """What the `file` says, but for what is `given` for this time; `apply` shows it, `complain` says what is wrong.

    The file is read here; neither is called before `show_problems`.
    """

    def __init__(self, file: PreferencesFile, given: Mapping[str, str], apply: Apply, complain: Complain) -> None:
        self._file = file
        self._given = dict(given)
        self._apply = apply
        self._complain = complain
        self._kept, self._problems = file.load()
        """What the file says, and what is wrong in it."""
        self.current = self._preferred()

    def show_problems(self) -> None:
        """Say what is wrong in the file."""
        for problem in self._problems:
            self._complain(problem)

    def follow_file(self) -> None:
        """Show what the file says, if it was changed meanwhile."""
        if self._file.has_changed():
            self._kept, self._problems = self._file.load(self._kept)
            self._show()
            self.show_problems()

    def set(self, name: str, text: str) -> str:
        """Have, and keep, what `text` says for `name`; return what to tell the person. Raises Unfit or OSError.

        What the file says by now, as another window may have changed it, is shown with it.
        """
        self.follow_file()
        kept = self._kept.having(name, text)
        self._file.save(name, kept)
        self._kept = kept
        self._given.pop(name, None)
        self._show()
        return self.tell(name)

    def answer(self, name: str, text: str) -> tuple[str, Kind]:
        """Set the preference called `name`, or if `text` is "" leave it; return what is to be told of that."""
        try:
            return (self.set(name, text) if text else self.tell(name)), Kind.NOTICE
        except Unfit as error:
            return str(error), Kind.ERROR
        except OSError as error:
            return unkept(error), Kind.ERROR

    def tell(self, name: str) -> str:
        """Return what the preference called `name` is. Raises Unfit."""
        if name not in PREFERENCES:
            read(name, "")
        return f"{name}: {as_text(self.current.value(name)) or '–'} ({tr(PREFERENCES[name].help)})"

    def _preferred(self) -> Preferences:
        preferred = self._kept
        for name, text in self._given.items():
            preferred = preferred.having(name, text)
        return preferred

    def _show(self) -> None:
        if (preferred := self._preferred()) != self.current:
            self.current = preferred
            self._apply(preferred)


def unkept(error: OSError) -> str:
    """Return why a change could not be kept, which therefore isn't made."""
    return tr("The settings can't be kept: {reason}.", reason=error.strerror)
