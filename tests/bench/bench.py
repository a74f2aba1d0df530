"""What every measure is given, and what it gives back."""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.bench import load, subjects
from tests.bench.load import Programs, Scenario, Talk
from tests.bench.plot import Plot
from tests.bench.subjects import DoesNotStart, Running, Subject
from tests.bench.tables import Table

DISTURBED = 0.1
"""A run in which other processes took more of a core than this is tried again."""

TRIES = 3


class NoCompiler(Exception):
    """What needs the load generator can't be measured."""


@dataclass
class Bench:
    """How thoroughly to measure, and with what."""

    folder: Path
    programs: Programs | None
    rounds: int = 3
    is_quick: bool = False
    is_alone: bool = False
    """Whether to leave out the servers that are installed."""
    messages: int = 1_000_000
    disturbed: int = 0
    """How many runs stand though other processes disturbed them."""
    progress: Callable[[str], None] = field(default=lambda _: None)

    @property
    def seconds(self) -> float:
        """How long one run talks."""
        return 0.2 if self.is_quick else 5.0

    @property
    def quiet_seconds(self) -> float:
        """A program that has written nothing for so long is done with what it was doing."""
        return 0.2 if self.is_quick else 1.0

    def few(self, number: int, quick: int) -> int:
        return quick if self.is_quick else number

    @property
    def load(self) -> Path:
        """Return the load generator. Raises NoCompiler."""
        if self.programs is None:
            raise NoCompiler
        return self.programs.load

    @cached_property
    def compared(self) -> list[Subject]:
        """All that can be compared: this chat first, then the C servers, then what is installed and starts."""
        return [subjects.PLAIN, subjects.RICH, *self._limits(), *([] if self.is_alone else self._installed())]

    def _limits(self) -> list[Subject]:
        """What a server could reach that nothing but talks, with nothing kept, and with all on disk first."""
        if self.programs is None:
            return []
        limit = self.programs.limit
        return [subjects.limit_server(limit), subjects.durable_limit_server(limit)]

    def _installed(self) -> list[Subject]:
        return [subject for subject in subjects.installed() if self._starts(subject)]

    def _starts(self, subject: Subject) -> bool:
        try:
            with self.running(subject):
                return True
        except DoesNotStart as error:
            print(f"Left out, since it does not start: {error}", file=sys.stderr)
            return False

    @contextmanager
    def running(self, subject: Subject = subjects.RICH) -> Iterator[Running]:
        """Run a server with nothing in it yet."""
        with (
            tempfile.TemporaryDirectory(dir=self.folder) as folder,
            subjects.running(subject, Path(folder)) as server,
        ):
            yield server

    def talk(self, subject: Subject, scenario: Scenario) -> Talk:
        """Let members talk on a fresh server; again, if other processes disturbed that."""
        for _ in range(1 if self.is_quick else TRIES):
            self.progress(f"{subject.name}: {scenario}")
            with self.running(subject) as server:
                talked = load.talk(self.load, server, scenario, self.seconds)
            if talked.others <= DISTURBED:
                return talked
        self.disturbed += 1
        return talked

    def compare(self, compared: Sequence[Subject], scenario: Scenario) -> dict[str, list[Talk]]:
        """Let members talk on each in turn, in as many rounds as were asked for; return the runs of each."""
        runs: dict[str, list[Talk]] = {subject.name: [] for subject in compared}
        for _ in range(self.rounds):
            for subject in compared:
                runs[subject.name].append(self.talk(subject, scenario))
        return runs


@dataclass
class Report:
    """What a measure found."""

    tables: list[Table]
    plots: list[Plot] = field(default_factory=list)
