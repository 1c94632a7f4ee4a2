"""When a cooperation has ended, every way to write anything is shut for the partner and its brokers (RE-5.4, RE-Q34)."""

from __future__ import annotations

import pytest

from portal.access import PERMISSIONS
from portal.models import db
from portal.services import partnership
from tests.walking import Walk, guarded

OWN = PERMISSIONS["broker"] | PERMISSIONS["owner"]


@pytest.mark.parametrize("who", ["ana", "olga"])
def test_nobody_of_a_blacklisted_distributor_writes_anything(walk: Walk, who: str) -> None:
    with walk.app.app_context():
        people = walk.world.people
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定")
        db.session.commit()
    writes = [rule for rule in guarded(walk) if "POST" in (rule.methods or ()) and walk.permission(rule) in OWN]
    assert len(writes) > 20
    for rule in writes:
        # A browser with a session that is still good but for the blacklisting.
        walk.forget()
        answer = walk.browser(who).post(walk.address(rule))
        assert answer.status_code == 403, rule.rule
        assert "RE-5.4" in answer.get_data(as_text=True), rule.rule
        walk.forget()
        piece = walk.browser(who).post(walk.address(rule), headers={"HX-Request": "true"})
        assert (piece.status_code, piece.headers.get("HX-Redirect")) == (204, "/"), rule.rule
