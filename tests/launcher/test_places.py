"""Everything that is written lies in private folders, and sockets have addresses short enough."""

from __future__ import annotations

from pathlib import Path

from launcher.places import LONGEST_SOCKET_NAME, ROOT, Places

LIMIT_OF_THE_KERNEL = 107


def test_the_folders_are_private(tmp_path: Path) -> None:
    places = Places(ROOT, tmp_path / "var")
    places.prepare()
    folders = (places.var, places.sockets, places.log("web").parent)
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_sockets_lie_with_the_rest_when_the_path_is_short() -> None:
    assert Places(ROOT, Path("/srv/jieding/var")).sockets == Path("/srv/jieding/var/sockets")


def test_a_long_path_gets_short_sockets_of_its_own() -> None:
    one, other = (Places(ROOT, Path("/srv") / ("long" * 30) / name) for name in ("one", "other"))
    assert len(str(one.sockets)) + len(LONGEST_SOCKET_NAME) <= LIMIT_OF_THE_KERNEL
    assert one.sockets != other.sockets
