"""The shell part names what is missing with the command that installs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from launcher.places import ROOT


def sh(script: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-euc", f". setup/lib.sh\n{script}"],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def command(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("script", ["run", "test", "setup/lib.sh", "setup/tests.sh"])
def test_the_scripts_are_posix_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", script], cwd=ROOT, check=False).returncode == 0


def test_an_old_python_is_named_with_the_command(tmp_path: Path) -> None:
    command(tmp_path, "python3", 'case "$2" in *platform*) echo 3.10.12;; *) exit 1;; esac')
    said = sh("find_python", PATH=str(tmp_path))
    assert said.returncode == 1
    assert "python3 here is 3.10.12" in said.stderr
    assert "sudo apt-get install python3.11 python3.11-venv" in said.stderr


def test_a_newer_python_beside_an_old_one_is_taken(tmp_path: Path) -> None:
    command(tmp_path, "python3", "exit 1")
    command(tmp_path, "python3.12", "exit 0")
    assert sh("find_python; echo $PYTHON", PATH=str(tmp_path)).stdout.strip() == str(tmp_path / "python3.12")


def test_no_python_is_named_with_the_command(tmp_path: Path) -> None:
    said = sh("find_python", PATH=str(tmp_path))
    assert (said.returncode, "sudo apt-get install python3 python3-venv" in said.stderr) == (1, True)


def test_a_missing_library_on_another_system_is_named(tmp_path: Path) -> None:
    said = sh("provide_packages libpango-1.0-0", PATH=str(tmp_path))
    assert said.returncode == 1
    assert "libpango-1.0-0" in said.stderr


def test_what_is_there_is_not_installed_again() -> None:
    said = sh('provide_packages() { echo "asked for $1"; }; find_python; need_packages run')
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_the_set_up_says_nothing_on_standard_output() -> None:
    assert sh("say heard").stdout == ""


def test_processes_share_what_python_compiles() -> None:
    assert sh("env", PYTHONDONTWRITEBYTECODE="1").stdout.count("PYTHONDONTWRITEBYTECODE") == 0
