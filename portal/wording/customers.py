"""The page of one customer in words: facts, time line, papers, what can be done now and what cannot, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.models import Document, Extension, Registration, Visit
from portal.queries import documents
from portal.rules.masking import mask_id_number
from portal.rules.places import city_name
from portal.rules.refusal import Refusal
from portal.services.extensions import granted_end
from portal.services.offers import Offers
from portal.wording import timeline, times
from portal.wording.refusals import describe
from portal.wording.standings import Shown

Act = dict[str, Any]


def residence_words(registration: Registration) -> str:
    """本地 · 杭州, 外地 · 上海."""
    home = registration.project.city_name if registration.is_local else ""
    where = _("本地") if registration.is_local else _("外地")
    return " · ".join(part for part in (where, city_name(registration.residence) or home) if part)


def class_words(registration: Registration) -> str:
    """The site's decision, or that there is none yet."""
    if registration.is_bulk is None:
        return _("到访后由案场认定")
    return _("大宗") if registration.is_bulk else _("非大宗")


def facts_of(registration: Registration, visit: Visit | None) -> list[tuple[str, Any]]:
    """What was filed and what was decided, as keys and values; personal data masked."""
    zone = registration.project.zone
    rows: list[tuple[str, Any]] = [
        (_("客户来自"), residence_words(registration)),
        (_("报备时间"), times.second(registration.filed_at, zone)),
        (_("首次到访"), times.moment(registration.visited_at, zone) if registration.visited_at else ""),
        (_("证件号"), mask_id_number(registration.id_number) if registration.id_number else ""),
        (_("预计到访"), times.moment(registration.planned_visit_at, zone) if registration.planned_visit_at else ""),
        (_("客户类别"), _with_clause(class_words(registration), "RE-2.7")),
    ]
    if registration.company:
        rows += [(_("购房公司"), registration.company), (_("统一社会信用代码"), registration.company_code)]
    if registration.bulk_expected:
        rows.append((_("报备时预计"), _("大宗")))
    if registration.party_size:
        rows.append((_("同行人数"), registration.party_size))
    if registration.note:
        rows.append((_("备注"), registration.note))
    return rows


def line_of(registration: Registration, extension: Extension | None, now: datetime) -> dict[str, Any]:
    """The drawing of the protection and the same in one sentence."""
    granted = registration.extension_ends_at is not None
    drawn = timeline.draw(
        filed_at=registration.filed_at,
        hold_end=registration.hold_ends_at,
        now=now,
        visit_at=registration.visited_at,
        visit_end=registration.visit_ends_at,
        ext_end=_extended_end(registration, extension),
        granted=granted,
        asked_at=extension.asked_at if extension else None,
        frozen_at=registration.frozen_at,
        ended_at=registration.outcome_at,
        undecided=registration.pending_until is not None,
    )
    return {"drawn": drawn, "granted": granted, "says": _line_sentence(registration)}


def _extended_end(registration: Registration, extension: Extension | None) -> datetime | None:
    """The end that an extension gave or would give; none where it is excluded or was refused (RE-2.12)."""
    if registration.extension_ends_at is not None:
        return registration.extension_ends_at
    if extension is not None and extension.state != "pending":
        return None
    possible = (
        registration.visited_at is not None and registration.is_bulk is not False and registration.outcome is None
    )
    return granted_end(registration) if possible else None


def _line_sentence(registration: Registration) -> str:
    zone = registration.project.zone
    said = [_("%(date)s 报备", date=times.date(registration.filed_at, zone))]
    if registration.visited_at is not None:
        said.append(_("%(date)s 首次到访", date=times.date(registration.visited_at, zone)))
    said.append(_("保护至 %(until)s", until=times.until(registration.ends_at, zone)))
    return _("，").join(said)


def documents_of(registration: Registration, visit: Visit | None, extension: Extension | None) -> list[dict[str, Any]]:
    """The printed papers of the customer, each with its address once it is ready."""
    wanted = (
        (_("报备单"), "filing_slip", registration.id, "download_slip"),
        (_("带客确认单"), "visit_slip", visit.id if visit else None, "download_visit_slip"),
        (_("延期批复"), "extension_approval", extension.id if extension else None, "download_approval"),
    )
    found = [
        (word, documents.of_subject(kind, subject_id), page)
        for word, kind, subject_id, page in wanted
        if subject_id is not None
    ]
    return [_paper(word, paper, page, registration) for word, paper, page in found if paper is not None]


