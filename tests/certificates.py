"""Certificates for tests, good and bad, and the servers that show them."""

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from chatapp.protocol.pins import pin_of

HOST = "127.0.0.2"
"""An address of this machine where a chat speaks TLS."""

_DAY = datetime.timedelta(days=1)
_SERVER = ExtendedKeyUsageOID.SERVER_AUTH


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def pin(self) -> str:
        return pin_of(self.der)

    def write(self, folder: Path, *above: "Pair") -> tuple[Path, Path]:
        """Write the certificate, with those `above` it, and the key; return the two files."""
        files = folder / f"{self.certificate.serial_number:x}.crt", folder / f"{self.certificate.serial_number:x}.key"
        files[0].write_bytes(b"".join([self.pem, *(pair.pem for pair in above)]))
        files[1].touch(mode=0o600)
        files[1].write_bytes(self.key_pem)
        return files


def made(
    issuer: Pair | None = None,
    *,
    names: Sequence[str] = (HOST,),
    days: tuple[int, int] = (-1, 1),
    is_authority: bool = False,
    key: EllipticCurvePrivateKey | None = None,
    usage: x509.ObjectIdentifier = _SERVER,
) -> Pair:
    """Make a certificate that `issuer`, or it itself, signs; it is good from and to so many `days` from now."""
    key = key or generate_private_key(SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority" if is_authority else HOST)])
    now = datetime.datetime.now(datetime.UTC)
    above = issuer.certificate.subject if issuer else subject
    builder = (
        x509.CertificateBuilder(above, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now + days[0] * _DAY)
        .not_valid_after(now + days[1] * _DAY)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
        .add_extension(_usage(is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_signed_by(issuer.key if issuer else key), critical=False)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    if names and not is_authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([_named(name) for name in names]), critical=False)
    return Pair(builder.sign(issuer.key if issuer else key, SHA256()), key)


def authority(days: tuple[int, int] = (-1, 1)) -> Pair:
    """Make a certificate that may sign others."""
    return made(is_authority=True, days=days)


def shown(pair: Pair, folder: Path, *above: Pair) -> ssl.SSLContext:
    """Return the context of a server that shows `pair`, and those `above` it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair.write(folder, *above))
    return context


def _usage(is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _signed_by(key: EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _named(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
