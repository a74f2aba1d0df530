"""Connections are counted by address: how many at once, how many new ones, and what counts as one address."""

import pytest

from chatapp.protocol.errors import ConnectingTooOften, TooManyConnections, TurnedAway
from chatapp.server.address_limits import Addresses, place_of
from chatapp.server.settings import Rates

HERE = "192.0.2.1"


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("2001:db8:0:1:ffff::2", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::1", "2001:db8:0:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", ""),
        ("127.3.2.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
    ],
)
def test_what_counts_as_one_address(host: str, place: str) -> None:
    """An IPv4 address, however it is written, or a /64 of IPv6; this machine is spared."""
    assert place_of(host, spares_loopback=True) == place


@pytest.mark.parametrize(("host", "place"), [("127.0.0.1", "127.0.0.1"), ("::1", "::/64")])
def test_this_machine_is_counted_if_that_is_set(host: str, place: str) -> None:
    """As the tests do, for which there is no other machine."""
    assert place_of(host, spares_loopback=False) == place


def test_sixteen_at_once() -> None:
    """The 17th is turned away, until one of the others is gone; another address is not concerned."""
    addresses = Addresses(Rates())
    assert [addresses.connect(HERE, 0.0) for _ in range(16)] == [None] * 16
    refusal = addresses.connect(HERE, 0.0)
    assert (type(refusal), refusal and refusal.limit) == (TooManyConnections, 16)
    assert addresses.connect("192.0.2.2", 0.0) is None
    addresses.disconnect(HERE)
    addresses.disconnect(HERE)
    assert addresses.connect(HERE, 0.0) is None


def test_those_far_beyond_are_not_even_told() -> None:
    """Two are; the next is to be cut, and is counted until it is."""
    addresses = Addresses(Rates(connections=1))
    assert addresses.connect(HERE, 0.0) is None
    assert isinstance(addresses.connect(HERE, 0.0), TooManyConnections)
    assert isinstance(addresses.connect(HERE, 0.0), TooManyConnections)
    for _ in range(2):
        with pytest.raises(TooManyConnections):
            addresses.connect(HERE, 0.0)
    for _ in range(5):
        addresses.disconnect(HERE)
    assert addresses.connect(HERE, 0.0) is None


def passing(addresses: Addresses, place: str, now: float) -> TurnedAway | None:
    """Connect, and be gone."""
    refusal = addresses.connect(place, now)
    addresses.disconnect(place)
    return refusal


def test_thirty_two_new_ones_in_ten_minutes() -> None:
    """The 33rd is told when the first will be ten minutes ago; then it may. Those that were refused don't count."""
    addresses = Addresses(Rates())
    assert [passing(addresses, HERE, float(second)) for second in range(32)] == [None] * 32
    for now in (100.0, 500.0):
        refusal = passing(addresses, HERE, now)
        assert isinstance(refusal, ConnectingTooOften)
        assert (refusal.limit, refusal.retry_after) == (32, 600.0 - now)
    assert passing(addresses, HERE, 600.0) is None
    assert isinstance(passing(addresses, HERE, 600.5), ConnectingTooOften)
    assert passing(addresses, HERE, 601.0) is None


def test_a_class_behind_one_router() -> None:
    """With 30 connections for each address it may have 60 new ones, too."""
    addresses = Addresses(Rates(connections=30))
    assert [addresses.connect(HERE, 0.0) for _ in range(30)] == [None] * 30
    assert isinstance(addresses.connect(HERE, 0.0), TooManyConnections)
    for _ in range(31):
        addresses.disconnect(HERE)
    assert [passing(addresses, HERE, 1.0) for _ in range(30)] == [None] * 30
    refusal = passing(addresses, HERE, 1.0)
    assert (type(refusal), refusal and refusal.limit) == (ConnectingTooOften, 60)


def test_who_is_spared_is_not_counted() -> None:
    """Any number of connections of this machine come and go."""
    addresses = Addresses(Rates())
    assert {passing(addresses, "", 0.0) for _ in range(1000)} == {None}
