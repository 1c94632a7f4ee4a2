"""What an application to become a distributor must hold, and what each step needs (DO-1, DO-2, DM-2, CM-2, CH-3). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from stdnum import luhn

from portal.rules.customers import company_code_is_sound
from portal.rules.refusal import Refusal

#: A company, or a natural person with full civil capacity (DM-2.4, DM-2.5, DM-Q1).
PARTNER_TYPES = ("company", "person")
#: CH-4.1: long-term, for a project or a short time, agent in a region.
COOPERATIONS = ("important", "temporary", "regional")
PAPERS = ("licence", "legal_rep_id", "business_plan", "account_permit", "permit", "invoice_proof", "other")
#: DO-1.1, DO-1.3, DM-2.6. The account permit is taken when there is one: CM-Q1 accepts the unified-code licence instead.
NEEDED_PAPERS: dict[str, tuple[str, ...]] = {
    "company": ("licence", "legal_rep_id", "business_plan"),
    "person": ("legal_rep_id", "business_plan"),
}
#: DO-1.1: only a licence that bears the company's seal counts.
SEALED_PAPERS = frozenset({"licence"})
#: The pages of the form and the fields on them (DO-1.4, DO-1.5, DO-Q1, CH-3.6).
STEPS: dict[str, tuple[str, ...]] = {
    "company": ("partner_type", "name", "registration_code", "legal_name", "legal_id_number"),
    "contact": ("contact_name", "contact_phone", "contact_email", "beneficial_phone"),
    "bank": ("bank_name", "bank_account", "invoice_title", "invoice_tax_number", "invoice_address", "invoice_phone"),
    "wishes": (
        "cooperation",
        "cooperation_ends_on",
        "territory",
        "areas",
        "products",
        "expected_volume",
        "experience",
        "introduced_by",
    ),
}
_OPTIONAL = frozenset({"beneficial_phone", "contact_email", "cooperation_ends_on", "territory", "introduced_by"})
#: DM-2.4 for a company, DM-2.5 for a natural person; DO-Q3 for both.
CHECKPOINTS: dict[str, tuple[tuple[str, str], ...]] = {
    "company": (
        ("lawful", "DM-2.4"),
        ("product", "DM-2.4"),
        ("funds", "DM-2.4"),
        ("after_sales", "DM-2.4"),
        # Whether what it sells needs an operating permit is for a person to say; where it does, the permit was accepted.
        ("permit", "DO-1.2"),
        ("status_valid", "DO-Q3"),
        ("no_duplicate", "DO-Q3"),
    ),
    "person": (
        ("capacity", "DM-2.5"),
        ("skill", "DM-2.5"),
        ("contacts", "DM-2.5"),
        ("status_valid", "DO-Q3"),
        ("no_duplicate", "DO-Q3"),
    ),
}
#: CH-3.7, DM-2.9: before the papers are passed on. CH-3.8, DM-2.10: before anybody signs.
SURVEYS = {"market": "CH-3.7", "credit": "CH-3.7", "background": "DM-2.9"}
EXAMINATIONS = {"interview": "DM-2.10", "inspection": "CH-3.8"}
INQUIRIES = {**SURVEYS, **EXAMINATIONS}
#: CH-3.10: four areas, and two more before cooperation begins. They weigh the same: no text says otherwise.
AREAS = ("compliance", "strength", "business", "brand", "management", "finances")
HIGHEST_SCORE = 100
#: CM-2.5: a group, not one person alone.
SMALLEST_GROUP = 2
#: CH-3.11: whose opinions confirm the scores.
DEPARTMENTS = ("finance", "customer_service")
#: DO-2.3: in this order.
SIGNERS = ("department_manager", "general_manager")
#: DO-Q2: working days for each signature, then it is escalated.
DAYS_TO_SIGN = 2
#: RE-5.4: what makes two partners the same.
MATCH_KEYS = ("registration_code", "legal_id", "bank_account", "phone")
_CENT = Decimal("0.01")


def missing_fields(values: Mapping[str, Any], papers: Collection[str]) -> tuple[str, ...]:
    """The fields and papers that an application still lacks, in the order of the form (DO-1.3, DO-1.4, CH-4.1)."""
    typ = values.get("partner_type") or "company"
    fields = [field for step in STEPS.values() for field in step if _is_needed(field, values) and not values.get(field)]
    return (*fields, *(paper for paper in NEEDED_PAPERS[typ] if paper not in papers))


def _is_needed(field: str, values: Mapping[str, Any]) -> bool:
    if field == "registration_code":
        return values.get("partner_type") != "person"
    if field == "cooperation_ends_on":
        return values.get("cooperation") == "temporary"
    if field == "territory":
        return values.get("cooperation") == "regional"
    return field not in _OPTIONAL


def is_over(valid_until: date | None, today: date) -> bool:
    """Whether the last day on which a paper is valid has passed; one without such a day stays valid (DO-2.2)."""
    return valid_until is not None and valid_until < today


def step_of(field: str) -> str:
    """The page of the form on which a field stands; papers have one of their own."""
    return next((step for step, fields in STEPS.items() if field in fields), "papers")


def read_account(typed: str) -> str:
    """A bank account in one spelling: digits without blanks and dashes."""
    return re.sub(r"[\s\-]", "", typed)


def account_is_sound(account: str, partner_type: str) -> bool:
    """8 to 30 digits; a natural person's card of 16 to 19 digits has the right check digit (Luhn)."""
    if not re.fullmatch(r"\d{8,30}", account):
        return False
    is_card = partner_type == "person" and 16 <= len(account) <= 19
    return bool(luhn.is_valid(account)) if is_card else True


