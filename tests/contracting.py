"""Short ways to a contract: a template in force, a draft, one open for signing, one signed by both. Hua writes, Leo reviews."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.models import Contract, ContractTemplate, OneTimeCode, OutgoingMessage, Project, db
from portal.rules.contract_terms import last_day
from portal.rules.periods import local_date
from portal.services import contract_drafts, contract_reviews, contract_signing, contract_templates
from portal.services.contract_drafts import Draft
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import People

FIELDS = {
    "company_name": "云栖置业有限公司",
    "company_representative": "周正",
    "company_address": "杭州市云栖路 18 号",
    "partner_representative": "欧佳",
    "partner_address": "杭州市江畔路 6 号",
    "mode": "渠道分销",
    "territory": "杭州市",
    "target_period": "quarter",
    "target_visits": "30",
    "target_deals": "4",
    "price_policy": "",
    "commission_plan": "按成交总价的 1.2% 计算。",
    "settlement_day": "10",
    "payment_days": "15",
    "market_support": "",
    "confidentiality_years": "2",
    "dispute": "court",
    "dispute_place": "杭州市西湖区",
}
STROKES = {"width": 300, "height": 120, "strokes": [[[10, 60, 0], [120, 30, 80], [240, 80, 160]]]}
PHONE = "+8613800001111"


def template(people: People) -> ContractTemplate:
    """The template that the portal brings along, reviewed and in force."""
    found = db.session.scalar(select(ContractTemplate).where(ContractTemplate.state == "in_force"))
    if found is None:
        found = contract_templates.draft_template(actor=people.get("hua"))
        contract_templates.submit_template(actor=people.get("hua"), template=found)
        contract_templates.review_template(actor=people.get("leo"), template=found, passed=True, remarks="")
    return found


def today() -> date:
    return local_date(clock.now(), PORTAL_ZONE)


def draft(first: date | None = None, last: date | None = None, *projects: Project, **fields: str) -> Draft:
    """A year from today over all projects, unless told otherwise."""
    first = first or today()
    return Draft(first_day=first, last_day=last or last_day(first, 12), projects=projects, fields={**FIELDS, **fields})


def drafted(people: People, name: str = "甲渠道", wanted: Draft | None = None, **more: Any) -> Contract:
    template(people)
    distributor = people.distributor(name)
    return contract_drafts.draft_contract(
        actor=people.get("hua"), distributor=distributor, draft=wanted or draft(), **more
    )


def open_to_sign(people: People, contract: Contract | None = None) -> Contract:
    contract = contract or drafted(people)
    contract_reviews.submit_contract(actor=people.get("hua"), contract=contract)
    return contract_reviews.review_contract(actor=people.get("leo"), contract=contract, passed=True, remarks="")


def last_code() -> str:
    """The one-time code that was sent last, as its receiver reads it."""
    message = db.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id.desc()).limit(1)).one()
    return str(json.loads(message.facts)["code"])


def sign_partner(people: People, contract: Contract, who: str = "olga") -> Contract:
    owner = people.get(who)
    owner.phone = owner.phone or PHONE
    # Under a clock that stands still every code but the first comes too soon.
    db.session.query(OneTimeCode).delete()
    contract_signing.send_signing_code(actor=owner, contract=contract, channel="sms")
    db.session.commit()
    return contract_signing.sign_for_partner(
        actor=owner,
        contract=contract,
        seen=contract.text_digest or "",
        title="法定代表人",
        channel="sms",
        code=last_code(),
        strokes=STROKES,
    )


def sign_company(people: People, contract: Contract) -> Contract:
    return contract_signing.sign_for_company(
        actor=people.get("hua"), contract=contract, seen=contract.text_digest or "", title="总经理"
    )


def signed(people: People, contract: Contract | None = None) -> Contract:
    """Signed by both."""
    contract = open_to_sign(people, contract)
    sign_partner(people, contract)
    return sign_company(people, contract)


def without_contracts(people: People, *names: str, status: str | None = None) -> None:
    """Take the contracts away that everybody begins with."""
    for name in names or ("甲渠道",):
        distributor = people.distributor(name)
        for contract in db.session.scalars(select(Contract).where(Contract.distributor_id == distributor.id)):
            db.session.delete(contract)
        if status:
            distributor.status = status
    db.session.flush()
