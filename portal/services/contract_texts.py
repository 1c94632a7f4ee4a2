"""The text of a contract: the template's articles with their fields filled in, and the policy in plain words as its annex.

Amounts come from the policy and are never typed (RE-4.8, 5.3). The text is Chinese whoever reads the page around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import cn2an
from flask_babel import force_locale
from sqlalchemy import select

from portal import clock
from portal.models import Contract, Policy, Project, db
from portal.rules.contract_templates import fill
from portal.rules.contract_terms import EXIT_NOTICE_DAYS, first_and_last
from portal.rules.policies import Policy as Terms
from portal.rules.refusal import Refusal
from portal.services import policies
from portal.wording.contracts import DISPUTES, PERIODS
from portal.wording.money import capitals, money
from portal.wording.policies import spoken, title_of
from portal.wording.times import PORTAL_ZONE

LANGUAGE = "zh_Hans_CN"
Text = dict[str, Any]


def compose(contract: Contract) -> Text:
    """The text as it stands now: title, preamble, articles, annexes. Its distributor and template must be loaded."""
    if contract.template is None:
        raise Refusal("contract_template_missing", "CH-5.2")
    body, annexed = contract.template.body, policies_for(covered_projects(contract), judged_at(contract.starts_at))
    with force_locale(LANGUAGE):
        values = values_of(contract, annexed)
        return {
            "title": f"{body['title']}{_addition(contract)}",
            "preamble": [*_about_amended(contract), *(fill(line, values) for line in body.get("preamble", ()))],
            "articles": [
                {
                    "title": f"第{cn2an.an2cn(number)}条　{article['title']}",
                    "paragraphs": [fill(paragraph, values).strip() for paragraph in article["paragraphs"]],
                }
                for number, article in enumerate(body["articles"], start=1)
            ],
            "annexes": [_annex(number, policy) for number, policy in enumerate(annexed, start=1)],
        }


def digest_of(text: Text) -> str:
    """SHA-256 of the canonical form of a text: what both sides sign."""
    return policies.document_digest(text)


def fixed_text(contract: Contract) -> Text:
    """The text that was fixed for signing. Raises Refusal when it is not what its digest says it was."""
    text: Text = json.loads(contract.text or "{}")
    if digest_of(text) != contract.text_digest:
        raise Refusal("contract_text_changed", "CH-5.7")
    return text


def text_of(contract: Contract) -> Text:
    """What stands in the contract: the fixed text once there is one, else as its fields have it now."""
    return fixed_text(contract) if contract.text is not None else compose(contract)


def typed_fields(contract: Contract) -> dict[str, str]:
    """What was typed, by the field's name; nothing for a contract that was signed elsewhere."""
    found: dict[str, str] = json.loads(contract.fields) if contract.fields else {}
    return found


def policies_for(projects: Sequence[Project], now: datetime) -> list[Policy]:
    """The policies of the projects, each once: the amounts that the contract names, and its annexes.

    Raises Refusal when none is in force, or when they name different amounts.
    """
    found = [policies.in_force(project.id, now) for project in sorted(projects, key=lambda one: one.code)]
    if len({_amounts(policy.terms) for policy in found}) > 1:
        raise Refusal("contract_policies_differ", "RE-5.3")
    if not found:
        raise Refusal("no_policy_in_force", "GD-12")
    return list({policy.id: policy for policy in found}.values())


def judged_at(starts_at: datetime) -> datetime:
    """The instant whose policy a contract names: its own beginning, or now once that has passed (RE-5.3, RE-4.8)."""
    return max(starts_at, clock.now())


def covered_projects(contract: Contract) -> Sequence[Project]:
    """The projects that the contract names, or all that are open today."""
    return open_projects() if contract.all_projects else [link.project for link in contract.projects]


def open_projects() -> Sequence[Project]:
    """What a contract over all projects covers today."""
    return db.session.scalars(select(Project).where(Project.is_open).order_by(Project.code)).all()


def values_of(contract: Contract, annexed: Sequence[Policy]) -> dict[str, str]:
    """Every field of the templates with what stands for it, in the language asked for."""
    typed = typed_fields(contract)
    return {name: value or "" for name, value in typed.items()} | _known(contract, annexed) | _spoken(typed)


def _known(contract: Contract, annexed: Sequence[Policy]) -> dict[str, str]:
    first, last = first_and_last(contract.starts_at, contract.ends_at, PORTAL_ZONE)
    distributor = contract.distributor
    return {
        "contract_number": contract.reference,
        "partner_name": distributor.name,
        "partner_code": distributor.registration_code or "（未登记）",
        "projects": projects_said(contract),
        "starts_on": _day(first.isoformat()),
        "ends_on": _day(last.isoformat()) if last else "（未定）",
        "exit_notice_days": str(EXIT_NOTICE_DAYS),
        "policy_name": "》《".join(_called(policy) for policy in annexed),
        **_from_policy(annexed[0].terms),
    }


def _from_policy(terms: Terms) -> dict[str, str]:
    penalties = terms.penalties
    return {
        "circle_radius": str(terms.circle_radius_m),
        "first_offence": money(penalties.first_offence),
        "first_offence_capitals": _capitals(penalties.first_offence),
        "damages": money(penalties.false_filing_damages),
        "damages_capitals": _capitals(penalties.false_filing_damages),
        "refund_days": str(penalties.refund_days),
    }


def _capitals(amount: int) -> str:
    return capitals(amount) if amount else "人民币零元整"


def _spoken(typed: Mapping[str, str]) -> dict[str, str]:
    place = typed.get("dispute_place") or ""
    dispute = str(DISPUTES.get(typed.get("dispute", ""), "")) % {"place": place}
    period = str(PERIODS.get(typed.get("target_period", ""), ""))
    return {"dispute": dispute, "target_period": period}


def projects_said(contract: Contract) -> str:
    """The projects as the contract names them."""
    if contract.all_projects:
        return "甲方在合作期限内开放报备的全部项目"
    return "、".join(link.project.name for link in contract.projects)


def _day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year} 年 {int(month)} 月 {int(day)} 日"


def _addition(contract: Contract) -> str:
    return {"amendment": "（补充合同）", "renewal": "（续签）"}.get(contract.kind, "")


def _about_amended(contract: Contract) -> list[str]:
    """An amendment or a renewal says to which contract it belongs."""
    if contract.amends is None:
        return []
    before = contract.amends.reference
    first = _day(contract.starts_at.astimezone(PORTAL_ZONE).date().isoformat())
    if contract.kind == "renewal":
        return [f"本合同续签双方的合同 {before}，自 {first} 零时起接续，中间不间断。"]
    return [
        f"本合同变更并取代双方的合同 {before}，自 {first} 零时起生效；双方在此日期之后才签署完毕的，自签署完毕时起生效。"
    ]


def _annex(number: int, policy: Policy) -> dict[str, Any]:
    chapters = [
        {"title": chapter.title, "sentences": [said.words for said in chapter.sentences]}
        for chapter in spoken(policy.document)
    ]
    return {"title": f"附件{cn2an.an2cn(number)}　{_called(policy)}", "chapters": chapters}


def _called(policy: Policy) -> str:
    return f"{title_of(policy.document)}（{policy.code}-{policy.version}）"


def _amounts(terms: Terms) -> tuple[int, int, int, int]:
    penalties = terms.penalties
    return penalties.first_offence, penalties.false_filing_damages, penalties.refund_days, terms.circle_radius_m
