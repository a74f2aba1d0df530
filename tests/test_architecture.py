"""The shape of the project: which part may know which, and what lies at the top of the tree."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {"chatapp", "tests", "pyproject.toml", "README.md", "screenshots"}

_LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
_LOADED = """
import sys
import chatapp.client.client, chatapp.server.server, chatapp.plain_ui.app
from chatapp.server.skeletons import skeletons
skeletons("Ana_1")
print(*{name.partition(".")[0] for name in sys.modules})
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command at the top of the tree."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def top_level() -> set[str]:
    """Return the names at the top of the tree: of what git knows, or, where this is no checkout, of all there is."""
    if not (ROOT / ".git").exists():
        return {path.name for path in ROOT.iterdir()}
    listed = run("git", "-c", f"safe.directory={ROOT}", "ls-files", "-z")
    assert listed.returncode == 0, listed.stderr
    return {path.partition("/")[0] for path in listed.stdout.split("\0") if path}


def test_no_part_imports_what_it_must_not() -> None:
    """The contracts on imports in pyproject.toml are kept."""
    result = run(sys.executable, "-c", _LINT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_client_and_a_server_start_without_the_screen() -> None:
    """A bot, a server and the chat line by line load neither Textual nor Rich, nor, for ASCII, what looks like what."""
    result = run(sys.executable, "-c", _LOADED)
    loaded = set(result.stdout.split())
    assert {"chatapp", "asyncio", "msgspec"} <= loaded, result.stderr
    assert not loaded & {"textual", "rich", "homoglyphs_fork"}


def test_the_top_of_the_tree_is_bare() -> None:
    """Beside files that start with a dot there are the package, its tests, two files and the pictures."""
    assert {name for name in top_level() if not name.startswith(".")} == TOP_LEVEL
