"""What a client signs to show that a nick's key is its own, and how keys are written."""

import re
from base64 import b64encode

from chatapp.protocol.errors import BadKey
from chatapp.protocol.names import name_key

_DOMAIN = "chatapp-identity-1"
_LINK_DOMAIN = "chatapp-device-1"
_LENGTH_BYTES = 4
_KEY = re.compile("[0-9a-f]{64}")


def check_key(key: str) -> str:
    """Return `key`, an Ed25519 public key (RFC 8032) as 64 hexadecimal digits in lower case. Raises BadKey."""
    if not _KEY.fullmatch(key):
        raise BadKey
    return key


def proof(log: str, nonce: str, key: str, nick: str) -> bytes:
    """Return the bytes to sign: the purpose, the server's `log`, its `nonce` for this connection, `key` and `nick`.

    The nick counts by its `name_key`. Each field is UTF-8 after its length in four bytes, the highest first, so no
    two sets of fields give the same bytes, whatever a server puts into its own.
    """
    return _framed(_DOMAIN, log, nonce, key, name_key(nick))


def link_proof(log: str, by: str, key: str) -> bytes:
    """Return the bytes that `key` signs to be the person's too who is connected with the key `by`."""
    return _framed(_LINK_DOMAIN, log, by, key)


def fingerprint(key: str) -> str:
    """Return what people compare `key` by: ``SHA256:`` and base64, as ``ssh-keygen -l`` shows it (RFC 4253, 8709)."""
    from hashlib import sha256  # its import takes long, and a chat can start without

    blob = _prefixed(b"ssh-ed25519") + _prefixed(bytes.fromhex(key))
    return "SHA256:" + b64encode(sha256(blob).digest()).decode().rstrip("=")


def _framed(*fields: str) -> bytes:
    return b"".join(_prefixed(field.encode()) for field in fields)


def _prefixed(field: bytes) -> bytes:
    return len(field).to_bytes(_LENGTH_BYTES, "big") + field
