"""What is signed to prove a key: no two claims are the same bytes; and how a key is written and shown."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import ssh_key_fingerprint
from hypothesis import given
from hypothesis import strategies as st

from chatapp.protocol.errors import BadKey
from chatapp.protocol.identity import check_key, fingerprint, proof
from chatapp.protocol.names import name_key

KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
"""The public key of RFC 8032, 7.1, test 1."""

claims = st.tuples(*[st.text(st.sampled_from("ab\x00\x01:"), max_size=4)] * 4)


@given(claims, claims)
def test_no_two_claims_are_the_same_bytes(one: tuple[str, str, str, str], other: tuple[str, str, str, str]) -> None:
    """Whatever a server puts into its log and nonce, the bytes are those of this claim only."""
    assert (proof(*one) == proof(*other)) == (one == other)


def test_a_proof_says_what_it_is_for() -> None:
    """The bytes start with the purpose, so that no other signature of the key can be one of these."""
    assert proof("log", "nonce", KEY, "ana").startswith(b"\x00\x00\x00\x12chatapp-identity-1\x00\x00\x00\x03log")


@given(st.text(st.characters(categories=["L", "M", "N"])))
def test_a_nick_counts_by_its_key(nick: str) -> None:
    """Nicks that the server takes for the same are proved by the same bytes."""
    assert proof("log", "nonce", KEY, nick) == proof("log", "nonce", KEY, name_key(nick))


@given(st.binary(min_size=32, max_size=32))
def test_keys_that_pass(key: bytes) -> None:
    """32 bytes in hexadecimal, in lower case, are a key, as they are."""
    assert check_key(key.hex()) == key.hex()


@pytest.mark.parametrize("key", ["", KEY[1:], KEY + "0", KEY.upper(), KEY + "\n", " " + KEY[1:], "g" * 64, "٣" * 64])
def test_keys_that_are_refused(key: str) -> None:
    """One key is written in one way only, so that it is one account."""
    with pytest.raises(BadKey):
        check_key(key)


def test_a_fingerprint_is_that_of_ssh() -> None:
    """People compare what `ssh-keygen -l` would show: SHA256: and 43 characters of base64."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(KEY))
    assert ssh_key_fingerprint(public, SHA256()).hex() == _digest(fingerprint(KEY))
    assert len(fingerprint(KEY)) == len("SHA256:") + 43


def _digest(shown: str) -> str:
    return b64decode(shown.removeprefix("SHA256:") + "=").hex()
