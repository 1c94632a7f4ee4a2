"""The secrets of an installation are made once and never made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher import keys
from launcher.console import CannotStart
from portal.config import Settings


def obtain(path: Path, *, has_data: bool = False) -> dict[str, str]:
    return keys.obtain(path, given={}, has_data=has_data)


def test_the_first_start_makes_keys_that_only_we_can_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    obtain(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_second_start_finds_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    assert obtain(path) == obtain(path, has_data=True)


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = obtain(tmp_path / "one.env"), obtain(tmp_path / "other.env")
    assert all(one[name] != other[name] for name in keys.NAMES)


def test_the_application_accepts_them(tmp_path: Path) -> None:
    made = obtain(tmp_path / "keys.env")
    settings = Settings(
        database_url="postgresql:///jieding",
        secret_key=made["SECRET_KEY"],
        sealing_keys=made["SEALING_KEYS"],
        matching_key=made["MATCHING_KEY"],
    )
    assert list(settings.sealing_keys) == ["k1"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text.replace("MATCHING_KEY=", "MATCHING="),
        lambda text: text[:-6],
        lambda text: text.replace("k1:", "k1:!"),
        lambda text: "SECRET_KEY=short\n" + text.split("\n", 2)[2],
    ],
)
def test_a_damaged_file_is_refused_and_kept_as_it_is(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "keys.env"
    obtain(path)
    path.write_text(damage(path.read_text()))
    before = path.read_text()
    with pytest.raises(CannotStart, match=r"is damaged"):
        obtain(path)
    assert path.read_text() == before


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CannotStart, match="SECRET_KEY, SEALING_KEYS, MATCHING_KEY"):
        obtain(path)


def test_keys_that_are_gone_are_not_replaced_while_the_database_is_there(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    with pytest.raises(CannotStart, match=r"is gone"):
        obtain(path, has_data=True)
    assert not path.exists()


def test_several_sealing_keys_are_whole_only_when_each_is(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    made = obtain(path)
    path.write_text(path.read_text().replace("SEALING_KEYS=", f"SEALING_KEYS=k0:{made['MATCHING_KEY']},"))
    assert obtain(path)["SEALING_KEYS"].startswith("k0:")
    path.write_text(path.read_text().replace("k0:", "k0:x"))
    with pytest.raises(CannotStart, match="SEALING_KEYS"):
        obtain(path)


def test_a_file_that_others_could_read_is_made_private_again(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    obtain(path)
    path.chmod(0o644)
    obtain(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.env"
    made = obtain(path)
    assert keys.obtain(path, given={"SECRET_KEY": "s" * 40}, has_data=True) == {**made, "SECRET_KEY": "s" * 40}


def test_an_environment_with_every_key_needs_no_file(tmp_path: Path) -> None:
    given = keys.make()
    assert keys.obtain(tmp_path / "keys.env", given=given, has_data=True) == given
    assert not (tmp_path / "keys.env").exists()
