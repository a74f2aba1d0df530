"""The time of day, as a person prefers to read it."""

import time

from chatapp.preferences.table import Clock


def clock_text(at: float, clock: Clock) -> str:
    """Return the local time of day of `at` (seconds since 1970), "" by no clock; dashes for what no calendar has."""
    if clock == "none":
        return ""
    try:
        local = time.localtime(at)
    except (ValueError, OverflowError, OSError):
        return "--:--"
    if clock == "12h":
        return f"{local.tm_hour % 12 or 12}:{local.tm_min:02}{'am' if local.tm_hour < 12 else 'pm'}"
    return f"{local.tm_hour:02}:{local.tm_min:02}"
