"""A fontconfig file that knows our fonts only, so that documents and screenshots look the same on every machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

FONTS = Path(__file__).resolve().parent / "fonts"
FAMILY = "Jieding Sans"

_ALIASES = ("sans-serif", "serif", "monospace", "system-ui", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC")
_ALIAS = '<alias binding="same"><family>{0}</family><prefer><family>{1}</family></prefer></alias>'
_FILE = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<dir>{fonts}</dir>
<cachedir>{cache}</cachedir>
<config><rescan><int>0</int></rescan></config>
{aliases}
</fontconfig>
"""


def write_fontconfig(folder: Path) -> Path:
    """Write ``fonts.conf`` into ``folder`` and return its path, the value for FONTCONFIG_FILE.

    The common family names lead to Jieding Sans, so that a browser started with it draws pages in Chinese too.
    """
    path = folder / "fonts.conf"
    aliases = "\n".join(_ALIAS.format(name, FAMILY) for name in _ALIASES)
    text = _FILE.format(fonts=escape(str(FONTS)), cache=escape(str(folder / "cache")), aliases=aliases)
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def only_our_fonts() -> Iterator[None]:
    """While inside, fontconfig configurations loaded by this process see our fonts and no others."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="jieding-fonts-") as folder:
        os.environ["FONTCONFIG_FILE"] = str(write_fontconfig(Path(folder)))
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
