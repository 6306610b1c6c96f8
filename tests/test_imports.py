"""Which room may import which: data flows down the table and never up.

A room is a module or a folder of `moderation`, or the API. `moderation` alone, the package with the public names, is a
room too ("" in the sets): who imports it imports everything, so only the API may.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

BASE = {"records", "errors", "labels", "limits"}
MAY_IMPORT = {
    "moderation.errors": set(),
    "moderation.records": set(),
    "moderation.paths": set(),
    "moderation.labels": {"errors"},
    "moderation.limits": {"errors"},
    "moderation.files": {"errors"},
    "moderation.scored": {"records"},
    "moderation.threads": BASE,
    "moderation.writers": {"errors", "files", "threads"},
    "moderation.examples": BASE | {"paths", "files", "threads"},
    "moderation.labelling": BASE | {"examples"},
    "moderation.corpora": BASE,
    "moderation.text": set(),
    "moderation.policy": BASE | {"paths", "text"},
    "moderation.model": BASE | {"paths", "files", "text", "examples", "corpora"},
    "moderation.replay": BASE | {"threads", "writers", "scored", "policy", "model", "moderator"},
    "moderation.report": BASE | {"files", "examples", "model", "replay"},
    "moderation.sources": BASE | {"paths", "examples", "corpora", "model"},
    "moderation.moderator": BASE | {"threads", "model", "policy"},
    "moderation.batch": BASE | {"threads", "files", "writers", "scored", "model", "policy", "moderator"},
    "moderation.cli": BASE
    | {
        "paths",
        "threads",
        "files",
        "examples",
        "labelling",
        "corpora",
        "model",
        "policy",
        "replay",
        "report",
        "sources",
        "moderator",
        "batch",
        "writers",
    },
    "moderation": {"records", "errors", "moderator"},
    "api": {"", "records", "errors", "limits", "labels", "scored", "policy", "threads"},
}
FILES = sorted(path for room in ("moderation", "api") for path in (ROOT / room).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in FILES}


def room_of(module: str) -> str:
    parts = module.split(".")
    room = ".".join(parts[:2]) if parts[0] == "moderation" else parts[0]
    if room not in MAY_IMPORT:
        raise LookupError(f"{module} is in no room: add it to the table")
    return room


def imports(tree: ast.AST, module: str, package: bool) -> set[str]:
    """Every module of ours that is imported anywhere in the tree, in functions and for type checking too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".")[: len(module.split(".")) + package - node.level]
                base = ".".join([*parents, *([base] if base else [])])
            submodules = {f"{base}.{alias.name}" for alias in node.names} & MODULES
            names_too = any(f"{base}.{alias.name}" not in MODULES for alias in node.names)
            found |= submodules | ({base} if names_too else set())
    return {name for name in found if name.split(".")[0] in ("moderation", "api")}


def named(room: str) -> set[str]:
    return {f"moderation.{name}".rstrip(".") for name in MAY_IMPORT[room]}


def wrong(source: str, module: str, package: bool = False) -> list[str]:
    """The imports of a file that the table does not allow."""
    room = room_of(module)
    allowed = named(room) - {"moderation"} if room == "moderation" else named(room) | {room}
    return sorted(
        name
        for name in imports(ast.parse(source), module, package)
        if room_of(name) not in allowed and name not in allowed
    )


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_down(path):
    assert wrong(path.read_text(encoding="utf-8"), module_of(path), path.name == "__init__.py") == []


def test_the_table_has_no_circle():
    """Rooms can be put in an order in which each imports only the ones before it."""
    left = {room: {room_of(name) for name in named(room)} for room in MAY_IMPORT}
    while left:
        free = [room for room, needed in left.items() if not needed & left.keys()]
        assert free, f"circle among {sorted(left)}"
        for room in free:
            del left[room]


def test_the_table_has_the_rooms_that_exist():
    assert {room_of(module) for module in MODULES} == set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("source", "module", "expected"),
    [
        ("import api", "moderation.batch", ["api"]),
        ("from api.app import create_app", "moderation.cli.serve", ["api.app"]),
        ("from moderation import Comment", "moderation.batch", ["moderation"]),
        ("from moderation import moderator", "moderation.threads.page", ["moderation.moderator"]),
        ("def f():\n    import moderation.errors", "moderation.records", ["moderation.errors"]),
        ("if TYPE_CHECKING:\n    from ..text import tokens", "moderation.threads.page", ["moderation.text.tokens"]),
        ("from .reading import Reading", "moderation.model.context", []),
        ("from moderation.cli import terminal", "moderation.model.recipe", ["moderation.cli.terminal"]),
        ("import json, numpy as np", "moderation.records", []),
        ("from moderation import Comment", "api.schemas", []),
        ("from moderation.text.tokens import count_links", "moderation.policy.reader", []),
        ("from moderation.model.store import load", "moderation.policy.reader", ["moderation.model.store"]),
    ],
)
def test_the_walker_sees_every_kind_of_import(source, module, expected):
    assert wrong(source, module) == expected


def test_a_new_room_must_be_put_in_the_table():
    with pytest.raises(LookupError, match=r"moderation\.attic"):
        wrong("import moderation.attic", "moderation.batch")
    with pytest.raises(LookupError, match=r"moderation\.attic"):
        wrong("", "moderation.attic.trunk")


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=module_of)
def test_an_init_holds_imports_and_the_list_of_names_only(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
        assert docstring or names or isinstance(node, ast.Import | ast.ImportFrom), ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_the_library_never_prints(path):
    calls = [node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert "print" not in [call.id for call in calls if isinstance(call, ast.Name)]
