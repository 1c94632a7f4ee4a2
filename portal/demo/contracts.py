"""The demo's contracts: two signed, one that ends soon, one with its partner, one in review, one draft."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from portal import signing
from portal.demo.people import Town
from portal.demo.plots import Plot
from portal.demo.strokes import scribble
from portal.models import Contract, OutgoingMessage, User, db
from portal.rules.contract_terms import last_day
from portal.services import contract_drafts, contract_prefill, contract_reviews, contract_signing, contract_templates
from portal.services.contract_drafts import Draft
from portal.services.contract_seats import seats_of
from portal.wording.times import PORTAL_ZONE

_FIELDS = {
    "company_name": "云栖置地集团有限公司",
    "company_representative": "周正",
    "company_address": "杭州市云栖路 18 号",
    "partner_representative": "唐敏",
    "partner_address": "杭州市湖墅路 210 号",
    "territory": "杭州市、宁波市",
    "target_period": "quarter",
    "target_visits": "30",
    "target_deals": "4",
    "commission_plan": "住宅按成交总价的 1.2%，商铺按 1.5%，车位每个 2,000 元，均含税。",
    "market_support": "每季度提供一次联合推广活动，费用由甲方承担。",
    "dispute": "court",
    "dispute_place": "杭州市西湖区",
}
#: The company that drafts, and the one that reviews.
_DRAFTER, _REVIEWER = "qudao", "fawu"


def contracts(town: Town, now: datetime) -> list[Plot]:
    """Every contract of the story, from the first template on."""
    # A hand of its own: the other stories stay as they are.
    random = Random("contracts")
    today = now.astimezone(PORTAL_ZONE).date()
    return [
        _template(town, now),
        _signed(town, random, now, "橘灯房产", "judeng", 108, today + timedelta(days=270)),
        _signed(town, random, now, "星梯找房", "xingti", 106, today + timedelta(days=20)),
        _waiting(town, now, "橘灯房产"),
        _under_way(town, now, "甲渠道", 2, submitted=True),
        _under_way(town, now, "鹿角置家", 1, submitted=False),
    ]


def _template(town: Town, now: datetime) -> Plot:
    yield now - timedelta(days=119)
    drafter = town.people["guanli"]
    template = contract_templates.draft_template(actor=drafter)
    contract_templates.submit_template(actor=drafter, template=template)
    yield now - timedelta(days=118)
    reviewer = town.people[_REVIEWER]
    contract_templates.review_template(actor=reviewer, template=template, passed=True, remarks="条款齐全")


def _signed(town: Town, random: Random, now: datetime, name: str, owner: str, days: int, last: date) -> Plot:
    yield now - timedelta(days=days)
    contract = _draft(town, name, (now - timedelta(days=days)).astimezone(PORTAL_ZONE).date(), last)
    contract_reviews.submit_contract(actor=town.people[_DRAFTER], contract=contract)
    yield now - timedelta(days=days - 1)
    _clear(town, contract)
    if not signing.is_ready():
        return
    yield now - timedelta(days=days - 2)
    _sign_company(town, contract)
    yield now - timedelta(days=days - 3)
    _sign_partner(town.people[owner], contract, random)


def _waiting(town: Town, now: datetime, name: str) -> Plot:
    """A change of the first contract: the company has signed, the partner has not."""
    yield now - timedelta(days=6)
    query = select(Contract).where(
        Contract.distributor_id == town.companies[name].id, Contract.kind == "agreement", Contract.state == "signed"
    )
    before = db.session.scalar(query)
    if before is None:
        return
    first = (now + timedelta(days=10)).astimezone(PORTAL_ZONE).date()
    wanted = Draft(first_day=first, last_day=first, fields=_fields(town, name) | {"target_deals": "6"})
    change = contract_drafts.draft_amendment(actor=town.people[_DRAFTER], amended=before, draft=wanted)
    contract_reviews.submit_contract(actor=town.people[_DRAFTER], contract=change)
    yield now - timedelta(days=4)
    _clear(town, change)
    _sign_company(town, change)


def _under_way(town: Town, now: datetime, name: str, days: int, *, submitted: bool) -> Plot:
    yield now - timedelta(days=days)
    first = now.astimezone(PORTAL_ZONE).date()
    contract = _draft(town, name, first, last_day(first, 12))
    if submitted:
        contract_reviews.submit_contract(actor=town.people[_DRAFTER], contract=contract)


def _draft(town: Town, name: str, first: date, last: date) -> Contract:
    wanted = Draft(first_day=first, last_day=last, fields=_fields(town, name))
    return contract_drafts.draft_contract(actor=town.people[_DRAFTER], distributor=town.companies[name], draft=wanted)


def _fields(town: Town, name: str) -> dict[str, str]:
    return contract_prefill.for_distributor(town.companies[name]) | _FIELDS


def _clear(town: Town, contract: Contract) -> None:
    contract_reviews.review_contract(actor=town.people[_REVIEWER], contract=contract, passed=True, remarks="无修改意见")


def _sign_company(town: Town, contract: Contract) -> None:
    contract_signing.sign_for_company(
        actor=town.people[_DRAFTER], contract=contract, seen=contract.text_digest or "", title="渠道总监"
    )


def _sign_partner(owner: User, contract: Contract, random: Random) -> None:
    if not seats_of(contract.distributor_id, owner):
        owner.phone = f"+86139{random.randrange(10**8):08}"
    channel = seats_of(contract.distributor_id, owner)[0].channel
    contract_signing.send_signing_code(actor=owner, contract=contract, channel=channel)
    # The code is checked on a connection of its own, which sees only what is committed.
    db.session.commit()
    message = db.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id.desc()).limit(1)).one()
    contract_signing.sign_for_partner(
        actor=owner,
        contract=contract,
        seen=contract.text_digest or "",
        title="总经理",
        channel=channel,
        code=json.loads(message.facts or "{}")["code"],
        strokes=scribble(random),
    )
