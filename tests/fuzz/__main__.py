"""``python -m tests.fuzz [target] [--runs N]`` looks for bytes that break a target, led by coverage (Atheris)."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TARGETS = ("framing", "decoding", "markup")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz each target in a process of its own; return 0 if nothing broke."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        corpus = options.corpus or Path(temporary)
        codes = [_fuzz(target, corpus, options.runs) for target in options.targets or TARGETS]
    return max(codes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Needs the extra `fuzz`.")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"default: all, which are {', '.join(TARGETS)}")
    parser.add_argument("--runs", type=int, default=1_000_000, help="executions of each (default: 1000000)")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what led further, to go on from there")
    return parser


def _fuzz(target: str, corpus: Path, runs: int) -> int:
    print(f"{target}: {runs:,} executions", flush=True)
    command = [sys.executable, "-m", "tests.fuzz.run", target, str(corpus / target), str(runs)]
    return abs(subprocess.call(command))


if __name__ == "__main__":
    sys.exit(main())
