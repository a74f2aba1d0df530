"""Passwords and invitations, from a file that nobody else can read or from whoever sits at the terminal."""

import os
import stat
from getpass import getpass
from pathlib import Path

from chatapp.protocol import limits
from chatapp.texts import tr


class SecretError(Exception):
    """There is no secret to be had; the text says why, and what to do."""


def read_secret(file: Path) -> str:
    """Return what stands in `file`, without the ending of its line. Raises SecretError."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            data = opened.read(limits.SECRET_BYTES + len(b"\r\n") + 1)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise SecretError(tr("{file} can't be read: {reason}. Name another.", file=file, reason=reason)) from None
    if stat.S_ISREG(mode) and mode & 0o077:
        raise SecretError(tr("Others may read {file}. Keep it to yourself: chmod 600 {file}", file=file))
    return _checked(_decoded(data, file).removesuffix("\n").removesuffix("\r"), str(file))


def ask_secret(question: str) -> str:
    """Ask at the terminal, which shows nothing of it. Raises SecretError."""
    try:
        return _checked(getpass(question), tr("that"))
    except (EOFError, OSError, UnicodeDecodeError):
        raise SecretError(tr("There was no password. Give it at a terminal, or by --password-file FILE.")) from None


def _decoded(data: bytes, file: Path) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SecretError(
            tr("{file} is not UTF-8 text. Write the password in it, and nothing else.", file=file)
        ) from None


def _checked(secret: str, where: str) -> str:
    if not secret or "\n" in secret or len(secret.encode(errors="surrogatepass")) > limits.SECRET_BYTES:
        raise SecretError(
            tr("A password is one line of 1 to {limit} bytes; {where} is not.", limit=limits.SECRET_BYTES, where=where)
        )
    return secret
