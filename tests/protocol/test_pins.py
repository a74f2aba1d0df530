"""Pins: one for each key, whatever certificate it is shown in."""

from base64 import b64decode

import pytest

from chatapp.protocol.pins import check_pin, pin_of
from tests.certificates import made

_CERTIFICATE = (
    "MIIBgjCCASmgAwIBAgIUcC4zzGKCbqHZVINTo6cC/wMsDzUwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMY2hhdC5leGFtcGxlMB4X"
    "DTI2MTIwMTAxMTYwOVoXDTI2MTIwMjAxMTYwOVowFzEVMBMGA1UEAwwMY2hhdC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0D"
    "AQcDQgAExAJ32JvsuE2xfzF0d9dLWT2ZBkhh6YVTluKeDft2BzLnp47S0pm9WpvOKYK0I7f0tTvmNGNxtXnPzgRiV5XgM6NTMFEw"
    "HQYDVR0OBBYEFGbIN3xCCBQg+M8GiQSZEHjz2b/SMB8GA1UdIwQYMBaAFGbIN3xCCBQg+M8GiQSZEHjz2b/SMA8GA1UdEwEB/wQF"
    "MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgWRVUYB4KDeieKQpGbCOqPF1wnuBLlBJtjPy/uuJToSsCIAWuZV0QPNS8qsWLp0jG6lc5"
    "6Clk4Gq5dA1MZM/Kvq2A"
)
"""Made by OpenSSL, and its pin: openssl x509 -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256."""

_PIN = "sha256:PIAYlP3rn-FeQeBkqzc88zS2tFkAU6gYM9AuFVRDvIs"


def test_a_pin_is_of_the_key() -> None:
    """Another certificate for the same key has the same pin; another key has another one."""
    first, other = made(), made()
    assert made(key=first.key, names=["chat.example"]).pin == first.pin
    assert other.pin != first.pin
    assert check_pin(first.pin) == first.pin


def test_a_pin_is_as_in_the_rfc() -> None:
    """What is hashed is the SubjectPublicKeyInfo: the command that RFC 7469 gives says the same of a certificate."""
    assert pin_of(b64decode(_CERTIFICATE)) == _PIN


@pytest.mark.parametrize(
    "text",
    [
        "",
        _PIN[:-1],
        f"{_PIN}=",
        f"{_PIN}\n",
        _PIN.removeprefix("sha256:"),
        _PIN.upper(),
        _PIN.replace("sha256", "sha1"),
        f"{_PIN[:-2]}+/",
        f"{_PIN[:-1]}ñ",
    ],
)
def test_what_is_no_pin(text: str) -> None:
    """A pin of another kind, length or alphabet is none."""
    assert check_pin(_PIN) == _PIN
    with pytest.raises(ValueError, match="no pin"):
        check_pin(text)


@pytest.mark.parametrize("certificate", [b"", b"0", b"\x30\x82\xff\xff", made().der[:-1], made().pem])
def test_what_is_no_certificate(certificate: bytes) -> None:
    """Bytes that are none have no pin."""
    with pytest.raises(ValueError, match="no certificate"):
        pin_of(certificate)
