"""Applications and partner files in words: fields, papers, checklist, areas, states, history, notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.models import Application, PartnerFile, User
from portal.queries.applications import waits_for
from portal.queries.delegations import roles_stood_for
from portal.rules.applications import STEPS as PAGES
from portal.rules.masking import mask_contact, mask_email, mask_id_number, mask_phone
from portal.wording import times
from portal.wording.durations import countdown

_SOON = timedelta(days=1)
#: State -> the look of its chip and its word, as headquarters reads it.
STATES: dict[str, tuple[str, LazyString]] = {
    "prospect": ("expired", _l("填写中")),
    "applied": ("waiting", _l("待受理")),
    "in_review": ("waiting", _l("审查中")),
    "returned": ("soon", _l("退回补正")),
    "surveyed": ("waiting", _l("评审中")),
    "examined": ("waiting", _l("待签批")),
    "approved": ("live", _l("已批准")),
    "rejected": ("refused", _l("未通过")),
}
#: As the applicant reads them.
OUTSIDE: dict[str, LazyString] = {
    "applied": _l("已提交，等受理"),
    "in_review": _l("正在审查"),
    "returned": _l("请补正后再提交"),
    "surveyed": _l("正在评审"),
    "examined": _l("等待签批"),
    "approved": _l("已批准"),
    "rejected": _l("未通过"),
}
#: What happens next, and who does it.
NEXT: dict[str, LazyString] = {
    "applied": _l("渠道部受理后开始审查；需要补正会退回给您，已填的都保留。"),
    "in_review": _l("渠道部正在核对材料、做调查；需要补正会退回给您，已填的都保留。"),
    "surveyed": _l("评审组评分，有关部门给意见；面谈和考察会和您约时间。"),
    "examined": _l("由部门经理、总经理先后签批；结果和理由会写在这里。"),
}
STEPS: dict[str, LazyString] = {
    "company": _l("申请人"),
    "contact": _l("联系人"),
    "bank": _l("银行和开票"),
    "wishes": _l("合作意向"),
    "papers": _l("证件材料"),
    "send": _l("检查并提交"),
}
FIELDS: dict[str, LazyString] = {
    "partner_type": _l("申请人类型"),
    "name": _l("公司全称或姓名"),
    "registration_code": _l("统一社会信用代码"),
    "legal_name": _l("法定代表人或负责人"),
    "legal_id_number": _l("法定代表人或负责人身份证号"),
    "contact_name": _l("联系人姓名"),
    "contact_phone": _l("联系手机"),
    "contact_email": _l("电子邮箱"),
    "beneficial_phone": _l("实际受益人手机"),
    "bank_name": _l("开户银行"),
    "bank_account": _l("银行账号"),
    "invoice_title": _l("开票名称"),
    "invoice_tax_number": _l("纳税人识别号"),
    "invoice_address": _l("开票地址"),
    "invoice_phone": _l("开票电话"),
    "cooperation": _l("合作类型"),
    "cooperation_ends_on": _l("临时合作至"),
    "territory": _l("代理区域"),
    "areas": _l("意向区域和项目"),
    "products": _l("经营的产品类型"),
    "expected_volume": _l("预计每年带客（组）"),
    "experience": _l("经营情况和渠道经验"),
    "introduced_by": _l("推荐人或证明人"),
}
PARTNER_TYPES: dict[str, LazyString] = {"company": _l("公司"), "person": _l("自然人")}
COOPERATIONS: dict[str, LazyString] = {
    "important": _l("长期合作"),
    "temporary": _l("临时合作（单个项目或短期）"),
    "regional": _l("区域代理"),
}
PAPERS: dict[str, LazyString] = {
    "licence": _l("营业执照副本（加盖公章）"),
    "legal_rep_id": _l("法定代表人或负责人身份证"),
    "business_plan": _l("经营计划"),
    "account_permit": _l("开户许可证"),
    "permit": _l("经营许可证"),
    "invoice_proof": _l("开票资料证明"),
    "other": _l("其他材料"),
}
PAPER_STATES: dict[str, tuple[str, LazyString]] = {
    "waiting": ("waiting", _l("待核对")),
    "accepted": ("live", _l("已核对")),
    "refused": ("refused", _l("不合格")),
}
POINTS: dict[str, LazyString] = {
    "lawful": _l("符合法律规定，是独立法人"),
    "product": _l("了解产品，能够推广"),
    "funds": _l("有履行合同的资金实力"),
    "after_sales": _l("有完整的售后服务能力"),
    "permit": _l("所推广的产品不需要经营许可证，或许可证已通过"),
    "capacity": _l("有完全民事行为能力，或是合法成立的法人"),
    "skill": _l("有营销经验和销售技能"),
    "contacts": _l("有社会关系和客户资源"),
    "status_valid": _l("登记状态有效"),
    "no_duplicate": _l("与现有分销商没有重复"),
}
INQUIRIES: dict[str, LazyString] = {
    "market": _l("市场调查"),
    "credit": _l("资信调查"),
    "background": _l("背景与客户反馈"),
    "interview": _l("面谈"),
    "inspection": _l("实地考察"),
}
AREAS: dict[str, LazyString] = {
    "compliance": _l("合法合规"),
    "strength": _l("经营实力"),
    "business": _l("业务能力"),
    "brand": _l("品牌形象"),
    "management": _l("管理水平"),
    "finances": _l("财务状况"),
}
DEPARTMENTS: dict[str, LazyString] = {"finance": _p("department", "财务部"), "customer_service": _l("集团客服部")}
MATCH_KEYS: dict[str, LazyString] = {
    "registration_code": _l("统一社会信用代码相同"),
    "legal_id": _l("法定代表人相同"),
    "bank_account": _l("银行账号相同"),
    "phone": _l("联系或受益人手机相同"),
}
ORIGINS: dict[str, LazyString] = {"public": _l("公开申请"), "invitation": _l("受邀申请")}
#: What the list of headquarters can show, with the states of each.
PILLS: dict[str, tuple[LazyString, tuple[str, ...]]] = {
    "open": (_l("办理中"), ()),
    "outside": (_l("等申请人"), ("prospect", "returned")),
    "decided": (_l("已有结果"), ("approved", "rejected")),
}

HISTORY: dict[str, LazyString] = {
    "application.begun": _l("开始申请，编号 %(reference)s。"),
    "application.invited": _l("邀请申请成为分销商。"),
    "application.sent": _l("提交申请 %(reference)s。"),
    "application.matched": _l("与黑名单相符：%(matches)s。"),
    "application.overridden": _l("准许与黑名单相符的申请继续：%(matches)s。"),
    "application.taken_up": _l("受理申请。"),
    "application.returned": _l("退回补正：%(fields)s。"),
    "application.ticked": _l("核对条件：%(points)s。"),
    "application.inquired": _l("记录%(inquiry)s。"),
    "application.surveyed": _l("审查和调查完成，进入评审。"),
    "application.group_named": _l("指定评审组，%(members)s 人。"),
    "application.scored": _l("评审组成员评分。"),
    "application.opinion": _l("%(department)s意见：%(passed)s。"),
    "application.confirmed": _l("确认评分 %(score)s，提交签批。"),
    "application.recounted": _l("放假安排公布，签批期限重算为 %(until)s。"),
    "application.signed": _l("%(role)s签批：%(approved)s。"),
    "application.approved": _l("批准，建立分销商 %(distributor)s。"),
    "application.rejected": _l("不予通过。"),
    "partner_file.revealed": _l("查看档案的完整资料：%(fields)s，原因：%(reason)s。"),
    "paper.brought": _l("提交材料：%(paper)s。"),
    "paper.checked": _l("核对材料：%(paper)s，%(state)s。"),
    "paper.opened": _l("打开材料：%(paper)s。"),
    "distributor.entered": _l("资料录入、归档，启用合作。"),
}
VALUES: dict[str, Mapping[Any, LazyString]] = {
    "paper": PAPERS,
    "inquiry": INQUIRIES,
    "department": DEPARTMENTS,
    "points": POINTS,
    "passed": {True: _l("同意"), False: _l("反对")},
    "approved": {True: _l("同意"), False: _l("不同意")},
    "state": {state: word for state, (_look, word) in PAPER_STATES.items()},
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "application.received": (_l("收到分销商申请 %(reference)s。"), _l("请核对材料。")),
    "application.stopped": (_l("申请 %(reference)s 与黑名单相符，已停止。"), _l("总经理写明理由后才能继续。")),
    "application.score_wanted": (_l("您是申请 %(reference)s 的评审组成员。"), _l("请给六个方面评分。")),
    "application.opinion_wanted": (_l("申请 %(reference)s 等本部门意见。"), _l("同意或反对都须写明理由。")),
    "application.signature_due": (_l("申请 %(reference)s 待您签批。"), _l("%(until)s 前签批。")),
    "application.signature_late": (_l("申请 %(reference)s 的签批已超期。"), _l("应于 %(until)s 前签批。")),
    "application.decided": (_l("申请 %(reference)s 已有结果。"), _l("理由已告知申请人。")),
    "distributor.entered": (_l("合作已启用。"), _l("从现在起可以报备。")),
    "paper.brought": (_l("%(reference)s 更新了%(paper)s。"), _l("请核对。")),
    "paper.ending": (_l("%(reference)s 的%(paper)s即将到期。"), _l("有效期至 %(until)s，请更新。")),
    "paper.ended": (_l("%(reference)s 的%(paper)s已经到期。"), _l("止于 %(until)s，请尽快更新。")),
}


def rows_of(applications: Sequence[Application], user: User, now: datetime) -> list[dict[str, Any]]:
    """The list of headquarters: who, how far, by when."""
    stands_in = roles_stood_for(user.id, now)
    return [_row(application, waits_for(application, user, stands_in), now) for application in applications]


def _row(application: Application, mine: bool, now: datetime) -> dict[str, Any]:
    _look, state = STATES[application.state]
    due = application.signature_due_at
    left = countdown(due, now, soon_within=_SOON) if due else None
    return {
        "url": url_for("hq.show_application", reference=application.reference),
        "what": application.partner_file.name or _("未填名称"),
        "due": left.text if left else _("等您办理") if mine else "",
        "tone": left.tone if left and left.tone else "soon" if mine else "",
        "meta": " · ".join(
            [application.reference, str(state), times.moment(application.state_since)]
            + ([_("等您办理")] if mine and left else [])
        ),
    }


def masked(file: PartnerFile) -> dict[str, str]:
    """The sealed fields as everybody who may see the file reads them."""
    shown = {
        "legal_id_number": mask_id_number(file.legal_id_number or ""),
        "contact_phone": mask_phone(file.contact_phone or ""),
        "beneficial_phone": mask_phone(file.beneficial_phone or ""),
        "invoice_phone": mask_phone(file.invoice_phone or ""),
        "bank_account": f"**** {(file.bank_account or '')[-4:]}",
        "contact_email": mask_email(file.contact_email or ""),
        "invoice_address": f"{(file.invoice_address or '')[:6]}****",
    }
    return {name: value if getattr(file, name) else "" for name, value in shown.items()}


def address_of(application: Application) -> str:
    """The address that was proved, for the applicant's own page; what stands in its place once it is erased."""
    if application.erased_at is not None:
        return application.contact
    return mask_contact(application.contact, application.channel)


def facts_of(file: PartnerFile, whole: Mapping[str, str] | None = None) -> dict[str, list[tuple[str, str]]]:
    """The file as pairs of word and value, by the page of the form; ``whole`` has the sealed fields in full."""
    sealed = masked(file) | dict(whole or {})
    return {
        page: [(str(FIELDS[field]), _value(file, field, sealed)) for field in fields] for page, fields in PAGES.items()
    }


def _value(file: PartnerFile, field: str, sealed: Mapping[str, str]) -> str:
    value = sealed.get(field, getattr(file, field))
    if field == "partner_type":
        return str(PARTNER_TYPES[value])
    if field == "cooperation":
        return str(COOPERATIONS[value]) if value else ""
    return "" if value is None else str(value)


def is_ending(day: Any, now: datetime) -> str:
    """The state of a paper that has ended (expired) or ends within 30 days (soon); nothing for any other."""
    if day is None:
        return ""
    left = (day - now.astimezone(times.PORTAL_ZONE).date()).days
    return "expired" if left < 0 else "soon" if left <= 30 else ""