def _paper(word: str, paper: Document, page: str, registration: Registration) -> dict[str, Any]:
    url = url_for(f"distributor.{page}", reference=registration.reference) if paper.state == "ready" else None
    return {"word": word, "url": url, "failed": paper.state == "failed"}


def extension_terms(registration: Registration) -> dict[str, Any]:
    """What the application is about: the end as it is and the end that a consent would give; None before the visit."""
    terms = registration.policy.terms.extension
    new_end = granted_end(registration) if registration.visited_at is not None else None
    return {"days": terms.days, "cap": terms.cap_days, "old_end": registration.visit_ends_at, "new_end": new_end}


def actions(registration: Registration, offers: Offers, standing: Shown) -> dict[str, Sequence[Act]]:
    """The two lists of the page: what would succeed now, and what would not, each with its reason and clause."""
    offered: list[Act] = []
    refused: list[Act] = []
    _about_visit(registration, standing, offered, refused)
    _about_announcement(registration, offers.announce_arrival, offered)
    _about_extension(registration, offers.ask_extension, offered, refused)
    _about_filing(registration, offers.file_again, offered, refused)
    if offered and not any(act.get("primary") for act in offered):
        offered[0]["primary"] = True
    return {"offered": offered, "refused": refused}


def _about_visit(registration: Registration, standing: Shown, offered: list[Act], refused: list[Act]) -> None:
    if standing.state not in ("held", "hold_soon"):
        return
    url = url_for("distributor.show_receipt", reference=registration.reference)
    why = _("到案场时给前台扫码，三方签带客确认单")
    offered.append(
        {"word": _("出示二维码"), "icon": "qrcode", "url": url, "why": why, "clause": "RE-3.2", "primary": True}
    )
    longer = _("没有到访的报备不延长，到期后可以重新报备")
    refused.append({"word": _("延长报备保护"), "why": longer, "clause": "RE-2.9"})


def _about_announcement(registration: Registration, refusal: Refusal | None, offered: list[Act]) -> None:
    if refusal is None:
        url = url_for("distributor.announce_arrival", reference=registration.reference)
        why = _("到访当天通知前台，到访板上会显示")
        offered.append({"word": _("通知到访"), "icon": "calendar-event", "url": url, "why": why, "clause": "RE-3.1"})


def _about_extension(
    registration: Registration, refusal: Refusal | None, offered: list[Act], refused: list[Act]
) -> None:
    days = registration.policy.terms.extension.days
    word = _("申请大宗延期 %(days)d 天", days=days)
    if refusal is None:
        url = url_for("distributor.ask_extension", reference=registration.reference)
        end = times.until(registration.ends_at, registration.project.zone)
        why = _("%(end)s 前提出有效；等待决定期间继续受保护", end=end)
        offered.append(
            {"word": word, "icon": "calendar-time", "url": url, "why": why, "clause": "RE-2.11", "primary": True}
        )
    elif registration.outcome is None:
        refused.append(_refused(word, refusal))


def _about_filing(registration: Registration, refusal: Refusal | None, offered: list[Act], refused: list[Act]) -> None:
    word = _("重新报备")
    if refusal is not None:
        why = _("您的保护仍有效，不会重新计时") if refusal.reason == "already_filed" else describe(refusal).happened
        refused.append({"word": word, "why": why, "clause": refusal.clause})
    elif registration.outcome is None:
        url = url_for("distributor.file_customer", again=registration.reference)
        why = _("按新的报备时间重新计算")
        offered.append({"word": word, "icon": "file-plus", "url": url, "why": why, "clause": "RE-2.8"})


def _refused(word: str, refusal: Refusal) -> Act:
    said = describe(refusal)
    return {"word": word, "why": said.happened, "clause": said.clause}


def _with_clause(words: str, clause_id: str) -> Markup:
    return Markup(render_template("distributor/registrations/_clause.html", words=words, clause_id=clause_id))
