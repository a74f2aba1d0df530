"""How the key of a server is written, so that people and programs can tell it from another."""

import re
from base64 import urlsafe_b64encode

_PIN = "sha256:[A-Za-z0-9_-]{43}"


def check_pin(text: str) -> str:
    """Return `text` if it is a pin, as `pin_of` writes them. Raises ValueError."""
    if not re.fullmatch(_PIN, text):
        raise ValueError(f"no pin: {text}")
    return text


def pin_of(certificate: bytes) -> str:
    """Return the pin of a `certificate` in DER: ``sha256:`` and, in base64url, the hash of its public key.

    What is hashed is the SubjectPublicKeyInfo (RFC 5280), as in RFC 7469: a new certificate for the same key has the
    same pin. Raises ValueError for what is no certificate.
    """
    from hashlib import sha256  # as the rest only for who talks by TLS

    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    try:
        key = load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"no certificate: {error}") from None
    digest = sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return f"sha256:{urlsafe_b64encode(digest).decode().rstrip('=')}"
