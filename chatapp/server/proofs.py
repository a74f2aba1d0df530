"""Whether a peer holds the key that it names."""


def verify(key: str, signature: str, data: bytes) -> bool:
    """Return whether `signature` is one of `key` over `data` (Ed25519, RFC 8032), both in hexadecimal digits.

    What is neither a key nor a signature is False too.
    """
    # Loading this takes 30 ms, which only a server with a peer that has a key needs to spend.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), data)
    except (ValueError, InvalidSignature):
        return False
    return True
