"""What tests bring about once per process and put there again is the same, row for row, and only in the same world."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from portal.models import Distributor, User, db
from tests.emptying import Slate, Worlds
from tests.fixtures import People


@pytest.fixture
def begun(session: Any, people: People, slate: Slate, worlds: Worlds) -> str:
    """A known world, by the name under which it is kept."""
    people.get("ana").name = "安娜安娜"
    session.commit()
    slate.keep("begun")
    worlds.know()
    return "begun"


def test_it_is_put_there_again_in_the_same_world_only(
    session: Any, people: People, slate: Slate, worlds: Worlds, begun: str
) -> None:
    walks = count()

    def walk() -> int:
        next(walks)
        session.add(Distributor(reference="D-9000", name="丁渠道", status="active", **_since(people)))
        people.get("ben").name = "本恩本恩"
        session.commit()
        return people.users["ben"]

    weights = []
    for _ in range(2):
        slate.empty()
        slate.restore(begun)
        assert people.bring("one more", walk) == people.users["ben"]
        weights.append(slate.weigh())
        assert db.session.get_one(User, people.users["ben"]).name == "本恩本恩"
    assert (next(walks), weights[0]) == (1, weights[1]), "walked to once"
    slate.empty()
    slate.restore(begun)
    people.get("abe").name = "安贝贝"
    assert people.bring("one more", walk) == people.users["ben"]
    assert next(walks) == 3, "in another world it is walked to"
    assert people.get("abe").name == "安贝贝" and slate.weigh() not in weights


def _since(people: People) -> dict[str, Any]:
    now = people.distributor().created_at
    return {"status_since": now, "created_at": now}


def test_nothing_is_shared_by_a_test_that_patches(monkeypatch: pytest.MonkeyPatch, people: People) -> None:
    assert people.worlds is None
