"""The certificate that a server shows: one that was given, or one that it makes for itself, and keeps."""

import datetime
import os
import ssl
import stat
from pathlib import Path
from typing import NamedTuple

from chatapp.data import locked, write_private
from chatapp.protocol.pins import pin_of

_DAYS = 3650
"""How long a certificate of one's own is good. Clients know it by its key, so that it ends is of no use to anybody."""


class CertificateError(Exception):
    """A certificate or its key, in `file`, that can't be used."""

    def __init__(self, file: Path, reason: str = "") -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


class KeyReadable(CertificateError):
    """Others on this machine may read or write the key."""


class KeyUnfit(CertificateError):
    """There is no such certificate with such a key, for a `reason` in the words of OpenSSL or the system."""


class CertificateFiles(NamedTuple):
    """Where a certificate, with those that vouch for it behind it, and its private key are, as PEM (RFC 7468)."""

    certificate: Path
    key: Path


class Credentials(NamedTuple):
    """What a server needs to speak TLS, and the pin that clients know it by."""

    context: ssl.SSLContext
    pin: str


def load(files: CertificateFiles) -> Credentials:
    """Return what `files` hold. Raises KeyReadable or KeyUnfit."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0  # clients never resume: each time they see the certificate
    try:
        _check_private(files.key)
        pin = pin_of(_first_of(files.certificate))
        context.load_cert_chain(files.certificate, files.key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise _unfit(files, error) from None
    return Credentials(context, pin)


def own_files(folder: Path) -> CertificateFiles:
    """Return the certificate that `folder` holds, made now if it holds none. Raises KeyUnfit."""
    files = CertificateFiles(folder / "tls.crt", folder / "tls.key")
    try:
        with locked(folder / ".tls.lock"):
            if not (files.certificate.exists() and files.key.exists()):
                _make(files)
    except OSError as error:
        raise _unfit(files, error) from None
    return files


def _check_private(key: Path) -> None:
    if stat.S_IMODE(key.stat().st_mode) & 0o077:
        raise KeyReadable(key)


def _first_of(file: Path) -> bytes:
    """Return the first certificate in `file`, which is the server's own, as DER."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    _, _, text = file.read_text(encoding="ascii", errors="replace").partition(begin)
    return ssl.PEM_cert_to_DER_cert(f"{begin}{text.partition(end)[0]}{end}")


def _unfit(files: CertificateFiles, error: OSError | ValueError) -> KeyUnfit:
    """Return which of `files` is at fault, as far as `error` tells, and why."""
    match error:
        case ssl.SSLError():
            return KeyUnfit(files.certificate, error.reason or "no PEM")
        case OSError():
            return KeyUnfit(Path(os.fsdecode(error.filename or files.key)), os.strerror(error.errno or 0))
        case _:
            return KeyUnfit(files.certificate, str(error))


def _make(files: CertificateFiles) -> None:
    """Make a key (ECDSA, P-256) and a certificate that it signs itself; the key is there first."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "chatapp")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    write_private(files.key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_private(files.certificate, certificate.public_bytes(Encoding.PEM))
