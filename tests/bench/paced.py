"""How long a message takes to everyone, when there is time: a steady pace in a large room."""

from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario
from tests.bench.tables import Table, median, short
from tests.bench.throughput import add_blemishes, ratios


def measure(bench: Bench) -> Report:
    compared, members = bench.compared, bench.few(1000, 50)
    runs = bench.compare(compared, Scenario(members, rate=20))
    table = Table(
        f"Latency: {members:,} members, 20 messages a second, ms", ["", *(subject.name for subject in compared)]
    )
    middle = [median(talk.p50_ms for talk in talks) for talks in runs.values()]
    high = {name: median(talk.p99_ms for talk in talks) for name, talks in runs.items()}
    table.rows.append(["p50", *map(short, middle)])
    table.rows.append(["p99", *map(short, high.values())])
    table.rows.append(["chatapp's p99 is … times as high", *ratios(high)])
    add_blemishes(table, "paced", runs.items())
    return Report([table])
