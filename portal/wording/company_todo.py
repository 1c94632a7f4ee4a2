"""What waits for a distributor's people beside their customers: contracts to sign, cases to answer, papers, complaints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.access import Permission, may
from portal.models import Contract, Finding, User
from portal.queries import applications, complaints, contracts, findings
from portal.wording.applications import PAPERS, is_ending
from portal.wording.complaints import own_rows
from portal.wording.contracts import KINDS
from portal.wording.findings import told_rows


def answers_wanted(user: User, now: datetime) -> list[dict[str, Any]]:
    """Rows as ``ui.inbox`` takes them, only what this person may answer: what has a term first, then what has none."""
    rows: list[dict[str, Any]] = []
    if may(user, Permission.ANSWER_FINDING):
        rows += _cases(user, now)
    if may(user, Permission.SIGN_OWN_CONTRACT):
        rows += _to_sign(user)
    if may(user, Permission.KEEP_PARTNER_FILE):
        rows += _papers(user, now)
    if may(user, Permission.COMPLAIN):
        rows += own_rows([one for one in complaints.own_page(user, None).complaints if one.state == "fed_back"])
    return rows


def _cases(user: User, now: datetime) -> list[dict[str, Any]]:
    """Explanations asked for and notices to confirm (RE-4.4); the soonest due first."""
    waiting = [one for one in findings.told_page(user, None).findings if _wants_answer(one, now)]
    waiting.sort(key=lambda one: one.explanation.due_at if one.explanation and _is_asked(one, now) else now)
    rows = told_rows(waiting, now, "distributor.show_finding")
    return [row | {"what": _("违规认定 · %(what)s", what=row["what"])} for row in rows]


def _wants_answer(finding: Finding, now: datetime) -> bool:
    unread = any(one.state == "confirmed" and one.received_at is None for one in finding.sanctions)
    return unread or _is_asked(finding, now)


def _is_asked(finding: Finding, now: datetime) -> bool:
    asked = finding.explanation
    open_ = finding.state == "explanation_asked" and asked is not None and asked.answered_at is None
    return open_ and asked is not None and now < asked.due_at


def _to_sign(user: User) -> list[dict[str, Any]]:
    return [_contract(one) for one in contracts.own(user) if _waits_for_partner(one)]


def _waits_for_partner(contract: Contract) -> bool:
    return contract.state == "signing" and all(one.side != "partner" for one in contract.signatures)


def _contract(contract: Contract) -> dict[str, Any]:
    return {
        "url": url_for("distributor.show_contract", reference=contract.reference),
        "what": _("合同 · %(kind)s", kind=KINDS[contract.kind]),
        "due": _("待签署"),
        "tone": "soon",
        "meta": contract.reference,
    }


def _papers(user: User, now: datetime) -> list[dict[str, Any]]:
    """Papers that end within 30 days or have ended, and have not been replaced (CM-2.4)."""
    file = applications.file_of(user.distributor) if user.distributor is not None else None
    ending = [(paper, is_ending(paper.valid_until, now)) for paper in (file.current_papers if file else [])]
    return [
        {
            "url": url_for("distributor.renew_paper"),
            "what": _("证件 · %(paper)s", paper=PAPERS[paper.kind]),
            "due": _("已过期") if state == "expired" else _("快到期"),
            "tone": "over" if state == "expired" else "soon",
            "meta": _("有效期至 %(day)s", day=paper.valid_until),
        }
        for paper, state in ending
        if state
    ]
