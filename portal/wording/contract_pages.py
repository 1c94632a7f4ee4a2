"""What the pages about contracts show: rows of lists, the state of one, what can be done about it and what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Contract
from portal.queries.contracts import Later
from portal.rules.contract_states import MAY_SIGN
from portal.wording import durations, times
from portal.wording.contracts import KINDS, STATES
from portal.wording.times import PORTAL_ZONE

PILLS: dict[str, LazyString] = {
    "open": _l("办理中"),
    "in_force": _l("履行中"),
    "ending": _l("60 天内到期"),
    "over": _l("已结束"),
    "all": _l("全部"),
}
#: Standings in which a contract binds nobody any more.
OVER = ("withdrawn", "amended", "expired", "ended")


@dataclass(frozen=True, slots=True)
class Stand:
    """How a contract stands: the state's code, the look of its chip and its word."""

    code: str
    look: str
    word: LazyString


def stand_of(contract: Contract, code: str) -> Stand:
    """The chip of a state or standing."""
    look, word = STATES[code]
    return Stand(code, look, word)


def term_words(contract: Contract) -> str:
    """2026-03-01 至 2027-02-28, both days covered."""
    first = times.date(contract.starts_at, PORTAL_ZONE)
    if contract.ends_at is None:
        return _("%(first)s 起，没有约定到期日", first=first)
    return _("%(first)s 至 %(last)s", first=first, last=times.date(times.last_covered(contract.ends_at), PORTAL_ZONE))


def rows_of(contracts: Sequence[Contract], codes: dict[int, str], now: datetime, endpoint: str) -> list[dict[str, Any]]:
    """The rows of a list as ``ui.inbox`` takes them."""
    return [_row(contract, codes[contract.id], now, endpoint) for contract in contracts]


def _row(contract: Contract, code: str, now: datetime, endpoint: str) -> dict[str, Any]:
    due, tone = _due(contract, code, now)
    return {
        "url": url_for(endpoint, reference=contract.reference),
        "what": f"{contract.distributor.name} · {KINDS[contract.kind]}",
        "due": due,
        "tone": tone,
        "meta": f"{contract.reference} · {term_words(contract)}",
    }


def _due(contract: Contract, code: str, now: datetime) -> tuple[str, str]:
    word = str(STATES[code][1])
    last = min((end for end in (contract.ends_at, contract.ended_at) if end is not None), default=None)
    if code == "ending" and last is not None:
        return durations.countdown(last, now, zone=PORTAL_ZONE).text, "soon"
    return word, "soon" if code in ("review", "signing") else ""


@dataclass(frozen=True, slots=True)
class May:
    """What the person may do about contracts at all."""

    manage: bool
    review: bool
    sign: bool
    # Whether the person wrote on this one (CH-5.4).
    wrote: bool


def is_up_for_renewal(contract: Contract, code: str) -> bool:
    """Whether it runs to an end about which is still to be decided (DM-10.4)."""
    return code in ("in_force", "ending") and contract.ends_at is not None and contract.ended_at is None


def acts_of(contract: Contract, code: str, may: May, later: Later) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What can be done now, and what cannot with its reason, as ``ui.offered`` and ``ui.not_now`` take them."""
    can: list[dict[str, Any]] = []
    cannot: list[dict[str, Any]] = []
    gone = contract.distributor.status not in MAY_SIGN
    if gone and contract.state in ("draft", "review", "signing"):
        why = _("与这家分销商的合作已经终止，或正在退出。")
        cannot.append({"word": _("送审、签署"), "why": why, "clause": "DM-12.5"})
    if gone and may.manage and is_up_for_renewal(contract, code):
        cannot.append({"word": _("续签"), "why": _("与这家分销商的合作已经终止，或正在退出。"), "clause": "DM-12.5"})
    if may.manage:
        can += _manage(contract, code, gone, later)
        cannot += _taken(contract, code, later)
    if contract.state == "review" and may.review and may.wrote:
        cannot.append({"word": _("法务审核"), "why": _("您写过其中的文字，由另一位法务审核。"), "clause": "CH-5.4"})
    if contract.state == "signing":
        cannot.append({"word": _("修改文本"), "why": _("文本已定稿，要改的先撤回、重新起草。"), "clause": "CH-5.7"})
    if code in ("in_force", "ending", "agreed"):
        cannot.append({"word": _("直接修改"), "why": _("变更须双方另签补充合同。"), "clause": "CH-5.7"})
    return can, cannot


def _taken(contract: Contract, code: str, later: Later) -> list[dict[str, Any]]:
    """Why nothing else is drafted about a contract that something follows already."""
    if later.under_way is not None:
        why = _(
            "%(kind)s %(reference)s 在办理，先办完或撤回那一份。",
            kind=KINDS[later.under_way.kind],
            reference=later.under_way.reference,
        )
        return [{"word": _("另起草变更或续签"), "why": why, "clause": "CH-5.7"}]
    if contract.ended_at is not None and code in ("in_force", "ending", "agreed"):
        why = _("已由补充合同接替，变更写在接替的那一份上。")
        return [{"word": _("起草补充合同"), "why": why, "clause": "CH-5.7"}]
    return []


def _manage(contract: Contract, code: str, gone: bool, later: Later) -> list[dict[str, Any]]:
    at, found, free = contract.reference, [], later.under_way is None and contract.ended_at is None
    if code == "draft":
        if not gone:
            found.append(
                _act(
                    _("送法务审核"),
                    "send",
                    "contract_act",
                    at,
                    "submit",
                    _("由没有参与起草的法务审核。"),
                    "CH-5.4",
                    primary=True,
                )
            )
        found.append({"word": _("修改草稿"), "icon": "edit", "url": url_for("hq.change_contract", reference=at)})
    if code == "signing" and not contract.signatures and not gone:
        why = _("打印签署文本，双方签字盖章后上传扫描件。")
        paper = url_for("hq.hand_in_contract", reference=at)
        found.append({"word": _("上传纸质签署件"), "icon": "upload", "url": paper, "why": why, "clause": "CH-5.5"})
    if code in ("draft", "review", "signing"):
        found.append(_act(_("撤回"), "x", "contract_act", at, "withdraw", _("不再签署；编号保留。"), "CH-5.7"))
    if code in ("in_force", "ending", "agreed") and free and not gone:
        amend = url_for("hq.amend_contract", reference=at)
        why = _("从某一天起换项目、佣金或目标，双方签署后取代这一份。")
        found.append({"word": _("起草补充合同"), "icon": "file-plus", "url": amend, "why": why, "clause": "CH-5.7"})
    if contract.renewal == "renew" and free and later.renewed is None and not gone:
        renew = url_for("hq.renew_contract", reference=at)
        late = _("原合同已经到期；双方签完续签合同以前不能报备。")
        why = late if code == "expired" else _("从原合同到期时接续，中间不间断。")
        found.append(
            {
                "word": _("起草续签合同"),
                "icon": "refresh",
                "url": renew,
                "primary": True,
                "why": why,
                "clause": "DM-10.4",
            }
        )
    return found


def _act(
    word: str, icon: str, endpoint: str, at: str, act: str, why: str, clause: str, *, primary: bool = False
) -> dict[str, Any]:
    url = url_for(f"hq.{endpoint}", reference=at, errand=act)
    return {"word": word, "icon": icon, "url": url, "post": True, "why": why, "clause": clause, "primary": primary}
