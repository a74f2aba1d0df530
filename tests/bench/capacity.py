"""What thousands of peers cost that are there and say nothing, and whether talk goes on meanwhile."""

import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.bench import aside, load, machine
from tests.bench.bench import Bench, Report
from tests.bench.load import Entrance, Scenario, Talk
from tests.bench.subjects import RICH, Running, Subject, serve_command
from tests.bench.tables import FACTS, Table, median, short, times

WANTED = 10_000
KEPT_BACK = 200
"""Descriptors that are left for other things than idle peers."""

PATIENCE = 60
"""So many seconds they may take to come in."""

TALK = Scenario(members=10, senders=2, rate=4)
"""The few who talk while the crowd is there. They talk in #general, so the crowd hears them."""


@dataclass
class Found:
    """One round: the crowd coming in, the server's memory for each of it, and the talk of a few through all that."""

    entrance: Entrance
    bytes_each: float
    alone: Talk
    as_they_come: Talk
    among_them: Talk


def measure(bench: Bench) -> Report:
    peers = min(bench.few(WANTED, 200), machine.most_descriptors() - KEPT_BACK)
    rounds = [one_round(bench, peers) for _ in range(bench.rounds)]
    table = Table("Capacity", FACTS)
    if peers < WANTED and not bench.is_quick:
        table.notes.append(f"No more than {peers:,} idle peers: here a process may open {peers + KEPT_BACK:,} files.")
    table.rows += [memory_row(bench, peers, rounds), entrance_row(peers, rounds)]
    alone = median(found.alone.p99_ms for found in rounds)
    table.rows.append(talk_row(f"{peers:,} come in", [found.as_they_come for found in rounds], alone))
    table.rows.append(talk_row(f"{peers:,} are there", [found.among_them for found in rounds], alone))
    aside.add_rows(bench, table, peers)
    return Report([table])


def memory_row(bench: Bench, peers: int, rounds: list[Found]) -> tuple[str, str, str]:
    each = short(median(found.bytes_each for found in rounds))
    others = [f"{subject.name} {short(memory_each(bench, subject, peers))}" for subject in quiet_subjects(bench)]
    return f"{peers:,} idle rich peers", f"{each} bytes each over the empty server", ", ".join(others)


def quiet_subjects(bench: Bench) -> list[Subject]:
    """Return the servers that don't tell everyone of each who comes in: theirs is the memory of a peer alone."""
    return [subject for subject in bench.compared if subject.dialect != "irc" and subject.command is not serve_command]


def memory_each(bench: Bench, subject: Subject, peers: int) -> float:
    bench.progress(f"{subject.name}: {peers:,} come in")
    with bench.running(subject) as server:
        empty = machine.memory_bytes(server.pid)
        with load.holding(bench.load, server, peers) as process:
            return each_of(server, empty, load.entrance(process))


def each_of(server: Running, empty: int, entrance: Entrance) -> float:
    return (machine.memory_bytes(server.pid) - empty) / max(entrance.inside, 1)


def entrance_row(peers: int, rounds: list[Found]) -> tuple[str, str, str]:
    entrances = [found.entrance for found in rounds]
    inside, known = median(at.inside_s for at in entrances), median(at.lists_s for at in entrances)
    notices, fewest = median(at.notice_bytes for at in entrances), min(at.inside for at in entrances)
    took = f"{short(inside)} s; after {short(known)} s all know how many are there"
    return (
        f"{peers:,} come in",
        took if fewest == peers else f"only {fewest:,} did, in {PATIENCE} s",
        f"{short(notices / 2**20)} MiB of notices, {short(notices / peers / 1024)} KiB to each",
    )


def talk_row(when: str, talks: list[Talk], alone: float) -> tuple[str, str, str]:
    high = median(talk.p99_ms for talk in talks)
    return (
        f"{TALK.members} talk, {TALK.rate} messages a second, while {when} and hear it",
        f"p99 {short(high)} ms",
        f"{times(high, alone)} the p99 of the {TALK.members} alone ({short(alone)} ms)",
    )


def one_round(bench: Bench, peers: int) -> Found:
    """Let a few talk alone, then `peers` come in, then the few talk among them; and, anew, both at once."""
    with bench.running(RICH) as server:
        alone = few_talk(bench, server, "alone")
        empty = machine.memory_bytes(server.pid)
        with crowd(bench, server, peers) as process:
            entrance = load.entrance(process)
            each = each_of(server, empty, entrance)
            among_them = few_talk(bench, server, "among")
    with bench.running(RICH) as server, crowd(bench, server, peers):
        return Found(entrance, each, alone, few_talk(bench, server, "meanwhile"), among_them)


def crowd(bench: Bench, server: Running, peers: int) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    bench.progress(f"{peers:,} come in")
    return load.holding(bench.load, server, peers, "-T", str(PATIENCE))


def few_talk(bench: Bench, server: Running, prefix: str) -> Talk:
    bench.progress(f"a few talk {prefix}")
    return load.talk(bench.load, server, TALK, bench.seconds, "-u", prefix)
