"""One launcher at a time, and never a stale lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from launcher.lock import Holder, RunLock, guest, read_holder, wait_for_guests
from launcher.places import ROOT, Places
from launcher.processes import wait_until

#: Patience with a busy machine, less than the minute after which the sleepers below would end by themselves.
SOON = 50

HOLD = """
import sys, time
from pathlib import Path
from launcher.lock import RunLock
from launcher.places import ROOT, Places
lock = RunLock(Places(ROOT, Path(sys.argv[1])))
assert lock.take()
lock.announce(address="http://127.0.0.1:8000", ready=True, services={"REDIS_URL": "unix:///x"})
time.sleep(60)
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(ROOT, tmp_path)
    found.prepare()
    return found


def test_a_second_one_does_not_get_it(places: Places) -> None:
    first, second = RunLock(places), RunLock(places)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_killed_holder_leaves_no_lock_behind(places: Places) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(places.var)], cwd=ROOT) as holder:
        assert wait_until(places.state.exists, seconds=SOON)
        assert not RunLock(places).take()
        assert read_holder(places) == Holder(holder.pid, "http://127.0.0.1:8000", True, {"REDIS_URL": "unix:///x"})
        holder.kill()
    lock = RunLock(places)
    assert lock.take()
    assert read_holder(places) is None
    lock.release()


def test_what_the_holder_writes_down_is_private(places: Places) -> None:
    lock = RunLock(places)
    lock.take()
    lock.announce(address="", ready=False, services={})
    assert places.state.stat().st_mode & 0o777 == 0o600
    lock.release()
    assert not places.state.exists()


WAIT = """
import sys
from pathlib import Path
from launcher.lock import wait_for_guests
from launcher.places import ROOT, Places
wait_for_guests(Places(ROOT, Path(sys.argv[1])))
"""


def test_the_host_waits_for_its_guests(places: Places) -> None:
    with guest(places), guest(places):
        host = subprocess.Popen([sys.executable, "-c", WAIT, str(places.var)], cwd=ROOT)
        with pytest.raises(subprocess.TimeoutExpired):
            host.wait(1)
    assert host.wait(SOON) == 0
    wait_for_guests(places)
