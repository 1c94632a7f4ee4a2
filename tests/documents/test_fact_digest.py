"""The digest names the facts: any change of them changes it, the way of printing does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from portal.documents.digest import fact_digest, short_digest
from tests.documents import examples


def test_language_and_address_are_no_facts() -> None:
    assert fact_digest(examples.FILING) == fact_digest(
        replace(examples.FILING, locale="en", verification_url="https://other.example/x")
    )


def test_the_same_instant_in_another_zone_is_the_same_fact() -> None:
    utc = replace(examples.FILING, filed_at=examples.FILING.filed_at.astimezone(UTC))
    assert fact_digest(utc) == fact_digest(examples.FILING)


@pytest.mark.parametrize(
    "change",
    [
        {"customer": "黄伟"},
        {"number": "YQ-2604-00418"},
        {"filed_at": examples.at("2026-04-07 10:05:23")},
        {"bulk_expected": True},
        {"zone": "UTC"},
    ],
)
def test_any_changed_fact_changes_the_digest(change: dict[str, object]) -> None:
    assert fact_digest(replace(examples.FILING, **change)) != fact_digest(examples.FILING)  # type: ignore[arg-type]


def test_a_moved_point_of_a_signature_changes_the_digest() -> None:
    first, *others = examples.VISIT.signatures
    moved = replace(first, strokes=(first.strokes[0][1:], *first.strokes[1:]))
    assert fact_digest(replace(examples.VISIT, signatures=(moved, *others))) != fact_digest(examples.VISIT)


def test_digest_never_changes_between_releases() -> None:
    """A stored digest must stay checkable: change this figure only together with a new ``kind``."""
    assert fact_digest(examples.FILING) == "5aa75f4bb6194d4b5ff9b86efc207d9dfbb8a0c9035b9bad269e9c940fd7ecd2"
    assert short_digest("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123 4567 89ab cdef"


def test_naive_time_has_no_digest() -> None:
    with pytest.raises(ValueError, match="zone"):
        fact_digest(replace(examples.FILING, filed_at=examples.FILING.filed_at.replace(tzinfo=None)))


def test_hostile_text_has_a_digest() -> None:
    assert len(fact_digest(replace(examples.FILING, customer="\ud800\x00"))) == 64
