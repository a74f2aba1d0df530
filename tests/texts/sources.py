"""The texts in the source of chatapp, found by its syntax."""

import argparse
import ast
from collections.abc import Iterator
from pathlib import Path

import chatapp

ROOT = Path(chatapp.__file__).parent
TRANSLATIONS = ROOT / "texts" / "es"

_TEXTS_OF = {"tr": 1, "tr_plural": 2}
"""How many arguments of each function are texts."""


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of chatapp but the translations."""
    for path in sorted(ROOT.rglob("*.py")):
        if TRANSLATIONS not in path.parents:
            yield path, _parsed(path)


def translated() -> dict[str, str]:
    """Return every text that stands in a call of `tr` or `tr_plural`, with the place of one such call."""
    return {
        text: f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, module in modules()
        for call in ast.walk(module)
        if isinstance(call, ast.Call)
        for argument in call.args[: _TEXTS_OF.get(_name(call.func), 0)]
        for text in strings(argument)
    }


def literals() -> set[str]:
    """Return every string in the source of chatapp, and of argparse, whose messages are translated too."""
    trees = [module for _, module in modules()] + [_parsed(Path(argparse.__file__))]
    return {text for tree in trees for text in strings(tree)}


def strings(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
