"""``chatapp join``: chat on the full screen, or line by line."""

import argparse
import asyncio
import gc
import os
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from chatapp.client.client import Client
from chatapp.client.keepsakes import Keepsakes
from chatapp.client.known_servers import KnownServers
from chatapp.client.trust import Trust
from chatapp.data import data_folder
from chatapp.exits import EXIT_FAILED
from chatapp.hosting import LocalHost
from chatapp.logs import log_to_file
from chatapp.preferences.file import PreferencesFile, preferences_path
from chatapp.preferences.kinds import ON
from chatapp.protocol.safe import one_line
from chatapp.secret_file import SecretError, read_secret
from chatapp.server.settings import DEFAULT_HOST, Settings
from chatapp.texts import language_in_use, tr

RunChat = Callable[[Client, Path, Mapping[str, str]], Awaitable[tuple[int, str]]]


def run_join(options: argparse.Namespace) -> int:
    """Chat as the command line says; return the exit code."""
    log_to_file()
    return asyncio.run(_chat(options))


async def _chat(options: argparse.Namespace) -> int:
    folder, preferences = data_folder(options.data), preferences_path(options.data)
    answers, code = await _who_and_where(options, PreferencesFile(preferences))
    if answers is None:
        return code
    nick, named, port = answers
    host = named or DEFAULT_HOST
    try:
        secret = read_secret(options.password_file) if options.password_file else ""
        trust = _trust(options, folder, host, port)
    except SecretError as error:
        print(one_line(str(error)), file=sys.stderr)
        return EXIT_FAILED
    except OSError as error:
        print(_why_no_authorities(options.ca, error), file=sys.stderr)
        return EXIT_FAILED
    local = LocalHost(Settings(port=port, data=folder))
    host_here = None if named or options.pin or options.ca else local.host
    keepsakes = Keepsakes(folder, host, port)
    client = Client(host, port, nick, host_here=host_here, keepsakes=keepsakes, trust=trust, secret=secret)
    try:
        code, message = await _talk(client, options)
    finally:
        await local.stop()
    if message:
        print(one_line(local.problem or message), file=sys.stderr)
    return code


def _trust(options: argparse.Namespace, folder: Path, host: str, port: int) -> Trust:
    known = KnownServers(folder)
    return Trust(host, port, known=known, pin=options.pin or "", ca=options.ca or "", insecure=options.insecure)


def _why_no_authorities(file: str, error: OSError) -> str:
    reason = "no PEM" if isinstance(error, ssl.SSLError) else os.strerror(error.errno or 0)
    return tr(
        "--ca takes a file of certificates, as PEM, or `system`; {file} can't be used: {reason}",
        file=ascii(file),
        reason=reason,
    )


def _import_screen() -> RunChat:
    """Import Textual, which takes longer than all else: only who joins waits for it, and the server answers meanwhile.

    Without its own limit of 60 frames a second: what was just painted keeps no key waiting. What comes by itself, and
    may come often, is paced where it is shown.
    """
    os.environ.setdefault("TEXTUAL_FPS", "250")
    from chatapp.tui.app import run_chat

    return run_chat


async def _who_and_where(
    options: argparse.Namespace, preferences: PreferencesFile
) -> tuple[tuple[str, str | None, int] | None, int]:
    """Return the nick, the host and the port, or None and the code to end with.

    They are asked for if it is the first time and nobody said who.
    """
    nick = options.nick or preferences.load()[0].nick
    if nick or options.plain_ui or not preferences.is_new():
        return (nick, options.host, options.port), 0
    from chatapp.tui.screens.welcome import ask

    return await ask(preferences, options.host, options.port)


def _given(options: argparse.Namespace) -> dict[str, str]:
    """Return the preferences that the command line has for this time; a language chosen since then counts more."""
    language = options.lang if options.lang == language_in_use() else ""
    given = {"language": language, "typing": ON if options.show_typing else ""}
    return {name: text for name, text in given.items() if text}


async def _talk(client: Client, options: argparse.Namespace) -> tuple[int, str]:
    """Let the person talk until the end; return the exit code, and what to say then."""
    if options.plain_ui:
        from chatapp.plain_ui.app import run_plain

        gc.enable()
        return await run_plain(client)
    client.start()
    run_chat = await asyncio.to_thread(_import_screen)
    return await run_chat(client, preferences_path(options.data), _given(options))
