"""The numbers in a site's menu are those of its lists, in every state that a customer passes through."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.models import db
from portal.queries import registrations, site_inbox, site_waiting
from portal.services import classification, extensions, visit_flow
from tests.fixtures import People, Stage
from tests.site.conftest import ELEVEN, NINE


def _agree(people: People) -> Counter[str]:
    """All that waits at the site, once menu and list agree for everybody there; the stranger has nothing."""
    db.session.commit()
    now, waits = clock.now(), Counter[str]()
    for name in ("rui", "bo", "cai", "lin", "sid"):
        counted = site_waiting.counts(people.get(name), now)
        assert counted == Counter(item.kind for item in site_inbox.items(people.get(name), now)), name
        assert name != "sid" or not counted
        waits |= Counter(counted)
    return waits


def test_the_menu_counts_what_the_lists_show(
    app: Flask, people: People, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), clock.set_to(ELEVEN):
        with clock.set_to(NINE):
            filed = [registrations.load(stage.file().id) for _ in range(3)]
        with clock.set_to(ELEVEN - timedelta(minutes=20)):
            late = registrations.load(stage.file().id)
        assert not _agree(people)
        visits = [stage.sign(stage.arrive(one)) for one in filed]
        assert _agree(people) == {"audit": 3, "classification": 3}
        too_late = stage.sign(stage.arrive(late))
        assert _agree(people) == {"audit": 3, "classification": 3, "excuse": 1}
        for visit in visits[:2]:
            visit_flow.audit_visit(actor=people.get("bo"), visit=visit, passed=True)
        visit_flow.audit_visit(actor=people.get("bo"), visit=visits[2], passed=False, reason="资料不符")
        assert _agree(people) == {"sign_off": 2, "classification": 2, "excuse": 1}
        for most in (1, 100):
            monkeypatch.setattr(site_waiting, "MOST", most)
            monkeypatch.setattr(site_inbox, "MOST", most)
            assert _agree(people)["sign_off"] == min(most, 2)
        visit_flow.sign_off_visit(actor=people.get("lin"), visit=visits[0])
        assert _agree(people) == {"sign_off": 1, "entry": 1, "classification": 2, "excuse": 1}
        visit_flow.enter_customer(actor=people.get("cai"), visit=visits[0])
        visit_flow.decline_excuse(actor=people.get("lin"), visit=too_late, reason="不符合例外条件")
        assert _agree(people) == {"sign_off": 1, "classification": 2}
        entered = registrations.load(filed[0].id)
        classification.classify(actor=people.get("bo"), registration=entered, bulk=True, reason="整层购买")
        entered = registrations.load(filed[0].id)
        asked = extensions.ask_extension(actor=people.get("ana"), registration=entered, reason="月底开会决定")
        assert _agree(people) == {"sign_off": 1, "classification": 1, "opinion": 1}
        extensions.give_opinion(actor=people.get("lin"), extension=asked, opinion="情况属实")
        assert _agree(people) == {"sign_off": 1, "classification": 1}
    with app.app_context(), clock.set_to(ELEVEN + timedelta(days=60)):
        assert _agree(people) == {"sign_off": 1}, "what has ended is not classified"
