"""How many connections the system lets this process have."""

import contextlib
import resource

_FOR_OTHER_USES = 128
"""Descriptors that the log, the loop and those who are told that the server is full need."""

_MOST = 65_536
"""What to take for a limit where the system names none."""


def raise_limit() -> int:
    """Raise this process's limit of open files as far as it may, and return how many connections that leaves."""
    most, hard = (
        _MOST if limit == resource.RLIM_INFINITY else limit for limit in resource.getrlimit(resource.RLIMIT_NOFILE)
    )
    with contextlib.suppress(ValueError, OSError):  # some systems refuse what they call their limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        most = hard
    return max(most - _FOR_OTHER_USES, 1)
