"""Renewing a contract is decided only with a partner that stays (DM-10.4, DM-12.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.models import Project
from portal.queries.contracts import beside
from portal.rules.refusal import Refusal
from portal.services import contract_drafts, contract_ends, contract_notices
from tests import contracting
from tests.fixtures import People

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("status", ["exit_requested", "blacklisted"])
def test_with_one_that_has_left_or_is_leaving_it_only_runs_out(session: Any, people: People, status: str) -> None:
    with clock.set_to(NOON):
        contracting.without_contracts(people)
        before, hua = contracting.signed(people), people.get("hua")
        people.distributor().status = status
        session.commit()
        with pytest.raises(Refusal) as refused:
            contract_ends.decide_renewal(actor=hua, contract=before, reason="目标完成", renew=True)
        assert (refused.value.reason, refused.value.clause) == ("contract_partner_gone", "DM-12.5")
        ended = contract_ends.decide_renewal(actor=hua, contract=before, reason="合作结束", renew=False)
        assert ended.renewal == "end"


def test_an_amendment_runs_to_the_end_with_what_was_decided_and_renewed(session: Any, people: People) -> None:
    with clock.set_to(NOON):
        contracting.without_contracts(people, "甲渠道", "乙渠道")
        hua, before = people.get("hua"), contracting.signed(people)
        contract_ends.decide_renewal(actor=hua, contract=before, reason="目标完成", renew=True)
        asked = {"actor": hua, "draft": contracting.draft(last=contracting.draft().last_day)}
        first = contracting.signed(people, contract_drafts.draft_amendment(amended=before, **asked))
        assert (first.renewal, first.renewal_reason, first.renewal_decided_by_id) == ("renew", "目标完成", hua.id)
        with pytest.raises(Refusal, match="contract_not_in_force"):
            contract_drafts.draft_amendment(amended=before, **asked)
        follows = contracting.draft(last=contracting.draft().last_day.replace(year=2028))
        renewing = {"actor": hua, "renewed": first, "draft": follows}
        contracting.signed(people, contract_drafts.draft_renewal(**renewing))
        with pytest.raises(Refusal, match="contract_renewed"):
            contract_drafts.draft_renewal(**renewing)
        second = contracting.signed(people, contract_drafts.draft_amendment(amended=first, **asked))
        with pytest.raises(Refusal, match="renewal_under_way"):
            contract_ends.decide_renewal(actor=hua, contract=second, reason="x", renew=False)
    assert second.ends_at is not None
    assert contract_notices.remind(second.ends_at - timedelta(days=7)) == 0


def test_one_that_is_replaced_later_is_not_amended_meanwhile(session: Any, people: People) -> None:
    with clock.set_to(NOON):
        contracting.without_contracts(people)
        hua, before = people.get("hua"), contracting.signed(people)
        later = contracting.draft(NOON.date() + timedelta(days=30))
        contracting.signed(people, contract_drafts.draft_amendment(actor=hua, amended=before, draft=later))
        with pytest.raises(Refusal, match="contract_replaced"):
            contract_drafts.draft_amendment(actor=hua, amended=before, draft=contracting.draft())


def test_what_overlaps_is_found_by_term_and_project(session: Any, people: People) -> None:
    with clock.set_to(NOON):
        contracting.without_contracts(people)
        day, one, other = NOON.date(), people.project(), session.get(Project, people.other_project_id)
        known = contracting.signed(people, contracting.drafted(people, wanted=contracting.draft(None, None, one)))
        found = []
        for first, projects in (
            (day, (one,)),
            (day, ()),
            (day, (other,)),
            (day + timedelta(days=365), (one,)),
        ):
            wanted = contracting.draft(first, None, *projects)
            found.append(known in beside(contracting.drafted(people, wanted=wanted), clock.now()))
    assert found == [True, True, False, False]
