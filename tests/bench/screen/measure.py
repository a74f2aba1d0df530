"""The full screen, beside the least of a Textual app, WeeChat and irssi, each in a terminal, in turns."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from tests.bench.bench import Bench, Report
from tests.bench.screen import flood, intake, older, reach, resting
from tests.bench.screen.programs import BARE, CHATAPP, IRSSI, WEECHAT, Program, peers
from tests.bench.screen.talk import PAST
from tests.bench.tables import Table, median, short, times

F = TypeVar("F")
Runs = dict[Program, list[F]]

PROGRAMS = (CHATAPP, BARE, WEECHAT, IRSSI)
COLUMNS = ("", *(program.name for program in PROGRAMS), "chatapp's is")
NOTHING = "-"


def measure(bench: Bench) -> Report:
    """Measure each figure of all programs in every round, but for what takes a log of a million messages."""
    others = peers(bench)
    rest = _rounds(bench, [CHATAPP, BARE, *others], resting.one_round)
    floods = _rounds(bench, [CHATAPP, *others], flood.one_round)
    intakes = _rounds(bench, [CHATAPP, BARE, *others], intake.one_round)
    olds = [older.one_round(bench) for _ in range(bench.rounds)]
    table = Table("The screen, of 120 columns and 40 rows", COLUMNS)
    idle_key_ms = median(found.keys.p50_ms for found in rest[BARE])
    table.rows += [*_resting(rest), *_flooded(floods, idle_key_ms), *_taken_in(intakes), *_older(olds)]
    table.rows += _reached(reach.measure(bench), intakes[CHATAPP])
    table.notes += _notes(others, floods, olds)
    return Report([table])


def _rounds(bench: Bench, programs: Sequence[Program], one_round: Callable[[Bench, Program], F]) -> Runs[F]:
    runs: Runs[F] = {program: [] for program in programs}
    for _ in range(bench.rounds):
        for program in programs:
            runs[program].append(one_round(bench, program))
    return runs


def _row(what: str, runs: Runs[F], figure: Callable[[F], float], beside: float | Program | None = None) -> list[str]:
    """Return the medians of a figure, and how many times that of a program, or the idle key of BARE, this chat's is."""
    values = {program: median(map(figure, found)) for program, found in runs.items()}
    cells = [short(values[program]) if program in values else NOTHING for program in PROGRAMS]
    return [what, *cells, _ratio(values, beside)]


def _ratio(values: dict[Program, float], beside: float | Program | None) -> str:
    match beside:
        case float():
            return f"{times(values[CHATAPP], beside)} {BARE.name}'s with nothing said"
        case Program() if beside in values:
            return f"{times(values[CHATAPP], values[beside])} {beside.name}'s"
        case _:
            return NOTHING


def _resting(runs: Runs[resting.Found]) -> list[list[str]]:
    return [
        _row(f"from the start to {PAST} messages on the screen, ms", runs, lambda found: found.paint_ms, BARE),
        _row("from a key to the screen, p50, ms", runs, lambda found: found.keys.p50_ms, BARE),
        _row("while nothing happens: % of a core", runs, lambda found: found.idle_percent),
        _row("while nothing happens: bytes to the terminal", runs, lambda found: found.idle_bytes),
    ]


def _flooded(runs: Runs[flood.Found], idle_key_ms: float) -> list[list[str]]:
    during = f"with {flood.RATE:,.0f} messages a second"
    return [
        _row(f"{during}: from a key to the screen, p50, ms", runs, lambda found: found.keys.p50_ms, idle_key_ms),
        _row(f"{during}: p95, ms", runs, lambda found: found.keys.p95_ms, idle_key_ms),
        _row(f"{during}: the slowest key, ms", runs, lambda found: found.keys.most_ms, idle_key_ms),
        _row(f"{during}: % of a core", runs, lambda found: found.cpu_percent, WEECHAT),
    ]


def _taken_in(runs: Runs[intake.Found]) -> list[list[str]]:
    count = f"{intake.MESSAGES:,} messages"
    taking = {program: found for program, found in runs.items() if program is not BARE}
    return [
        _row(f"{count} taken in, s", taking, lambda found: found.seconds, WEECHAT),
        _row(f"{count} taken in (bare: {PAST}): held then, MiB", runs, lambda found: found.resident_mib, BARE),
        _row(f"{count} taken in (bare: {PAST}): a resize, ms", runs, lambda found: found.resize_ms, BARE),
    ]


def _older(found: list[older.Found]) -> list[list[str]]:
    runs = {CHATAPP: found}
    count = f"{intake.MESSAGES:,} messages"
    return [
        _row(f"{count} taken in: a page up, without the wait for a frame, ms", runs, lambda found: found.page_up),
        _row(f"{count} taken in: {older.OLDER} put before what is kept, likewise, ms", runs, lambda found: found.older),
    ]


def _reached(found: reach.Found, intakes: Sequence[intake.Found]) -> list[list[str]]:
    runs = {CHATAPP: [found]}
    log = f"{found.messages:,} messages in the log"
    held = _row(f"{log}: held after {found.pages:,} pages back and that, MiB", runs, lambda found: found.resident_mib)
    taken_in = median(found.resident_mib for found in intakes)
    held[-1] = f"{times(found.resident_mib, taken_in)} its own with {intake.MESSAGES:,} taken in"
    return [
        _row(f"{log}: to the first of all, ms", runs, lambda found: found.first_ms),
        _row(f"{log}: from there to the newest, ms", runs, lambda found: found.newest_ms),
        held,
    ]


def _notes(others: Sequence[Program], floods: Runs[flood.Found], olds: Sequence[older.Found]) -> Iterator[str]:
    """Say what is not as it should be."""
    if missing := [program.name for program in PROGRAMS[2:] if program not in others]:
        yield f"Not measured: {', '.join(missing)}."
    if lost := sum(found.lost for found in floods[CHATAPP]):
        yield f"chatapp lost {lost:,} messages."
    if moved := sum(found.moved for found in olds):
        yield f"What was in view moved {moved} times as older messages came."
