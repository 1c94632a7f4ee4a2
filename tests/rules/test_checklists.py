"""What a reviewer has to confirm of an applicant, by what it is: a company (DM-2.4) or a natural person (DM-2.5)."""

from __future__ import annotations

import pytest

from portal.rules.applications import CHECKPOINTS, unticked

OF_BOTH = {"status_valid", "no_duplicate"}
COMPANY = {"lawful", "product", "funds", "after_sales", "permit"} | OF_BOTH
PERSON = {"capacity", "skill", "contacts"} | OF_BOTH


@pytest.mark.parametrize(("partner_type", "points"), [("company", COMPANY), ("person", PERSON)])
def test_each_point_of_its_own_list_is_asked_for_and_none_of_the_other(partner_type: str, points: set[str]) -> None:
    assert set(unticked(partner_type, ())) == points
    for point in points:
        assert unticked(partner_type, points - {point}) == (point,)
    assert unticked(partner_type, COMPANY | PERSON) == ()


def test_the_three_points_of_a_person_and_the_four_of_a_company_cite_their_clause() -> None:
    cited = {kind: [clause for _, clause in points].count for kind, points in CHECKPOINTS.items()}
    assert (cited["company"]("DM-2.4"), cited["person"]("DM-2.5")) == (4, 3)
