"""RE-2.2, RE-2.3: an hour to the second for local customers, the previous calendar day for the others."""

from __future__ import annotations

import pytest

from portal.rules.lead_time import earliest_arrival, in_time
from portal.rules.policies import Policy, preset
from tests.rules.moments import SHANGHAI, at

LEAD = Policy.from_document(preset("RE")).lead_time


@pytest.mark.parametrize(
    ("filed", "arrived", "local", "expected"),
    [
        ("2026-03-02 10:00:00", "2026-03-02 10:59:59", True, False),
        ("2026-03-02 10:00:00", "2026-03-02 11:00:00", True, True),
        ("2026-03-02 23:30:00", "2026-03-03 00:29:59", True, False),
        ("2026-03-02 23:30:00", "2026-03-03 00:30:00", True, True),
        ("2026-03-02 00:00:00", "2026-03-02 23:59:59", False, False),
        ("2026-03-02 23:59:59", "2026-03-03 00:00:00", False, True),
        ("2026-02-28 23:50:00", "2026-03-01 09:00:00", False, True),
        ("2026-12-31 23:59:59", "2027-01-01 00:00:00", False, True),
    ],
)
def test_in_time(filed: str, arrived: str, local: bool, expected: bool) -> None:
    assert in_time(at(filed), at(arrived), is_local=local, lead_time=LEAD, zone=SHANGHAI) is expected


@pytest.mark.parametrize(
    ("filed", "local", "earliest"),
    [
        ("2026-03-02 10:00:01", True, "2026-03-02 11:00:01"),
        ("2026-03-02 10:00:01", False, "2026-03-03 00:00:00"),
    ],
)
def test_the_receipt_names_the_first_second_that_counts(filed: str, local: bool, earliest: str) -> None:
    assert earliest_arrival(at(filed), is_local=local, lead_time=LEAD, zone=SHANGHAI) == at(earliest)
