"""A lint over source: no text that Textual or Rich would read as markup is built from variables.

Markup can style, link and act (``[@click=…]``), so what may hold anything but constants must be shown as it is: by a
widget with ``markup=False``, or as a `Content` or `Text`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

READS_MARKUP = frozenset(
    ("Static", "Label", "Button", "Link", "Checkbox", "RadioButton", "OptionList", "SelectionList", "Collapsible")
)
"""The classes that read a string as markup, unless `markup` is False."""

_ALWAYS = frozenset(("from_markup", "render_markup"))
_TITLES = frozenset(("border_title", "border_subtitle", "BORDER_TITLE", "BORDER_SUBTITLE", "tooltip", "placeholder"))
_SAFE = frozenset(("Content", "Text", "escape", "Table", "Padding", "Group"))
"""Calls of these, or of what they have (`Content.styled`), give no markup."""


def built_markup(sources: Mapping[Path, str]) -> Iterator[str]:
    """Yield each place, as ``file:line``, where a string that is read as markup may hold more than constants."""
    trees = {file: ast.parse(source) for file, source in sources.items()}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    risky = _risky(classes)
    quiet = {node for one in classes if _turns_it_off(one) for node in one.body}
    for file, tree in trees.items():
        read = (node for node in ast.walk(tree) if isinstance(node, ast.stmt | ast.expr) and node not in quiet)
        for line in sorted({node.lineno for node in read if _is_risk(node, risky)}):
            yield f"{file}:{line}"


def _risky(classes: Iterable[ast.ClassDef]) -> frozenset[str]:
    """Return the names of what reads markup: the known ones, and who inherits from those and doesn't turn it off."""
    found, before = set(READS_MARKUP), 0
    while len(found) != before:
        before = len(found)
        found |= {one.name for one in classes if found & set(map(_name, one.bases)) and not _turns_it_off(one)}
    return frozenset(found)


def _turns_it_off(one: ast.ClassDef) -> bool:
    calls = (node for node in ast.walk(one) if isinstance(node, ast.Call))
    return any(_name(call.func) == "__init__" and _has_markup(call, False) for call in calls)


def _is_risk(node: ast.AST, risky: frozenset[str]) -> bool:
    match node:
        case ast.Call():
            return _is_risky_call(node, risky)
        case ast.Assign(targets=[*_, target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            return _name(target) in _TITLES and _is_built(value)
        case ast.FunctionDef(name="render"):
            returned = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value)
            return any(map(_is_built, returned))
    return False


def _is_risky_call(call: ast.Call, risky: frozenset[str]) -> bool:
    if _has_markup(call, True):
        return True
    name, texts = _name(call.func), [*call.args[:2], *(word.value for word in call.keywords if word.arg in _TITLES)]
    if name in _ALWAYS:
        return not all(map(_is_constant, texts))
    if name == "notify":
        return not _has_markup(call, False) and not all(map(_is_constant, texts))
    if name in risky:
        return not _has_markup(call, False) and not all(map(_is_harmless, texts))
    return any(_is_built(word.value) for word in call.keywords if word.arg in _TITLES)


def _has_markup(call: ast.Call, value: bool) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is value
        for word in call.keywords
    )


def _is_constant(value: ast.expr) -> bool:
    """Return whether `value` is a constant, or the translation of one with nothing filled in."""
    if isinstance(value, ast.Call) and _name(value.func) == "tr":
        return not value.keywords and all(map(_is_constant, value.args))
    return isinstance(value, ast.Constant)


def _is_harmless(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_harmless(value.body) and _is_harmless(value.orelse)
    return _is_constant(value) or _is_content(value)


def _is_content(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call) or _name(value.func) in _ALWAYS:
        return False
    return _name(value.func) in _SAFE or (isinstance(value.func, ast.Attribute) and _is_content_class(value.func.value))


def _is_content_class(value: ast.expr) -> bool:
    return _name(value) in _SAFE or _is_content(value)


def _is_built(value: ast.expr) -> bool:
    """Return whether `value` puts a string together of what may be variables."""
    match value:
        case ast.IfExp(body=body, orelse=other):
            return _is_built(body) or _is_built(other)
        case ast.JoinedStr():
            return any(isinstance(part, ast.FormattedValue) for part in value.values)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return not (_is_harmless(left) and _is_harmless(right))
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "format_map", value=ast.Constant())):
            return True
        case ast.Call(func=function, keywords=filled) if _name(function) in ("tr", "tr_plural"):
            return bool(filled)
    return False


def _name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(value=value):
            return _name(value)
    return ""
