"""How long it takes a crowd that joins at once until everyone's list is right."""

from tests.bench import load
from tests.bench.bench import Bench, Report
from tests.bench.load import Entrance
from tests.bench.subjects import RICH
from tests.bench.tables import FACTS, Table, median, short


def measure(bench: Bench) -> Report:
    members = bench.few(1000, 50)
    entrances = [join_at_once(bench, members) for _ in range(bench.rounds)]
    table = Table("Joining", FACTS)
    table.rows.append(
        (
            f"{members:,} rich peers join at once",
            f"{seconds_of([entrance.lists_s for entrance in entrances])} until all have the list right",
            f"all are in after {short(median(entrance.inside_s for entrance in entrances))} s; "
            f"{short(median(entrance.notice_bytes for entrance in entrances) / members / 1024)} KiB read by each",
        )
    )
    return Report([table])


def join_at_once(bench: Bench, members: int) -> Entrance:
    bench.progress(f"{members} join at once")
    with (
        bench.running(RICH) as server,
        load.holding(bench.load, server, members, "-a", str(members)) as process,
    ):
        return load.entrance(process)


def seconds_of(values: list[float]) -> str:
    """Return the median, unless it was never reached."""
    return f"{short(median(values))} s" if min(values) >= 0 else "never"
