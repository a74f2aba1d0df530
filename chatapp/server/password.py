"""The chat's password, of which only a hash is kept that is slow to guess."""

import os
import unicodedata
from typing import Self

import msgspec

_SALT_BYTES = 16
_HASH_BYTES = 32
COST = 2**14
"""With `_PARALLEL` 16 MiB and a quarter of a second for each try: what OWASP asks for of scrypt (RFC 7914)."""

_BLOCK = 8
_PARALLEL = 5


class Password(msgspec.Struct, frozen=True):
    """What a password is compared with."""

    salt: bytes
    digest: bytes
    cost: int

    @classmethod
    def of(cls, text: str, cost: int = COST) -> Self:
        """Return what `text` is compared with; a lower `cost`, a power of 2, is faster to check and to guess."""
        salt = os.urandom(_SALT_BYTES)
        return cls(salt, _hash(text, salt, cost), cost)

    def matches(self, text: str) -> bool:
        """Return whether `text` is the password; that takes as long whatever it is."""
        from hmac import compare_digest

        return compare_digest(self.digest, _hash(text, self.salt, self.cost))


def _hash(text: str, salt: bytes, cost: int) -> bytes:
    """Hash `text`, in which the same letters count as the same, however a keyboard composes them (RFC 8265)."""
    from hashlib import scrypt  # as above: every start reads the settings, and few of these have a password

    data = unicodedata.normalize("NFC", text).encode(errors="surrogatepass")
    return scrypt(
        data, salt=salt, n=cost, r=_BLOCK, p=_PARALLEL, dklen=_HASH_BYTES, maxmem=2 * 128 * _BLOCK * (cost + _PARALLEL)
    )
