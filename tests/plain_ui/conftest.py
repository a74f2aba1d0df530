"""What the tests of this folder share."""

import pytest

from chatapp.server.settings import Rates, Timing


@pytest.fixture
def timing() -> Timing:
    """Of a server that greets at once: no test here is about peers that read no lines."""
    return Timing(newline_after=0.0)


@pytest.fixture
def rates() -> Rates:
    """Of a server that takes whatever comes: a pipe says all at once."""
    return Rates(per_second=None)
