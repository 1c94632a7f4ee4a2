"""Where things lie: everything that a running Jieding writes is below one folder, ``var/``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Places:
    """The folders of one installation; ``var`` is private to the user who starts it."""

    root: Path
    var: Path

    @property
    def keys(self) -> Path:
        return self.var / "keys.env"

    @property
    def signing(self) -> Path:
        """Where the certificate lies that contracts are signed with."""
        return self.var / "signing"

    @property
    def lock(self) -> Path:
        return self.var / "run.lock"

    @property
    def guests(self) -> Path:
        return self.var / "guests.lock"

    @property
    def state(self) -> Path:
        return self.var / "run.json"

    @property
    def prepared(self) -> Path:
        return self.var / "prepared.json"

    @property
    def sign_ins(self) -> Path:
        return self.var / "sign-ins.txt"

    @property
    def sockets(self) -> Path:
        """A private folder for sockets; a short one elsewhere when this path is too long for a socket address."""
        near = self.var / "sockets"
        if len(str(near)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_LIMIT:
            return near
        return Path(tempfile.gettempdir()) / f"jieding-{os.getuid()}-{self.mark}"

    @property
    def mark(self) -> str:
        """Eight characters that tell this installation from another on the same machine."""
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:8]

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def prepare(self) -> None:
        """Make the folders, private. Raises OSError when one belongs to somebody else."""
        for folder in (self.var, self.sockets, self.var / "log"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)


def here() -> Places:
    """The places of this checkout; JIEDING_VAR puts what is written elsewhere."""
    chosen = os.environ.get("JIEDING_VAR")
    return Places(root=ROOT, var=Path(chosen).resolve() if chosen else ROOT / "var")
