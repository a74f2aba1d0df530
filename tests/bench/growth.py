"""What doubling costs: members, messages a second, history, rooms. Each is a plot; none is to outgrow its axis."""

import asyncio

from tests.bench import load, log, returning, subjects, switching
from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario, Talk
from tests.bench.plot import Plot
from tests.bench.subjects import PLAIN, RICH, Subject
from tests.bench.tables import FACTS, Table, median, short

Points = list[tuple[float, float]]

MEMBERS = (125, 250, 500, 1000, 2000)
RATES = (250, 500, 1000, 2000, 4000)
HISTORIES = (0.0625, 0.125, 0.25, 0.5, 1.0)
"""In shares of the log that the measure of the log fills."""

ROOMS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
IN_ROOMS = 1024
"""So many members there are in all, however many rooms."""

ROOM_SIZE = 64
"""So many hear each message: with few rooms not everyone is in one, and with many everyone is in several."""

SHOWN = ("any page", "search, a word")

QUICK = 2
"""How many doublings are enough to see that it works."""


def measure(bench: Bench) -> Report:
    """Measure along each axis. Another axis is another line here."""
    axes = (members, rate, history, rooms)
    plots = [axis(bench) for axis in axes]
    table = Table("Growth", FACTS)
    table.rows += [row for plot in plots for row in steepness(plot)]
    table.rows += returning.rows(bench)
    table.rows += switching.rows(bench)
    return Report([table], plots)


def steepness(plot: Plot) -> list[tuple[str, str, str]]:
    """Say for each line how much more its end costs than its beginning."""
    rows = []
    for name, line in plot.lines.items():
        (x0, y0), (x1, y1) = line[0], line[-1]
        grown = f"{y1 / y0:.2f} times" if y0 else "-"
        rows.append((f"{x1 / x0:.0f} times the {plot.x}: {name}", grown, f"{short(y0)} to {short(y1)}"))
    return rows


def members(bench: Bench) -> Plot:
    """Show the processor time of one message against the members that it goes to: linear is what is touched."""
    plot = Plot("Members", "members", "CPU of the server, µs a message")
    steps = MEMBERS[: QUICK if bench.is_quick else None]
    for subject in (PLAIN, RICH):
        lines = [along(bench, subject, count, Scenario(count, rate=100)) for count in steps]
        plot.lines[f"{subject.dialect} members"] = lines
    return plot


def along(bench: Bench, subject: Subject, x: float, scenario: Scenario) -> tuple[float, float]:
    talks = [bench.talk(subject, scenario) for _ in range(bench.rounds)]
    return x, median(map(per_message, talks))


def per_message(talk: Talk) -> float:
    """Return the server's processor time for a message, in microseconds."""
    return talk.server_us * talk.deliveries_s / talk.messages_s if talk.messages_s else 0.0


def rate(bench: Bench) -> Plot:
    """Show how much of a core the server takes against the messages a second, in a room of 100."""
    plot = Plot("Rate", "messages a second", "CPU of the server, ms a second")
    points: Points = []
    for count in RATES[: QUICK if bench.is_quick else None]:
        talks = [bench.talk(RICH, Scenario(100, rate=count)) for _ in range(bench.rounds)]
        points.append((count, median(talk.server_us * talk.deliveries_s / 1000 for talk in talks)))
    plot.lines["100 rich members"] = points
    return plot


def history(bench: Bench) -> Plot:
    """Show how long pages, a search and a message take, against the messages in the log."""
    plot, lines = Plot("History", "messages in the log", "ms, median"), dict[str, Points]()
    for share in HISTORIES[: QUICK if bench.is_quick else None]:
        count = max(1000, round(bench.messages * share))
        for name, value in with_log(bench, count).items():
            lines.setdefault(name, []).append((count, value))
    plot.lines.update(lines)
    return plot


def with_log(bench: Bench, count: int) -> dict[str, float]:
    """Return how long it takes to read from, and to write to, a log of so many messages, in milliseconds."""
    with log.filled(bench, count) as (folder, port, _), subjects.running(RICH, folder, port) as server:
        bench.progress(f"a log of {count:,} messages")
        read = asyncio.run(log.read(server.port, count, bench.few(log.TRIES, 10)))
        wrote = load.talk(bench.load, server, Scenario(1, 1, 1), bench.seconds)
    return {**{name: read[name][0] for name in SHOWN}, "one message": wrote.p50_ms}


def rooms(bench: Bench) -> Plot:
    """Show the processor time of one delivery against the rooms; members, messages and who hears each are the same."""
    plot = Plot("Rooms", "rooms", "CPU of the server, µs a delivery")
    plot.lines[f"{IN_ROOMS:,} members, {ROOM_SIZE} hear each message"] = [
        (count, per_delivery(bench, count)) for count in ROOMS[: QUICK if bench.is_quick else None]
    ]
    return plot


def per_delivery(bench: Bench, rooms: int) -> float:
    """Return the server's processor time for a delivery, in microseconds, with one who talks in each room."""
    scenario = Scenario(IN_ROOMS, rooms, rate=1000, rooms=rooms, room_size=ROOM_SIZE)
    return median(bench.talk(RICH, scenario).server_us for _ in range(bench.rounds))
