"""Legal alone reviews contracts and templates, never what it wrote on; where nobody can, the administrator is told (CH-5.4)."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import PERMISSIONS, Permission
from portal.models import Notice, RoleGrant
from portal.rules.contract_templates import CHECKLIST
from portal.rules.refusal import Refusal
from portal.services import contract_drafts, contract_reviews, contract_templates, legal_reviews
from tests import contracting
from tests.fixtures import People

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def at_noon():
    with clock.set_to(NOON):
        yield


@pytest.fixture
def alone(session, people: People) -> People:
    """甲渠道 is approved and has no contract; a template is in force."""
    contracting.without_contracts(people, status="approved")
    contracting.template(people)
    return people


def told(session, kind: str) -> list[int]:
    return list(session.scalars(select(Notice.user_id).where(Notice.kind == kind).order_by(Notice.id)))


def also_legal(session, people: People, who: str) -> None:
    session.add(RoleGrant(user_id=people.users[who], role="legal"))
    session.flush()


def test_the_review_is_a_permission_of_legal_and_of_nobody_else() -> None:
    assert [role for role, held in PERMISSIONS.items() if Permission.REVIEW_CONTRACT in held] == ["legal"]


def test_a_draft_sent_to_review_is_told_to_legal(session, alone: People) -> None:
    contract = contracting.drafted(alone)
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    assert told(session, "contract.to_review") == [alone.users["leo"]]
    assert told(session, "contract.no_reviewer") == []


def test_a_template_sent_to_review_is_told_to_legal(session, alone: People) -> None:
    template = contract_templates.draft_template(actor=alone.get("hua"))
    contract_templates.submit_template(actor=alone.get("hua"), template=template)
    assert set(told(session, "contract_template.to_review")) == {alone.users["leo"]}


def test_a_template_that_lacks_an_article_stays_with_its_drafter(alone: People) -> None:
    hua, template = alone.get("hua"), contract_templates.draft_template(actor=alone.get("hua"))
    body = deepcopy(dict(template.body))
    for article in body["articles"]:
        article["covers"] = [code for code in article["covers"] if code != CHECKLIST[0].code]
    contract_templates.change_template(actor=hua, template=template, body=body)
    with pytest.raises(Refusal, match="template_incomplete") as refused:
        contract_templates.submit_template(actor=hua, template=template)
    assert (refused.value.clause, template.state) == (CHECKLIST[0].clause, "draft")


def test_who_changed_a_draft_of_somebody_else_does_not_review_it(session, alone: People) -> None:
    also_legal(session, alone, "ada")
    contract = contracting.drafted(alone)
    contract_drafts.change_draft(actor=alone.get("ada"), contract=contract, draft=contracting.draft(territory="宁波市"))
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    assert told(session, "contract.to_review") == [alone.users["leo"]]
    with pytest.raises(Refusal, match="contract_reviewed_by_its_drafter"):
        contract_reviews.review_contract(actor=alone.get("ada"), contract=contract, passed=True, remarks="")


def test_who_drafted_a_template_that_another_changed_does_not_review_it(session, alone: People) -> None:
    also_legal(session, alone, "ada")
    template = contract_templates.draft_template(actor=alone.get("ada"))
    contract_templates.change_template(actor=alone.get("hua"), template=template, body=template.body)
    contract_templates.submit_template(actor=alone.get("hua"), template=template)
    with pytest.raises(Refusal, match="contract_reviewed_by_its_drafter"):
        contract_templates.review_template(actor=alone.get("ada"), template=template, passed=True, remarks="")


def test_without_anybody_of_legal_the_text_waits_and_the_administrator_is_told_each_day(session, alone: People) -> None:
    alone.get("leo").disabled_at = NOON
    session.flush()
    contract = contracting.drafted(alone)
    contract_reviews.submit_contract(actor=alone.get("hua"), contract=contract)
    assert contract.state == "review"
    assert told(session, "contract.to_review") == []
    assert told(session, "contract.no_reviewer") == [alone.users["ada"]]
    assert legal_reviews.tell_what_nobody_reviews(NOON) == 0
    assert legal_reviews.tell_what_nobody_reviews(NOON + timedelta(days=1)) == 1
    alone.get("leo").disabled_at = None
    session.flush()
    assert legal_reviews.tell_what_nobody_reviews(NOON + timedelta(days=2)) == 0


def test_when_the_last_of_legal_leaves_what_waits_is_told(session, alone: People) -> None:
    template = contract_templates.draft_template(actor=alone.get("hua"))
    contract_templates.submit_template(actor=alone.get("hua"), template=template)
    assert legal_reviews.tell_what_nobody_reviews(NOON) == 0
    alone.get("leo").disabled_at = NOON
    session.flush()
    assert legal_reviews.tell_what_nobody_reviews(NOON) == 1
    assert told(session, "contract_template.no_reviewer") == [alone.users["ada"]]
