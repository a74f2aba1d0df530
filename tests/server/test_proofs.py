"""Who verifies: a signature counts for its key and its bytes alone, and junk is just false."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.client.identity import Identity
from chatapp.server.proofs import verify

KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNATURE = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
    "655141438e7a100b"
)
"""RFC 8032, 7.1, test 1: this key's signature over no bytes."""


def test_a_signature_of_the_standard_is_true() -> None:
    """The first test vector of RFC 8032 verifies, and not over other bytes."""
    assert verify(KEY, SIGNATURE, b"")
    assert not verify(KEY, SIGNATURE, b"a")


@given(st.binary(), st.binary())
def test_a_signature_is_of_one_key_over_one_text(data: bytes, other: bytes) -> None:
    """What one signs is true for this key and these bytes only."""
    ana, eva = Identity.generate(), Identity.generate()
    signature = ana.sign(data)
    assert verify(ana.key, signature, data)
    assert not verify(eva.key, signature, data)
    assert verify(ana.key, signature, other) == (data == other)


@given(st.text(), st.text(), st.binary())
def test_junk_is_false(key: str, signature: str, data: bytes) -> None:
    """Text that is no key or no signature raises nothing."""
    assert not verify(key, SIGNATURE, data)
    assert not verify(KEY, signature, data)


@pytest.mark.parametrize("signature", ["", SIGNATURE[:-2], SIGNATURE + "00", SIGNATURE[:64] + "f" * 64, "zz" * 64])
def test_a_signature_of_another_length_or_range_is_false(signature: str) -> None:
    """Too short, too long, and an S beyond the order of the group are no signatures."""
    assert not verify(KEY, signature, b"")
