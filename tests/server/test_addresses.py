"""The address that others are told to join by."""

import socket

import pytest

from chatapp.server.addresses import outward_address


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_address_is_this_machines(family: socket.AddressFamily) -> None:
    """What others are told is an address that this machine has, and not loopback; if there is none, its name."""
    address = outward_address(family)
    if address != socket.gethostname():
        with socket.socket(family) as own:
            own.bind((address, 0))
        assert not address.startswith(("127.", "::1"))


def test_without_any_way_out_it_is_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no network but loopback is told of by its name."""

    def refuse(*_: object) -> socket.socket:
        raise OSError(101, "Network is unreachable")

    with monkeypatch.context() as patch:
        patch.setattr("chatapp.server.addresses.socket.socket", refuse)
        name = outward_address(socket.AF_INET)
    assert name == socket.gethostname()
