"""A contract names the amounts of the policy in force when it begins, not when it is written (RE-4.8, RE-5.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal import clock
from portal.models import Contract
from portal.queries import contracts
from portal.rules.contract_terms import bounds
from portal.rules.policies import preset, with_parameters
from portal.services import contract_drafts, contract_texts, policies
from portal.wording.times import PORTAL_ZONE
from tests.contracting import draft, drafted, today
from tests.fixtures import People


def test_a_contract_that_begins_under_the_next_policy_names_its_amounts(session: Any, people: People) -> None:
    first = today() + timedelta(days=30)
    document = with_parameters(preset("RE"), {"penalties.first_offence": 80_000})
    changed = policies.publish(actor=None, document=document)
    for project in contract_texts.open_projects():
        policies.bind(actor=None, project=project, policy=changed, effective_from=bounds(first, first, PORTAL_ZONE)[0])
    now_beginning, later = drafted(people), drafted(people, "乙渠道", draft(first))
    said = {one.reference: " ".join(_paragraphs(one)) for one in (now_beginning, later)}
    assert later.policy_id == changed.id != now_beginning.policy_id
    assert "¥50,000.00" in said[now_beginning.reference] and "¥80,000.00" not in said[now_beginning.reference]
    assert "¥80,000.00" in said[later.reference] and "人民币捌万元整" in said[later.reference]


def test_once_begun_a_draft_names_what_is_in_force_now(session: Any, people: People) -> None:
    contract = drafted(people)
    document = with_parameters(preset("RE"), {"penalties.false_filing_damages": 120_000})
    changed = policies.publish(actor=None, document=document)
    moment = clock.now() + timedelta(hours=1)
    for project in contract_texts.open_projects():
        policies.bind(actor=None, project=project, policy=changed, effective_from=moment)
    with clock.set_to(moment):
        wanted = draft(contract_drafts.days_of(contract)[0])
        contract_drafts.change_draft(actor=people.get("hua"), contract=contract, draft=wanted)
        assert contract.policy_id == changed.id
        assert any("¥120,000.00" in said for said in _paragraphs(contract))


def _paragraphs(contract: Contract) -> list[str]:
    text = contract_texts.compose(contracts.loaded(contract))
    return [paragraph for article in text["articles"] for paragraph in article["paragraphs"]]
