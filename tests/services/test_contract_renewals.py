"""Renewing a contract is decided only with a partner that stays (DM-10.4, DM-12.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.rules.refusal import Refusal
from portal.services import contract_ends
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
