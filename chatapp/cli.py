"""What a person types: ``chatapp serve`` hosts a chat, ``chatapp join`` joins one."""

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence

from chatapp import crash
from chatapp.arguments import language_of, parser_for
from chatapp.exits import EXIT_FAULT, EXIT_USAGE
from chatapp.protocol.safe import one_line
from chatapp.texts import tr, use_language

_OTHERS_MAY_NOTHING = 0o077
"""The umask of what writes: no file, folder or socket is anybody else's, and none is so for a moment (POSIX)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _open_what_is_closed()
    argparse._ = tr  # type: ignore[attr-defined]  # its own texts, in our languages
    use_language(language_of(arguments))
    options = parser_for(arguments).parse_args(arguments)
    if options.command == "serve" and options.key and not options.cert:
        return _complain(tr("--key is the key of a certificate: give that too, by --cert FILE."))
    if options.command is None:
        return _complain(tr("Say what to do: `chatapp join --nick NAME` joins a chat, `chatapp serve` hosts one."))
    if options.command != "join":  # which has its garbage looked for once the screen is there
        gc.enable()
    try:
        run = {"serve": _serve, "join": _join, "identity": _identity, "db": _db, "invite": _invite}[options.command]
        return run(options)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Exception as fault:  # the last resort: nobody is to see a traceback
        return _complain(crash.report(fault), EXIT_FAULT)


def _open_what_is_closed() -> None:
    """Let stdin, stdout and stderr, as far as they are closed, lead nowhere; a file would get their numbers."""
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115 (until the end, as the others)
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115


def _complain(text: str, code: int = EXIT_USAGE) -> int:
    print(one_line(text), file=sys.stderr)
    return code


def _join(options: argparse.Namespace) -> int:
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
    if not options.plain_ui and (not is_terminal or os.environ.get("TERM", "dumb") == "dumb"):
        return _complain(
            tr("`chatapp join` fills a terminal, and this is none. Chat line by line: chatapp join --plain-ui")
        )
    os.umask(_OTHERS_MAY_NOTHING)
    from chatapp.join_command import run_join

    return run_join(options)


def _identity(options: argparse.Namespace) -> int:
    from chatapp.identity_command import run_identity

    return run_identity(options)


def _db(options: argparse.Namespace) -> int:
    from chatapp.db_command import run_db

    return run_db(options)


def _invite(options: argparse.Namespace) -> int:
    from chatapp.invite_command import run_invite

    return run_invite(options)


def _serve(options: argparse.Namespace) -> int:
    os.umask(_OTHERS_MAY_NOTHING)
    from chatapp.serve_command import run_serve

    return run_serve(options)
