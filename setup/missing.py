"""Print the packages of system-packages.txt whose proof fails: `python3 setup/missing.py run|test`.

Runs before anything is installed, so it needs nothing but the standard library.
A package is asked for by what is really needed of it, not by its name: a library built by hand counts too.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("system-packages.txt")


class Package(NamedTuple):
    """One line of the list; ``proof`` is "lib:…", "cmd:…" (several names with | between) or "file:…"."""

    name: str
    kind: str
    proof: str


def read(text: str) -> list[Package]:
    """The packages of the list. Raises ValueError naming the first malformed line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [_read_line(line) for line in lines]


def _read_line(line: str) -> Package:
    columns = line.split("\t")
    if len(columns) != 4 or columns[1] not in {"run", "test"}:
        raise ValueError(f"system-packages.txt: four columns separated by tabs are expected: {line!r}")
    return Package(*columns[:3])


def is_there(package: Package) -> bool:
    """Whether the proof holds on this machine; a proof of no known kind falls back to the package's state."""
    kind, _, what = package.proof.partition(":")
    if kind == "lib":
        return _can_load(what)
    if kind == "cmd":
        return any(shutil.which(name) for name in what.split("|"))
    if kind == "file":
        return Path(what).exists()
    return _is_installed(package.name)


def _can_load(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _is_installed(name: str) -> bool:
    asked = subprocess.run(["dpkg", "-s", name], capture_output=True, check=False)
    return asked.returncode == 0


def missing(packages: list[Package], kind: str) -> list[str]:
    """Names of the absent packages that this kind of start needs; tests need those of a run as well."""
    wanted = {"run"} if kind == "run" else {"run", "test"}
    return [package.name for package in packages if package.kind in wanted and not is_there(package)]


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing(read(LIST.read_text(encoding="utf-8")), sys.argv[1])))
