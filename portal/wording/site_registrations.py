"""A registration as the people of a site read it: the pills of the list, what may be done, the history in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import LazyString, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.access import Permission
from portal.models import Extension, Registration, Visit
from portal.queries.site_registrations import Entry
from portal.queries.visits import stage_at
from portal.rules.refusal import Refusal
from portal.services import classification, visit_flow
from portal.wording.history import describe as describe_entry
from portal.wording.people import ROLE_WORDS
from portal.wording.refusals import describe

Act = dict[str, Any]

STATES: dict[str, LazyString] = {
    "all": _l("全部"),
    "soon": _l("7 天内到期"),
    "held": _l("报备保护"),
    "live": _l("保护期内"),
    "asked": _l("等延期决定"),
    "frozen": _l("归属已锁定"),
    "expired": _l("已过期"),
    "refused": _l("不符合或作废"),
}


def actions(
    registration: Registration,
    visit: Visit | None,
    extension: Extension | None,
    now: datetime,
    permissions: frozenset[Permission],
) -> dict[str, list[Act]]:
    """What this person may do with the registration now, and what not yet, each with its reason and clause."""
    offered: list[Act] = []
    refused: list[Act] = []
    if visit is not None:
        _about_flow(registration, visit, now, permissions, offered, refused)
    if Permission.CLASSIFY_BULK in permissions:
        why = _("按项目标准，到访后 7 天内认定")
        word = pgettext("menu", "大宗认定") if registration.is_bulk is None else _("改大宗认定")
        act = _act(word, "building", "site.show_classification", registration.reference, why, "RE-2.7")
        _sort(act, classification.obstacle(registration, now), offered, refused)
    if Permission.GIVE_OPINION in permissions and extension is not None and extension.state == "pending":
        why = _("由渠道部决定，案场写意见")
        offered.append(_act(_("写延期意见"), "message-2", "site.show_extension", extension.reference, why, "RE-2.11"))
    if Permission.CORRECT_CUSTOMER in permissions:
        why = _("报备时间不变，原内容保留在旁边")
        word = _("更正客户资料")
        offered.append(_act(word, "pencil", "site.correct_customer", registration.reference, why, "RE-Q43"))
    if offered:
        offered[0]["primary"] = True
    return {"offered": offered, "refused": refused}


def told(history: Sequence[Entry], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The history as ``ui.trail`` takes it."""
    return [
        {
            "at": one.entry.happened_at,
            "words": describe_entry(one.entry.verb, one.entry.facts, zone),
            "clause": one.entry.clause,
            "by": _by(one),
            "system": one.actor is None,
        }
        for one in history
    ]


def _about_flow(
    registration: Registration,
    visit: Visit,
    now: datetime,
    permissions: frozenset[Permission],
    offered: list[Act],
    refused: list[Act],
) -> None:
    stage = stage_at(visit, now)
    if stage == "awaiting_audit" and Permission.AUDIT_VISIT in permissions:
        offered.append(_act(_("审核到访"), "clipboard-check", "site.show_audit", visit.reference, "", "RE-3.3"))
    if stage == "awaiting_sign_off" and Permission.SIGN_OFF_VISIT in permissions:
        offered.append(_act(_("签批到访"), "signature", "site.show_sign_off", visit.reference, "", "RE-3.4"))
    if stage in ("late", "awaiting_excuse", "excuse_declined") and Permission.EXCUSE_LATE_FILING in permissions:
        act = _act(_("例外批准"), "rubber-stamp", "site.show_excuse", visit.reference, _("写明原因"), "RE-Q4")
        _sort(act, visit_flow.excuse_obstacle(visit), offered, refused)


def _act(word: str, icon: str, endpoint: str, reference: str, why: str, clause: str) -> Act:
    return {"word": word, "icon": icon, "url": url_for(endpoint, reference=reference), "why": why, "clause": clause}


def _sort(act: Act, obstacle: Refusal | None, offered: list[Act], refused: list[Act]) -> None:
    if obstacle is None:
        offered.append(act)
    else:
        said = describe(obstacle)
        refused.append({"word": act["word"], "why": said.happened, "clause": said.clause})


def _by(one: Entry) -> str:
    if one.actor is None:
        return _("系统")
    role = ROLE_WORDS.get(one.entry.actor_role)
    return f"{role} {one.actor}" if role else str(one.actor)
