"""What a person types: ``chatapp serve`` hosts a chat, ``chatapp join`` joins one."""

import argparse
import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

from chatapp import __version__, crash
from chatapp.client.client import Client
from chatapp.exits import EXIT_FAULT, EXIT_UNAVAILABLE, EXIT_USAGE
from chatapp.hosting import LocalHost
from chatapp.protocol import limits
from chatapp.protocol.errors import RuleError
from chatapp.protocol.names import check_nick
from chatapp.server.server import Server
from chatapp.server.settings import DEFAULT_HOST, Settings
from chatapp.texts import LANGUAGES, locale_language, tr, use_language
from chatapp.texts.errors import explain_error

_LOG_LEVELS = ("debug", "info", "warning", "error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    use_language(_language(arguments))
    options = _parser().parse_args(arguments)
    if options.command is None:
        return _complain(tr("Say what to do: `chatapp join --nick NAME` joins a chat, `chatapp serve` hosts one."))
    try:
        return _serve(options) if options.command == "serve" else _join(options)
    except Exception as fault:  # the last resort: nobody is to see a traceback
        return _complain(crash.report(fault), EXIT_FAULT)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"{self.prog}: {message}. {tr('See `{prog} --help`.', prog=self.prog)}\n")


def _language(arguments: Sequence[str]) -> str:
    """Find the language before anything is said: what `--lang` names, else the locale's."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--lang", choices=LANGUAGES, default=locale_language())
    try:
        language: str = early.parse_known_args(arguments)[0].lang
    except argparse.ArgumentError:
        return locale_language()
    return language


def _parser() -> argparse.ArgumentParser:
    argparse._ = tr  # type: ignore[attr-defined]  # its own texts, in our languages
    parser = _Parser("chatapp", description=tr("A chat of one's own in the terminal."))
    parser.add_argument("--version", action="version", version=f"chatapp {__version__}", help=tr("show the version"))
    commands = parser.add_subparsers(dest="command", metavar=tr("COMMAND"))
    _add_serve(commands)
    _add_join(commands)
    return parser


def _add_serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    help_text = tr("host a chat")
    serve = commands.add_parser("serve", help=help_text, description=help_text)
    _add_address(serve, DEFAULT_HOST, tr("the address to listen on (default: 127.0.0.1, this machine only)"))
    serve.add_argument(
        "--log-level",
        choices=_LOG_LEVELS,
        default="info",
        help=tr("how much to log to stderr (default: info)"),
    )


def _add_join(commands: "argparse._SubParsersAction[_Parser]") -> None:
    help_text = tr("join a chat, and host it if none is running on this machine")
    join = commands.add_parser("join", help=help_text, description=help_text)
    _add_address(join, None, tr("the machine that hosts the chat (default: this one)"))
    join.add_argument("--nick", type=_nick, metavar=tr("NAME"), help=tr("who to be; asked for if absent"))


def _add_address(parser: argparse.ArgumentParser, host: str | None, host_help: str) -> None:
    parser.add_argument("--host", default=host, metavar="HOST", help=host_help)
    port_help = tr("the port (default: {port})", port=limits.PORT)
    parser.add_argument("--port", type=_port, default=limits.PORT, metavar="PORT", help=port_help)
    parser.add_argument("--lang", choices=LANGUAGES, help=tr("the language (default: the locale's)"))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(tr("a port is a number from 1 to 65535, not {port}", port=ascii(text)))
    return int(text)


def _nick(text: str) -> str:
    try:
        return check_nick(text)
    except RuleError as error:
        raise argparse.ArgumentTypeError(explain_error(error).removesuffix(".")) from None


def _complain(text: str, code: int = EXIT_USAGE) -> int:
    print(text, file=sys.stderr)
    return code


def _join(options: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") == "dumb":
        return _complain(tr("`chatapp join` fills a terminal, and this is none. Run it in one, or use `nc`."))
    return asyncio.run(_chat(options))


async def _chat(options: argparse.Namespace) -> int:
    from chatapp.tui.app import (
        run_chat,
    )  # Textual takes longer to import than all else: only who joins waits for it

    local = LocalHost(Settings(port=options.port))
    host_here = None if options.host else local.host
    client = Client(options.host or DEFAULT_HOST, options.port, options.nick or "", host_here=host_here)
    try:
        code, message = await run_chat(client)
    finally:
        await local.stop()
    return _complain(message, code) if message else code


def _serve(options: argparse.Namespace) -> int:
    logging.basicConfig(
        level=options.log_level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    return asyncio.run(_serve_until_told(Settings(options.host, options.port)))


async def _serve_until_told(settings: Settings) -> int:
    server = Server(settings)
    try:
        await server.start()
    except OSError as error:
        return _complain(_why_not(error, settings), EXIT_UNAVAILABLE)
    _stop_on_signals(told := asyncio.Event())
    print(tr("Listening on {address}. Stop with ctrl+c.", address=f"{settings.host}:{server.port}"))
    print(tr("Others join with: {command}", command=_join_line(settings.host, server.port)), flush=True)
    await server.run_until(told)
    return 0


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


def _why_not(error: OSError, settings: Settings) -> str:
    values = {"host": settings.host, "port": settings.port, "other": settings.port % 65535 + 1}
    match error:
        case socket.gaierror():
            return tr("The host {host} is unknown. Give an address of this machine, or none.", **values)
        case OSError(errno=errno.EADDRINUSE):
            return tr(
                "Port {port} on {host} is in use. Stop what listens there, or try: chatapp serve --port {other}",
                **values,
            )
        case _:
            reason = os.strerror(error.errno or 0)
            return tr("Can't listen on {host}:{port}: {reason}. Try another.", reason=reason, **values)
