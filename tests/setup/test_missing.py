"""System packages are asked for by what is needed of them."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from launcher.places import ROOT


@pytest.fixture(scope="module")
def missing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("missing", ROOT / "setup" / "missing.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


LIST = """# comment
here\trun\tlib:libc.so.6\twhy
gone\trun\tlib:libnowhere.so.9\twhy
tool\ttest\tcmd:no-such-command\twhy
file\ttest\tfile:/no/such/file\twhy
shell\ttest\tcmd:no-such-command|sh\twhy
"""


def test_a_run_needs_what_runs_need(missing: ModuleType) -> None:
    assert missing.missing(missing.read(LIST), "run") == ["gone"]


def test_tests_need_both(missing: ModuleType) -> None:
    assert missing.missing(missing.read(LIST), "test") == ["gone", "tool", "file"]


def test_a_line_that_cannot_be_read_is_named(missing: ModuleType) -> None:
    with pytest.raises(ValueError, match="only two"):
        missing.read("only two\tcolumns\n")


def test_our_own_list_can_be_read_and_every_line_has_a_proof(missing: ModuleType) -> None:
    packages = missing.read(missing.LIST.read_text(encoding="utf-8"))
    assert {package.proof.partition(":")[0] for package in packages} <= {"lib", "cmd", "file"}
    assert {
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "chromium-headless-shell",
        "poppler-utils",
    } <= {package.name for package in packages}
