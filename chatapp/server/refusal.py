"""Why a server can't start, for people: what was wrong, and what to do."""

import errno
import os
import shlex
import socket

from chatapp.server.certificate import CertificateError, KeyReadable
from chatapp.server.settings import Settings
from chatapp.server.storage.errors import SchemaTooNew, StoreDamaged, StoreError, StoreInUse
from chatapp.texts import tr


def why_not(error: OSError | StoreError | CertificateError, settings: Settings) -> str:
    """Return one line that explains what `Server.start` raised."""
    match error:
        case OSError():
            return _of_address(error, settings)
        case CertificateError():
            return explain_certificate(error)
        case _:
            return explain_store(error)


def explain_certificate(error: CertificateError) -> str:
    """Return one line about a certificate that can't be used."""
    if isinstance(error, KeyReadable):
        return tr(
            "Others on this machine can get at the key {file}. If nobody has: {command}",
            file=error.file,
            command=f"chmod 600 {shlex.quote(str(error.file))}",
        )
    return tr(
        "The certificate or key {file} can't be used: {reason}. Give both as PEM, with no passphrase: "
        "--cert FILE --key FILE",
        file=error.file,
        reason=error.reason,
    )


def _of_address(error: OSError, settings: Settings) -> str:
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


def explain_store(error: StoreError) -> str:
    """Return one line about a log that can't be used."""
    match error:
        case StoreInUse():
            return tr(
                "The log {file} is in use by the process {pid}. Stop that one first.", file=error.file, pid=error.pid
            )
        case StoreDamaged():
            command = shlex.join(error.recovery)
            return tr(
                "The log {file} is damaged. Save what can be read of it: {command}", file=error.file, command=command
            )
        case SchemaTooNew():
            return tr("The log {file} was written by a newer chatapp. Use that one.", file=error.file)
        case _:
            return tr("The log can't be opened: {reason}", reason=str(error))
