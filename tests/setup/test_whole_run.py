"""What fails beside the others is asked once more alone; what fails alone too fails the run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from launcher.places import ROOT

PASSES = "def test_{0}(): pass"
FAILS = "def test_{0}(): assert False"
#: Fails as long as xdist runs it, like a test that cannot bear company.
FAILS_BESIDE_OTHERS = "import os\ndef test_{0}(): assert 'PYTEST_XDIST_WORKER' not in os.environ"


def whole_run(folder: Path, *bodies: str) -> subprocess.CompletedProcess[str]:
    """The whole run of a project that has these tests, each in a file of its own."""
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "pytest.ini").touch()
    for number, body in enumerate(bodies):
        (folder / f"test_{number}.py").write_text(body.format(number))
    script = f'. "{ROOT}/setup/lib.sh"; . "{ROOT}/setup/tests.sh"; run_tests 1'
    # It knows nothing of the run that it is a test of.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(["/bin/sh", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_what_passes_is_asked_once(tmp_path: Path) -> None:
    said = whole_run(tmp_path, PASSES, PASSES)
    assert said.returncode == 0 and "alone" not in said.stderr


def test_what_passes_alone_is_named(tmp_path: Path) -> None:
    said = whole_run(tmp_path, PASSES, FAILS_BESIDE_OTHERS)
    assert said.returncode == 0
    assert said.stderr.splitlines()[-1] == (
        "! failed beside the others and passed alone, to be mended: test_1.py::test_1"
    )


@pytest.mark.parametrize(
    "bodies",
    [(PASSES, FAILS), (FAILS, FAILS_BESIDE_OTHERS), 4 * (FAILS_BESIDE_OTHERS,), ("does not even load",)],
    ids=["alone too", "one of two", "more than three", "an error"],
)
def test_what_fails_fails_the_run(tmp_path: Path, bodies: tuple[str, ...]) -> None:
    said = whole_run(tmp_path, *bodies)
    assert said.returncode != 0 and "to be mended" not in said.stderr
