"""``chatapp serve``: host a chat until told to stop."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys

from chatapp.exits import EXIT_UNAVAILABLE
from chatapp.protocol import limits
from chatapp.server.refusal import why_not
from chatapp.server.server import Server
from chatapp.server.settings import Settings
from chatapp.server.storage.errors import StoreError
from chatapp.texts import tr


def run_serve(options: argparse.Namespace) -> int:
    """Serve as the command line says; return the exit code."""
    logging.basicConfig(
        level=options.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    return asyncio.run(_serve_until_told(_settings(options)))


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        options.host, options.port, data=options.data, keep_days=options.keep, keep_messages=options.keep_messages
    )


async def _serve_until_told(settings: Settings) -> int:
    server = Server(settings)
    try:
        await server.start()
    except (OSError, StoreError) as error:
        print(why_not(error, settings), file=sys.stderr)
        return EXIT_UNAVAILABLE
    _stop_on_signals(told := asyncio.Event())
    _announce(settings.host, server.port)
    await server.run_until(told.wait())
    return 0


def _announce(host: str, port: int) -> None:
    """Print where the server listens, and what others type; it serves all the same if nobody reads that."""
    with contextlib.suppress(OSError):
        print(tr("Listening on {address}. Stop with ctrl+c.", address=f"{host}:{port}"))
        print(tr("Others join with: {command}", command=_join_line(host, port)), flush=True)
        return
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (until the end: what could not be written is not tried again)


def _stop_on_signals(told: asyncio.Event) -> None:
    """Let the first SIGINT or SIGTERM set `told`, and the next end the process at once."""

    def stop(number: signal.Signals) -> None:
        if told.is_set():
            os._exit(128 + number)
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)


def _join_line(host: str, port: int) -> str:
    """Return what others type to join: on this machine, or from another if it listens to those."""
    named = {"127.0.0.1": "", "0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    address = (f" --host {named}" if named else "") + (f" --port {port}" if port != limits.PORT else "")
    return f"chatapp join{address} --nick {tr('NAME')}"
