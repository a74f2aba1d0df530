"""How many deliveries a second, and how much processor time each takes."""

from collections.abc import Iterable, Sequence

from tests.bench.bench import Bench, Report
from tests.bench.load import Scenario, Talk
from tests.bench.subjects import PLAIN, RICH
from tests.bench.tables import Table, median, short

SCENARIOS = (
    ("1,000 members, 10 senders x 10 in flight", Scenario(1000)),
    ("100 members, 10 senders x 10 in flight", Scenario(100)),
    ("1,000 members, 50 senders x 20 in flight", Scenario(1000, 50, 20)),
)
QUICK = (("50 members, 10 senders x 10 in flight", Scenario(50)),)


def measure(bench: Bench) -> Report:
    compared = bench.compared
    table = Table("Throughput: millions of deliveries a second", ["", *(subject.name for subject in compared)])
    for title, scenario in QUICK if bench.is_quick else SCENARIOS:
        add_rows(table, title, list(bench.compare(compared, scenario).items()))
    table.notes.append(
        "Messages of 100 bytes in one room. chatapp and one C server keep each on disk before it is shown; the others "
        "keep nothing."
    )
    return Report([table])


def add_rows(table: Table, title: str, runs: Sequence[tuple[str, list[Talk]]]) -> None:
    rates = {name: median(talk.deliveries_s for talk in talks) for name, talks in runs}
    table.rows.append([title, *(short(rate / 1e6) for rate in rates.values())])
    table.rows.append(["chatapp has … times as many", *ratios(rates)])
    table.rows.append(["CPU of the server, µs each", *(short(cost(talks)) for _, talks in runs)])
    table.rows.append(["the load's core is busy", *(f"{100 * busy(talks):.0f} %" for _, talks in runs)])
    add_blemishes(table, title, runs)


def cost(talks: Sequence[Talk]) -> float:
    return median(talk.server_us for talk in talks)


def busy(talks: Sequence[Talk]) -> float:
    return median(talk.generator_share for talk in talks)


def ratios(values: dict[str, float]) -> list[str]:
    """Say how many times that of each server the value of this chat is, and what share of it rich members have."""
    return [ratio(values[PLAIN.name], name, value) for name, value in values.items()]


def ratio(own: float, name: str, value: float) -> str:
    if name == RICH.name:
        return f"({value / own:.2f} of plain)" if own else "-"
    return f"{own / value:.2f}" if value else "-"


def add_blemishes(table: Table, title: str, runs: Iterable[tuple[str, list[Talk]]]) -> None:
    table.notes.extend(blemish for name, talks in runs if (blemish := blemish_of(title, name, talks)))


def blemish_of(title: str, name: str, talks: Sequence[Talk]) -> str:
    """Say what was lost, if anything, or that members of this chat saw different orders."""
    bad = [talk for talk in talks if not talk.is_whole]
    if name in (PLAIN.name, RICH.name) and any(talk.orders > 1 for talk in talks):
        return f"{name} ({title}): not all saw the same order."
    if not bad:
        return ""
    lost, dropped = sum(talk.lost for talk in bad), sum(talk.dropped for talk in bad)
    return (
        f"{name} ({title}), in {len(bad)} of {len(talks)} runs: {lost:,} deliveries lost, {dropped:,} members dropped. "
        f"{bad[0].problem}"
    )
