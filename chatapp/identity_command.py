"""``chatapp identity``: the keys that a person's nicks belong to, seen, and taken to another device."""

import argparse
import getpass
import os
import shlex
import signal
import sys
import warnings
from collections.abc import Callable

from chatapp.client.identity import Entry, Keyring, canonical_host
from chatapp.client.key_errors import KeyringError
from chatapp.data import data_folder
from chatapp.devices_command import CannotDo, devices, link, revoke
from chatapp.exits import EXIT_FAILED
from chatapp.protocol.identity import fingerprint
from chatapp.protocol.names import name_key
from chatapp.protocol.safe import one_line
from chatapp.texts import tr

Ask = Callable[[str], str]
"""Shows a prompt and returns what was typed, which nobody sees."""


def ask_hidden(prompt: str) -> str:
    """Ask at the terminal. Raises GetPassWarning without one: a passphrase is never read where it would be shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        return getpass.getpass(prompt)


def run_identity(options: argparse.Namespace, ask: Ask = ask_hidden) -> int:
    """Do what `options.action` names; return the exit code."""
    try:
        return _ACTIONS[options.action](Keyring(data_folder(options.data)), options, ask)
    except KeyringError as error:
        return _complain(error.explain())
    except CannotDo as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename}: {os.strerror(error.errno or 0)}")
    except getpass.GetPassWarning:
        return _complain(tr("A passphrase is asked for in a terminal, and this is none. Run it in one."))
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        return 128 + signal.SIGINT


def _list(keyring: Keyring, _options: argparse.Namespace, _ask: Ask) -> int:
    entries = keyring.entries()
    for entry in entries:
        if isinstance(entry, Entry):
            _say(f"{entry.nick}  {_address(entry)}  {fingerprint(entry.key)}")
    if not entries:
        _say(tr("There are no keys yet. `chatapp join` makes one."))
    return _report(entries)


def _show(keyring: Keyring, options: argparse.Namespace, _ask: Ask) -> int:
    entries = keyring.entries()
    chosen = [entry for entry in entries if isinstance(entry, Entry) and _is_chosen(entry, options)]
    for entry in chosen:
        _say(tr("{nick} at {address}", nick=entry.nick, address=_address(entry)))
        _say("  " + tr("fingerprint: {fingerprint}", fingerprint=fingerprint(entry.key)))
        _say("  " + tr("public key: {key}", key=entry.key))
        _say("  " + tr("file: {file}", file=entry.file))
    code = _report(entries)
    return code if chosen else _complain(tr("There is no such key here. `chatapp identity list` shows what there is."))


def _export(keyring: Keyring, options: argparse.Namespace, ask: Ask) -> int:
    file = options.file
    if os.path.lexists(file):
        return _complain(tr("{file} is there already, and is not overwritten. Choose another name.", file=file))
    keyring.export(options.host, options.port, options.nick, file, lambda: _new_passphrase(ask))
    command = f"chatapp identity import --host HOST {shlex.quote(str(file))}"
    _say(
        tr(
            "{file} is {nick} now, for whoever has it: take it to the other device, and delete it.",
            file=file,
            nick=options.nick,
        )
    )
    _say(tr("There: {command}", command=command))
    return 0


def _import(keyring: Keyring, options: argparse.Namespace, ask: Ask) -> int:
    def passphrase() -> str:
        return ask(tr("Passphrase of {file}: ", file=one_line(str(options.file))))

    entry = keyring.import_(options.file, passphrase, options.host, options.port)
    _say(tr("{nick} at {address} is you on this device, too.", nick=entry.nick, address=_address(entry)))
    return 0


def _new_passphrase(ask: Ask) -> str:
    """Ask twice, until both are the same."""
    while True:
        first = ask(tr("Passphrase for the file (empty: none): "))
        if first == ask(tr("The same again: ")):
            return first
        _complain(tr("Those two differ. Try again."))


def _is_chosen(entry: Entry, options: argparse.Namespace) -> bool:
    return (
        (options.nick is None or name_key(options.nick) == name_key(entry.nick))
        and (options.host is None or canonical_host(options.host) == canonical_host(entry.host))
        and (options.port is None or options.port == entry.port)
    )


def _address(entry: Entry) -> str:
    return f"[{entry.host}]:{entry.port}" if ":" in entry.host else f"{entry.host}:{entry.port}"


def _report(entries: list[Entry | KeyringError]) -> int:
    """Say what is wrong with keys; return the exit code."""
    errors = [entry for entry in entries if isinstance(entry, KeyringError)]
    for error in errors:
        _complain(error.explain())
    return EXIT_FAILED if errors else 0


def _say(text: str) -> None:
    """Print a line. What is in a file of keys may come from anyone, so it is made safe to show."""
    print(one_line(text))


def _complain(text: str) -> int:
    print(one_line(text), file=sys.stderr)
    return EXIT_FAILED


def _link(keyring: Keyring, options: argparse.Namespace, ask: Ask) -> int:
    return _say_all(link(keyring, options, lambda: _new_passphrase(ask)))


def _devices(keyring: Keyring, options: argparse.Namespace, _ask: Ask) -> int:
    return _say_all(devices(keyring, options))


def _revoke(keyring: Keyring, options: argparse.Namespace, _ask: Ask) -> int:
    return _say_all(revoke(keyring, options))


def _say_all(lines: list[str]) -> int:
    for line in lines:
        _say(line)
    return 0


_ACTIONS: dict[str, Callable[[Keyring, argparse.Namespace, Ask], int]] = {
    "list": _list,
    "show": _show,
    "export": _export,
    "import": _import,
    "link": _link,
    "devices": _devices,
    "revoke": _revoke,
}
