"""Nu Html Checker (npm vnu-jar, run with Java) on pages as the browser gets them.

The checker is 30 MB and not kept in the repository: it is fetched once into ``var/tools`` with npm. Where Java or npm is
missing, ``checker()`` says what to install, and tests that need it are skipped with these words.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "26.9.27"
ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "var" / "tools" / f"vnu-{VERSION}.jar"
#: htmx's attributes are not HTML's, and are meant. Tables that become cards on phones repeat their roles: browsers that take
#: the meaning of a table from its display would lose it.
_ACCEPTED = re.compile(
    r"Attribute “hx-[a-z-]+” not allowed|“role” attribute must not be used on a “(tr|th|td)” element"
)


class CheckerMissing(RuntimeError):
    """The checker cannot run here; the message says what to install."""


def checker() -> Path:
    """The path of the checker, fetched when it is not there. Raises CheckerMissing."""
    for tool, package in (("java", "default-jre-headless"), ("npm", "npm")):
        if shutil.which(tool) is None and not (tool == "npm" and JAR.exists()):
            raise CheckerMissing(f"{tool} is missing: apt-get install {package}")
    if not JAR.exists():
        _fetch()
    return JAR


def _fetch() -> None:
    JAR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"vnu-jar@{VERSION}"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if packed.returncode:
            raise CheckerMissing(f"npm cannot fetch vnu-jar: {packed.stderr.strip()[-300:]}")
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = next(m for m in archive.getmembers() if m.name.endswith("/vnu.jar"))
            archive.extract(member, folder, filter="data")
        # Moved into place whole: several test processes may fetch at once.
        part = JAR.with_suffix(f".{Path(folder).name}")
        shutil.move(Path(folder) / member.name, part)
        part.replace(JAR)


def validate(pages: dict[str, str]) -> list[str]:
    """Every error in ``pages`` (name -> HTML) as "name:line: message". Raises CheckerMissing."""
    jar = checker()
    with tempfile.TemporaryDirectory() as folder:
        names = {f"p{number}.html": name for number, name in enumerate(pages)}
        for file, name in names.items():
            (Path(folder) / file).write_text(pages[name], "utf-8")
        command = [
            "java",
            "-Xmx512m",
            "-jar",
            str(jar),
            "--errors-only",
            "--format",
            "json",
            "--exit-zero-always",
            folder,
        ]
        said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stderr
    found = json.loads(said)["messages"] if said.strip() else []
    return [
        f"{names[message['url'].rsplit('/', 1)[1]]}:{message.get('lastLine')}: {message['message']}"
        for message in found
        if not _ACCEPTED.search(message["message"])
    ]
