"""How many connections the system lets this process have."""

import resource

_FOR_OTHER_USES = 64
"""Descriptors that the log, the loop and those who are told that the server is full need."""


def raise_limit() -> int:
    """Raise this process's limit of open files as far as it may, and return how many connections that leaves."""
    most, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        most = hard
    return max(most - _FOR_OTHER_USES, 1)
