"""Times: the log keeps microseconds since 1970, and where each day begins (UTC, counted from 1970-01-01)."""

import apsw

DAY_SECONDS = 86_400

ENDLESS = 2**63 - 1
"""A `seq` that no message has."""

_START = "SELECT min(first_seq) FROM days WHERE day >= ?"
_END = """
SELECT coalesce((SELECT min(first_seq) FROM days WHERE first_seq > last), ?2)
FROM (SELECT max(first_seq) AS last FROM days WHERE day < ?1) WHERE last IS NOT NULL
"""


def microseconds(at: float) -> int:
    return round(at * 1_000_000)


def seconds(at: int) -> float:
    return at / 1_000_000


def day_of(at: float) -> int:
    """Return the day that the second `at` is in."""
    return int(at // DAY_SECONDS)


def start_of_day(db: apsw.Connection, day: int) -> int:
    """Return the `seq` before which no message is from `day` or later."""
    start: int | None = db.execute(_START, (day,)).get
    return ENDLESS if start is None else start


def end_before_day(db: apsw.Connection, day: int) -> int:
    """Return the `seq` from which on no message is from before `day`."""
    end: int | None = db.execute(_END, (day, ENDLESS)).get
    return 0 if end is None else end
