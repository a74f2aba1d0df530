"""What the fuzzer looks for, looked for by Hypothesis too: bytes made of what each target knows."""

import importlib
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import TARGETS

DEFAULT_CASES = 60
CAMPAIGN_CASES = 1_000_000
_CHUNK = 10_000
"""So many cases have one seed: Hypothesis remembers each, to draw none twice."""

_MOST_BYTES = 24
_FIRST_WORD, _MOST_WORDS = 0x80, 0x7C
"""Bytes from the first on stand for words; the last four are themselves, which are never UTF-8."""


def try_cases(target: str, cases: int, number: int) -> None:
    """Check so many cases of the target of that name. Raises what none of its docstrings names."""
    module = importlib.import_module(f"tests.fuzz.{target}")
    words = (module.WORDS + module.SEEDS)[:_MOST_WORDS]
    data = st.binary(max_size=_MOST_BYTES).map(lambda drawn: _spelt(drawn, words))
    bounded = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(bounded(given(data)(module.check)))()


def _spelt(drawn: bytes, words: tuple[bytes, ...]) -> bytes:
    """Return `drawn` with its higher bytes, but those at the start, standing for `words`: one draw is many words."""
    body = (words[byte - _FIRST_WORD] if 0 <= byte - _FIRST_WORD < len(words) else bytes((byte,)) for byte in drawn[2:])
    return drawn[:2] + b"".join(body)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_undocumented_is_raised(target: str) -> None:
    """Some cases of each target: only errors that the docstrings name, and what must hold holds."""
    try_cases(target, DEFAULT_CASES, number=0)


@pytest.mark.campaign
def test_a_million_cases(tell: Callable[[str], None]) -> None:
    """A third of them of each target: ``python -m pytest -n 0 -m campaign tests/fuzz``, in half an hour."""
    began, chunks = time.monotonic(), -(-CAMPAIGN_CASES // len(TARGETS) // _CHUNK)
    for target in TARGETS:
        for number in range(chunks):
            try_cases(target, _CHUNK, number)
    tell(f"{chunks * _CHUNK * len(TARGETS):,} cases in {time.monotonic() - began:.0f} s, nothing undocumented raised")
