"""One target, fuzzed until so many executions are done or one of them breaks it; libFuzzer ends the process."""

import importlib
import sys
from pathlib import Path

import atheris

_MOST_SECONDS_OF_ONE = 20
_MOST_MIB = 4096


def run(name: str, corpus: Path, runs: int) -> None:
    """Fuzz the target of that name, with and into the files of `corpus`; the bytes that break it are put beside it."""
    with atheris.instrument_imports(include=["chatapp", "markdown_it"]):
        target = importlib.import_module(f"tests.fuzz.{name}")
    _prepare(corpus, target.SEEDS, target.WORDS)
    bounds = (f"-runs={runs}", f"-max_len={target.LONGEST}", f"-timeout={_MOST_SECONDS_OF_ONE}")
    where = (f"-dict={_words_of(corpus)}", f"-artifact_prefix={corpus}.", str(corpus))
    quietly = ("-print_final_stats=1", "-verbosity=1", f"-rss_limit_mb={_MOST_MIB}")
    atheris.Setup([sys.argv[0], *bounds, *quietly, *where], target.check)
    atheris.Fuzz()


def _prepare(corpus: Path, seeds: tuple[bytes, ...], words: tuple[bytes, ...]) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    _words_of(corpus).write_text("".join(f'"{_spelt(word)}"\n' for word in words))


def _words_of(corpus: Path) -> Path:
    return corpus.with_suffix(".words")


def _spelt(word: bytes) -> str:
    """Return `word` as libFuzzer's dictionaries spell it."""
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
