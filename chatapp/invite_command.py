"""``chatapp invite``: let one more person into a chat that is for those who are invited."""

import argparse
import os
import sys
import time

from chatapp.data import data_folder
from chatapp.exits import EXIT_FAILED
from chatapp.server.invites import Invite, Invites
from chatapp.server.server import INVITES, log_file
from chatapp.texts import tr, tr_plural

_DAY_SECONDS = 86_400


def run_invite(options: argparse.Namespace) -> int:
    """Make an invitation, and print what is to be given to whoever is invited; return the exit code."""
    now = time.time()
    invite = Invite(options.nick or "", now + options.days * _DAY_SECONDS)
    try:
        folder = log_file(data_folder(options.data), options.port).parent / INVITES
        token = Invites(folder).make(invite, now)
    except OSError as error:
        print(f"{error.filename or error}: {os.strerror(error.errno or 0)}", file=sys.stderr)
        return EXIT_FAILED
    print(token, flush=True)
    print(_meaning(options.nick, options.days), file=sys.stderr)
    return 0


def _meaning(nick: str | None, days: int) -> str:
    """Return what to do with it; on stderr, so that the invitation alone can go into a file."""
    whom = tr("This invitation is for {nick}.", nick=nick) if nick else tr("This invitation is for one person.")
    lasting = tr_plural("It lasts {count} day.", "It lasts {count} days.", days)
    use = tr("Send it to them by a way that you trust; `chatapp join` asks for it.")
    return f"{whom} {lasting} {use}"
