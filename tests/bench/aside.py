"""Whether a few who talk in a room of their own feel the crowd that sits idle in another one."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import load
from tests.bench.bench import DISTURBED, TRIES, Bench
from tests.bench.load import Scenario, Talk
from tests.bench.subjects import PLAIN, RICH, Running, Subject
from tests.bench.tables import Table, median, short, times
from tests.bench.throughput import blemish_of

TALK = Scenario(members=20, rate=200, rooms=1)
"""The few. They talk in a room that nobody else is in."""

IRC_PEERS = 2000
"""No more come in to servers that tell everyone of each who does: ten thousand of them take minutes."""

PATIENCE = 60
"""So many seconds the crowd may take to come in."""


@dataclass
class Found:
    """The same talk on one server before the crowd came in, and while so many of it are there."""

    alone: Talk
    among: Talk
    idle: int


def add_rows(bench: Bench, table: Table, peers: int) -> None:
    """Measure this chat in every round, and each other server that has rooms once."""
    for subject, rounds, most in measured(bench, peers):
        runs = [one_run(bench, subject, min(most, peers)) for _ in range(rounds)]
        table.rows.append(row(subject, runs))
        talks = [talk for found in runs for talk in (found.alone, found.among)]
        table.notes += filter(None, [blemish_of("another room", subject.name, talks)])


def measured(bench: Bench, peers: int) -> Iterator[tuple[Subject, int, int]]:
    """Yield who is measured, in how many rounds, and beside how many idle peers at most."""
    yield from ((subject, bench.rounds, peers) for subject in (PLAIN, RICH))
    yield from ((subject, 1, IRC_PEERS) for subject in bench.compared if subject.dialect == "irc")


def row(subject: Subject, runs: list[Found]) -> tuple[str, str, str]:
    alone, among = [found.alone for found in runs], [found.among for found in runs]
    middle, high = median(talk.p50_ms for talk in among), median(talk.p99_ms for talk in among)
    before, highest_before = median(talk.p50_ms for talk in alone), median(talk.p99_ms for talk in alone)
    return (
        f"{subject.name}: {TALK.members} talk in another room, {TALK.rate} messages a second, "
        f"while {min(found.idle for found in runs):,} are idle",
        f"p50 {short(middle)} ms, p99 {short(high)} ms",
        f"{times(middle, before)} and {times(high, highest_before)} those with nobody idle "
        f"({short(before)} ms, {short(highest_before)} ms)",
    )


def one_run(bench: Bench, subject: Subject, peers: int) -> Found:
    with bench.running(subject) as server:
        alone = talk(bench, server, "a")
        bench.progress(f"{subject.name}: {peers:,} come in")
        with load.holding(bench.load, server, peers, "-T", str(PATIENCE)) as process:
            inside = load.entrance(process).inside
            bench.progress(f"{subject.name}: a few talk in another room")
            return Found(alone, talk(bench, server, "b"), inside)


def talk(bench: Bench, server: Running, prefix: str) -> Talk:
    """Let the few talk; again, if other processes disturbed that. The nicks of the talk before may not be free yet."""
    for number in range(1 if bench.is_quick else TRIES):
        talked = load.talk(bench.load, server, TALK, 2 * bench.seconds, "-u", f"{prefix}{number}")
        if talked.others <= DISTURBED:
            return talked
    bench.disturbed += 1
    return talked
