"""The rooms and who may enter which: rules import nothing of ours, the portal never imports the worker, and so on."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROLES = ("account", "distributor", "site", "hq", "public", "api")

#: A room and what it may not import.
FORBIDDEN = {
    "portal/rules": ("flask", "flask_babel", "sqlalchemy", "redis", "rq", "portal", "worker"),
    "portal/models": ("flask", "portal.queries", "portal.services", "portal.blueprints", "portal.forms", "worker"),
    "portal/queries": ("portal.services", "portal.blueprints", "portal.forms", "worker"),
    "portal/services": ("flask_login", "portal.blueprints", "portal.forms", "portal.htmx", "worker"),
    "portal/forms": ("portal.blueprints", "portal.queries", "sqlalchemy", "worker"),
    "portal/documents": ("flask", "portal.models", "portal.queries", "portal.services", "portal.blueprints", "worker"),
    "portal/blueprints": ("worker", "sqlalchemy"),
    "portal": ("worker", "launcher", "tests"),
    "worker": ("portal.blueprints", "portal.forms", "launcher", "tests"),
}
#: What a forbidden package may still be asked for.
ALLOWED = {
    "portal/rules": ("portal.rules",),
    "portal/models": ("flask_login", "flask_sqlalchemy"),
}


@cache
def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """The file as a tree; several walls look at the same one."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module a file imports, those inside functions too."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("room", FORBIDDEN)
def test_the_walls_stand(room: str) -> None:
    through = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(room)
        for name in imports(path)
        if is_in(name, FORBIDDEN[room]) and not is_in(name, ALLOWED.get(room, ())) and name != "portal"
    }
    assert through == set()


def test_no_role_enters_the_room_of_another() -> None:
    through = set()
    for role in ROLES:
        others = tuple(f"portal.blueprints.{other}" for other in ROLES if other != role)
        for path in modules(f"portal/blueprints/{role}"):
            through |= {f"{path.relative_to(ROOT)}: {name}" for name in imports(path) if is_in(name, others)}
    assert through == set()


def test_blueprints_decide_nothing_and_leave_the_session_alone() -> None:
    through = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in modules("portal/blueprints")
        for word in ("db.session", "session.commit(")
        if word in path.read_text(encoding="utf-8")
    }
    assert through == set()


def test_services_never_commit() -> None:
    through = [path.name for path in modules("portal/services") if ".commit()" in path.read_text(encoding="utf-8")]
    assert through == []


@pytest.mark.parametrize("room", ["portal", "worker", "launcher", "tests"])
def test_files_stay_small(room: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(room)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_templates_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "portal" / "templates").rglob("*.html")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 120
    }
    assert long == {}


def test_views_are_a_few_moves() -> None:
    """Fifteen lines from the first decorator's function on; a longer view decides something it should not."""
    long = set()
    for path in modules("portal/blueprints"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                last = node.end_lineno or node.lineno
                if last - node.lineno + 1 > 18:
                    long.add(f"{path.relative_to(ROOT)}:{node.name} {last - node.lineno + 1}")
    assert long == set()


def test_nothing_is_left_open_or_printed() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "breakpoint(")
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for room in ("portal", "worker", "launcher")
        for path in modules(room)
        for word in words
        if word in path.read_text(encoding="utf-8")
    }
    assert found == set()
