"""docs/clauses.md cannot lie: what it names is there, the place cites its clause, the proof is a test that runs."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|\n ").split("|"))
    for line in (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-Z]{2}-", line)
]
MUST_WORK = {f"RE-2.{number}" for number in range(1, 13)} | {f"RE-3.{number}" for number in range(1, 8)}


@cache
def names_in(path: Path) -> set[str]:
    """Functions and classes at the top of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def mentions(text: str, clause: str) -> bool:
    """Whether the clause is cited, by its id or within a range such as "RE-3.3 to RE-3.7" or "RE-2.2, 2.3"."""
    return clause in text or clause.split("-", 1)[1] in text


@pytest.mark.parametrize(("clause", "enforced", "proved"), ROWS)
def test_the_place_and_the_proof_are_there(clause: str, enforced: str, proved: str) -> None:
    path, name = enforced.rsplit(":", 1)
    assert name in names_in(ROOT / path)
    assert mentions((ROOT / path).read_text(encoding="utf-8"), clause), f"{path} does not cite {clause}"
    if proved.endswith(".yaml"):
        story = yaml.safe_load((ROOT / proved).read_text(encoding="utf-8"))
        assert story["expect"]
    else:
        test_path, test = proved.split("::")
        assert test in names_in(ROOT / test_path)


def test_every_clause_of_filing_and_visit_is_marked() -> None:
    assert {clause for clause, *_ in ROWS} >= MUST_WORK


def test_no_clause_is_marked_twice() -> None:
    clauses = [clause for clause, *_ in ROWS]
    assert len(clauses) == len(set(clauses))