def tax_number_is_sound(number: str) -> bool:
    """A unified social credit code with its check character, or one of the older numbers of 15 or 20 signs."""
    if len(number) == 18 and not number[:17].isdigit():
        return company_code_is_sound(number)
    return re.fullmatch(r"[0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20}", number) is not None


def mean_of(sheets: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """The mean of each area over the members, and ``total``: the mean of the areas (CH-3.10). Empty without a sheet."""
    if not sheets:
        return {}
    sums = {area: sum((sheet[area] for sheet in sheets), Decimal(0)) for area in AREAS}
    means = {area: _rounded(total / len(sheets)) for area, total in sums.items()}
    return means | {"total": _rounded(sum(sums.values(), Decimal(0)) / (len(sheets) * len(AREAS)))}


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


def unticked(partner_type: str, ticked: Collection[str]) -> tuple[str, ...]:
    """The points of the checklist that nobody has confirmed (DM-2.4, DM-2.5, DO-Q3)."""
    return tuple(point for point, _clause in CHECKPOINTS[partner_type] if point not in ticked)


def check_inquiries(made: Collection[str], needed: Mapping[str, str]) -> None:
    """Raises Refusal naming the first survey or examination that has not been made (CH-3.7, CH-3.8, DM-2.9, DM-2.10)."""
    for kind, clause in needed.items():
        if kind not in made:
            raise Refusal("inquiry_missing", clause, kind=kind)


def check_scores(sheets: Sequence[bool], departments: Collection[str]) -> None:
    """Raises Refusal unless a group has scored and the departments have spoken. ``sheets``: whether each is filled in."""
    if len(sheets) < SMALLEST_GROUP:
        raise Refusal("group_too_small", "CM-2.5", least=SMALLEST_GROUP)
    if not all(sheets):
        raise Refusal("scores_missing", "CH-3.10")
    if any(department not in departments for department in DEPARTMENTS):
        raise Refusal("opinions_missing", "CH-3.11")


def next_signer(signed: Sequence[str]) -> str | None:
    """The role whose signature is due; None when both have signed (DO-2.3)."""
    return SIGNERS[len(signed)] if len(signed) < len(SIGNERS) else None


def check_signature(
    *,
    signed: Sequence[tuple[str, Collection[int]]],
    roles: Collection[str],
    signers: Collection[int],
    reviewers: Collection[int],
) -> str:
    """The role in which somebody signs now. ``signers``: who signs, and for whom when it is a deputy.

    ``signed``: the roles that have signed, each with the people behind the signature. Raises Refusal out of turn, for
    whoever reviewed the application or signed before, and for their deputies: nobody delegates what he may not do (DO-2.3).
    """
    role = next_signer([one for one, _by in signed])
    if role is None or role not in roles:
        raise Refusal("signature_out_of_turn", "DO-2.3")
    if set(signers) & set(reviewers):
        raise Refusal("signature_by_reviewer", "DO-2.3")
    if any(set(signers) & set(by) for _one, by in signed):
        raise Refusal("signature_by_the_same", "DO-2.3")
    return role


def shared_keys(
    one: Mapping[str, str | bytes | Collection[bytes] | None],
    other: Mapping[str, str | bytes | Collection[bytes] | None],
) -> tuple[str, ...]:
    """Which keys two partner files have in common (RE-5.4); phones match crosswise, an empty key matches nothing."""
    return tuple(key for key in MATCH_KEYS if _meet(one.get(key), other.get(key)))


def _meet(one: Any, other: Any) -> bool:
    if not one or not other:
        return False
    return bool(set(one) & set(other)) if isinstance(one, set | frozenset) else bool(one == other)
