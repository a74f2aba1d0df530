"""What can be wrong with a key on disk, and what that says to a person."""

from pathlib import Path

from chatapp.texts import tr


class KeyringError(Exception):
    """Something about a `file` of keys that stands in the way."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self.file = file

    def explain(self) -> str:
        """Return what is wrong and what to do, in the language in use."""
        raise NotImplementedError


class KeyExposed(KeyringError):
    """Others may read or write `file`."""

    def explain(self) -> str:
        import shlex  # loaded when it is first asked for: a chat can start without

        return tr(
            "Others on this machine can get at {file}, so it may be their key too. If you trust it still: {command}",
            file=self.file,
            command=f"chmod 600 {shlex.quote(str(self.file))}",
        )


class KeyDamaged(KeyringError):
    """`file` holds no key, or not the one that it says."""

    def explain(self) -> str:
        return tr(
            "{file} holds a key that is damaged, and was left as it is. Move it away, then import a copy, or start "
            "with a new key.",
            file=self.file,
        )


class BadExport(KeyringError):
    """`file`, which was to be imported, holds no key, or a damaged one."""

    def explain(self) -> str:
        return tr(
            "{file} holds no key of chatapp, or one that is damaged. Export it again on the other device.",
            file=self.file,
        )


class KeyMissing(KeyringError):
    """There is no key for that nick and server here; it would be in `file`."""

    def explain(self) -> str:
        return tr("There is no such key here. `chatapp identity list` shows what there is.")


class KeyExists(KeyringError):
    """`file` holds another key for the nick and server of one that was to be imported."""

    def explain(self) -> str:
        return tr(
            "There is another key for that nick and server here. To use the imported one instead, move this file "
            "away first: {file}",
            file=self.file,
        )


class WrongPassphrase(KeyringError):
    """The passphrase doesn't open `file`, or the file is damaged: the two can't be told apart."""

    def explain(self) -> str:
        return tr(
            "That passphrase doesn't open {file}. Try again; if it is the right one, the file is damaged.",
            file=self.file,
        )
