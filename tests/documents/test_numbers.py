"""No whole phone or ID number gets onto paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.documents.filing_slips import print_filing_slip
from portal.documents.numbers import UnmaskedNumber, mask_numbers, refuse_unmasked
from portal.documents.values import Document
from portal.documents.visit_slips import print_visit_slip
from tests.documents import examples
from tests.documents.conftest import Print

WHOLE = (
    "13912345678",
    "139 1234 5678",
    "139-1234-5678",
    "+86 13912345678",
    "008613912345678",
    "１３９１２３４５６７８",
    "张三13912345678号",
    "+852 9123 4567",
    "650102198001011234",
    "65010219800101123X",
    "650102 19800101 123x",
)
HARMLESS = (
    "139****5678",
    "650102********1234",
    "YQ-2604-00417",
    "2026-04-07 11:11:02",
    "2026-01-13 20260407",
    "12 345 678 901 元",
    "",
)


@pytest.mark.parametrize("text", WHOLE)
def test_whole_number_is_refused_wherever_it_stands(text: str) -> None:
    for field in ("customer", "phone", "broker", "city", "number", "company_name"):
        with pytest.raises(UnmaskedNumber, match=field) as refusal:
            print_filing_slip(replace(examples.FILING, **{field: text}))  # type: ignore[arg-type]
        assert text not in str(refusal.value)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_figures_pass(text: str) -> None:
    refuse_unmasked(replace(examples.FILING, customer=text))


@pytest.mark.parametrize("text", ["12345678", "+44 20 7946"])
def test_phone_field_shows_stars_or_nothing(text: str) -> None:
    with pytest.raises(UnmaskedNumber, match="phone"):
        refuse_unmasked(replace(examples.FILING, phone=text))
    refuse_unmasked(replace(examples.FILING, broker_phone=""))


def test_number_inside_a_signature_is_refused() -> None:
    signature = replace(examples.VISIT.signatures[0], name="13912345678")
    with pytest.raises(UnmaskedNumber):
        print_visit_slip(replace(examples.VISIT, signatures=(signature,)))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打 13912345678 联系", "打 139****5678 联系"),
        ("打１３９１２３４５６７８。", "打139****5678。"),
        ("证件650102198001011234，电话+86 139-1234-5678", "证件650102********1234，电话139****5678"),
        ("香港 +852 9123 4567 转", "香港 +852 ****4567 转"),
        ("2026-04-07 11:11:02 到，140 平方米", "2026-04-07 11:11:02 到，140 平方米"),
    ],
)
def test_free_text_is_masked_in_print(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


def test_free_text_with_a_number_prints_masked(printed: Callable[[Document], Print]) -> None:
    text = printed(examples.LONG_FILING).text
    assert "打139****5678联系" in text
    assert "13912345678" not in text
