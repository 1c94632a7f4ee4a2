"""The sentences of the history: verb -> what happened. The screens of every role and the auditor's list read the same.

Sentences may name facts of the entry; one that an entry does not have is shown as a dash. Instants are shown in the
project's zone, ``until`` as the last covered minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.wording import (
    applications,
    care,
    complaints,
    contract_events,
    contracts,
    delegations,
    exits,
    prospects,
    reveals,
    spot_checks,
    times,
)
from portal.wording.alerts import ALERTS
from portal.wording.deals import EVENTS, RELATIONS
from portal.wording.document_kinds import KINDS
from portal.wording.findings import SANCTIONS
from portal.wording.notices import STAGES, STEPS
from portal.wording.people import ROLE_WORDS
from portal.wording.rulings import FINDINGS

SENTENCES: dict[str, LazyString] = {
    **applications.HISTORY,
    **care.HISTORY,
    **spot_checks.HISTORY,
    **contract_events.HISTORY,
    **exits.HISTORY,
    **complaints.HISTORY,
    **prospects.HISTORY,
    **delegations.HISTORY,
    "registration.filed": _l("报备已收到，保护至 %(until)s，按规则 %(policy)s。"),
    "registration.corrected": _l("更正客户资料：%(fields)s。"),
    "registration.classified": _l("案场认定：%(bulk)s。"),
    "registration.voided": _l("登记作废。"),
    "registration.ended": _l("%(stage)s到期，止于 %(until)s。"),
    "registration.reminded": _l("提醒：%(days)s 天内到期，止于 %(until)s。"),
    "registration.revealed": _l("查看完整资料：%(fields)s，原因：%(reason)s。"),
    "visit.announced": _l("首次到访当日发出到访通知，预计 %(expected_at)s 到。"),
    "visit.registered": _l("带客确认单签齐，到访有效，前台登记 %(arrived_at)s。"),
    "visit.natural": _l("到访按自然到访登记，前台登记 %(arrived_at)s。"),
    "visit.refused": _l("到访不符合条件，前台登记 %(arrived_at)s。"),
    "visit.repeated": _l("再次到访，保护期不重新计算。"),
    "visit.arrived": _l("前台登记到访 %(arrived_at)s，等三方签字。"),
    "visit.slip_signed": _l("带客确认单：%(party)s已签（%(method)s）。"),
    "visit.slip_declined": _l("带客确认单：%(party)s拒签。"),
    "visit.protected": _l("保护期至 %(until)s。"),
    "visit.audited": _l("案场后台审核：%(result)s。"),
    "visit.signed_off": _l("案场负责人签批。"),
    "visit.entered": _l("置业顾问录入，渠道来源 %(channel_source)s。"),
    "visit.excused": _l("过晚报备获例外批准，保护期至 %(until)s。"),
    "visit.excuse_declined": _l("案场负责人没有例外批准过晚报备。"),
    "visit.lapsed_asked": _l("客户到前台，报备的保护已止于 %(until)s，已告知前台，没有登记。"),
    "visit.late_asked": _l("客户到前台，报备 %(effective_from)s 起才算数，已告知前台，没有登记。"),
    "visit.left_open": _l("到闭馆没有走完，停在%(step)s，已提醒案场。"),
    "record.written": _l("公司来源记录：%(source)s。"),
    "record.lifted": _l("公司来源记录不再阻挡其他报备。"),
    "record.revealed": _l("查看公司来源记录的完整资料：%(fields)s，原因：%(reason)s。"),
    "extension.asked": _l("申请大宗延期，编号 %(reference)s。"),
    "extension.commented": _l("案场负责人给出意见。"),
    "extension.approved": _l("同意延期，保护延至 %(until)s。"),
    "extension.rejected": _l("不同意延期，保护期仍止于 %(until)s。"),
    "extension.lapsed": _l("延期申请失效。"),
    "deal.recorded": _l("登记成交：%(kind)s，%(happened_at)s。"),
    "deal.revealed": _l("查看购房人的完整资料：%(fields)s，原因：%(reason)s。"),
    "deal.import_begun": _l("导入成交 %(reference)s，%(rows)s 行。"),
    "deal.import_finished": _l(
        "导入 %(reference)s 完成：新登记 %(imported)s 行，已有 %(present)s 行，未收 %(refused)s 行。"
    ),
    "relation.recorded": _l("登记亲属关系：%(kind)s。"),
    "relation.withdrawn": _l("撤回亲属关系。"),
    "finding.explanation_asked": _l("要求分销商说明，%(due_at)s 前。"),
    "finding.explanation_prolonged": _l("说明期限延长，%(due_at)s 前。"),
    "finding.explained": _l("分销商已说明。"),
    "finding.evidence_opened": _l("打开 %(reference)s 的证据。"),
    "finding.sanction_confirmed": _l("%(reference)s 确认处理：%(sanction)s。"),
    "finding.sanction_waived": _l("%(reference)s 不作处理：%(sanction)s。"),
    "finding.received": _l("%(reference)s 的处理通知已送达。"),
    "finding.appealed": _l("%(reference)s 对处理提出申诉：%(sanction)s。"),
    "finding.sanction_upheld": _l("%(reference)s 申诉后维持：%(sanction)s。"),
    "finding.sanction_lifted": _l("%(reference)s 申诉后撤销：%(sanction)s。"),
    "finding.taken_up": _l("%(reference)s 已受理调查。"),
    "finding.identified": _l("%(reference)s 查明当事方。"),
    "finding.handover_proposed": _l("%(reference)s 提出移送：%(sanction)s。"),
    "finding.settled": _l("%(reference)s 已办结：%(sanction)s。"),
    "finding.recounted": _l("%(reference)s 由第 %(before)s 次改计为第 %(after)s 次：在前的认定申诉后撤销。"),
    "finding.contact_opened": _l("查看 %(reference)s 举报人留下的联系方式。"),
    "alert.made_a_case": _l("预警“%(kind)s”立案，编号 %(reference)s。"),
    "alert.set_aside": _l("预警“%(kind)s”排除。"),
    "claim.made": _l("收到撞单申请，编号 %(reference)s。"),
    "claim.supported": _l("撞单申请 %(reference)s 补交 %(files)s 份证据。"),
    "claim.closed": _l("撞单申请 %(reference)s 结案。"),
    "ruling.event": _l("成交归属按规则得出，裁定 %(reference)s。"),
    "ruling.fallen": _l("归属不再成立，重新得出裁定 %(reference)s。"),
    "ruling.ruled": _l("归属裁定 %(reference)s 签发。"),
    "ruling.redetermined": _l("查实后重新确定归属，裁定 %(reference)s。"),
    "finding.reported": _l("报告%(kind)s，编号 %(reference)s，待查实。"),
    "finding.confirmed": _l("%(reference)s 已查实。"),
    "finding.unfounded": _l("%(reference)s 查无实据。"),
    "distributor.created": _l("分销商建档，编号 %(reference)s。"),
    "distributor.changed": _l("分销商资料更改：%(fields)s。"),
    "distributor.suspended": _l("暂停合作；进行中的登记 %(running)s 件照常到期。"),
    "distributor.blacklisted": _l("列入黑名单；作废登记 %(voided)s 件。"),
    "commission.released": _l("放行 %(deal)s 的佣金。"),
    "enforcement.moved_up": _l("%(reference)s 由第 %(before)s 位递补为第 %(after)s 位。"),
    "enforcement.finished": _l("执行办完：递补 %(move_up)s 份，通知对方 %(tell_partner)s 人、案场 %(tell_sites)s 人。"),
    "distributor.reinstated": _l("恢复合作。"),
    "message.revealed": _l("查看待发消息的内容，原因：%(reason)s。"),
    "message.sent_again": _l("重新发送消息。"),
    "user.created": _l("账号开通。"),
    "user.changed": _l("账号资料更改：%(fields)s。"),
    "user.disabled": _l("账号停用。"),
    "user.enabled": _l("账号恢复。"),
    "user.locked_out": _l("连续 %(failures)s 次登录失败，账号锁定。"),
    "user.unlocked": _l("账号解锁。"),
    "user.signed_in": _l("登录。"),
    "user.signed_out_everywhere": _l("在所有设备上退出登录。"),
    "user.password_changed": _l("更改密码。"),
    "user.password_reset": _l("密码重置。"),
    "user.granted": _l("授予岗位：%(role)s %(project)s。"),
    "user.revoked": _l("收回岗位：%(role)s %(project)s。"),
    "project.created": _l("项目建档，代码 %(code)s。"),
    "project.changed": _l("项目资料更改：%(fields)s。"),
    "project.policy_bound": _l("规则 %(policy)s 自 %(effective_from)s 起生效。"),
    "policy.published": _l("发布规则 %(code)s 第 %(version)s 版。"),
    "backtest.asked": _l("规则试算 %(reference)s：按%(policy)s试算 %(first_day)s 至 %(last_day)s。"),
    "backtest.stopped": _l("停止规则试算 %(reference)s。"),
    "document.printed": _l("%(kind)s %(reference)s 已签发。"),
    "document.failed": _l("%(kind)s %(reference)s 没有打印出来。"),
    "job.run_again": _l("后台任务重新运行：%(job)s。"),
}

#: What only the company reads: its own records, who looked at what, its unfinished work and its machinery.
_COMPANY_ONLY = frozenset(
    {
        "record",
        "document",
        "contract_template",
        "user",
        "job",
        "project",
        "policy",
        "deal",
        "relation",
        "ruling",
        "finding",
        "backtest",
        "care",
        "assessment",
        "complaint",
        "prospect",
        "application",
        "partner_file",
        "paper",
        "alert",
        "spot_check",
    }
)
INTERNAL = frozenset(verb for verb in SENTENCES if verb.split(".")[0] in _COMPANY_ONLY) | {
    "registration.revealed",
    "visit.left_open",
}

Values: TypeAlias = Mapping[str, Mapping[Any, LazyString]]


def joined(*rooms: Values) -> dict[str, Mapping[Any, LazyString]]:
    """The words of all rooms by the name of the fact. Raises ValueError when two rooms say a value differently."""
    found: dict[str, dict[Any, LazyString]] = {}
    for room in rooms:
        for name, words in room.items():
            known = found.setdefault(name, {})
            if any(str(known[value]) != str(word) for value, word in words.items() if value in known):
                raise ValueError(f"two rooms say {name} differently")
            known.update(words)
    return dict(found)


_OWN: Values = {
    "stage": STAGES,
    "step": STEPS,
    "kind": {
        **KINDS,
        **EVENTS,
        **RELATIONS,
        **FINDINGS,
        **ALERTS,
        **care.CONTACTS,
        **contracts.KINDS,
        **prospects.CONTACTS,
    },
    "role": ROLE_WORDS,
    "sanction": SANCTIONS,
    "bulk": {True: _l("大宗"), False: _l("非大宗")},
    # A distributor never learns which record stood in the way (RE-Q29).
    "result": {
        **{result: word for result, (_look, word) in care.RESULTS.items()},
        **spot_checks.RESULTS,
        "passed": _l("通过"),
        "failed": _l("不通过"),
        "company_record": _l("不符合条件"),
    },
    "party": {"customer": _l("客户"), "broker": _l("经纪人"), "reception": _l("前台")},
    "method": {"glass": _l("屏幕手写"), "paper": _l("纸质"), "account": _l("登录后确认")},
    "source": {
        "natural": _l("自然到访"),
        "call": _l("来电"),
        "own": _l("自行开发"),
        "referral": _l("老带新"),
        "partner": _l("其他合作方"),
        **prospects.SOURCES,
    },
}
_VALUES = joined(_OWN, complaints.VALUES, contract_events.VALUES, applications.VALUES, exits.VALUES, delegations.VALUES)
FIELDS: dict[str, LazyString] = {
    "name": _l("姓名"),
    "customer_name": _l("姓名"),
    "phone": _l("手机号"),
    "id_number": _l("证件号"),
    "company": _l("购房公司"),
    "company_code": _l("统一社会信用代码"),
    "residence": _l("客户来自"),
    "login": _l("登录名"),
    "locale": _l("语言"),
}


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def describe(verb: str, facts: Mapping[str, Any], zone: ZoneInfo = times.PORTAL_ZONE) -> str:
    """The sentence of an entry. Raises KeyError for a verb outside the vocabulary."""
    shown = _Facts({name: _shown(verb, name, value, zone) for name, value in facts.items()})
    return str(SENTENCES[verb]) % shown


def _shown(verb: str, name: str, value: Any, zone: ZoneInfo) -> str:
    if name in {"until", "due_at"}:
        return times.until(datetime.fromisoformat(value), zone)
    if name in {"arrived_at", "effective_from", "expected_at", "happened_at"} and value:
        return times.second(datetime.fromisoformat(value), zone)
    if verb == "assessment.published" and name == "result":
        return str(care.RESULTS[value][1] if value in care.RESULTS else value)
    if name == "fields":
        return str(_l("、")).join(str(_fields_of(verb).get(field, field)) for field in value)
    if name == "matches":
        return str(_l("、")).join(dict.fromkeys(_match_key(one) for one in value))
    if isinstance(value, list):
        return str(_l("、")).join(str(_VALUES.get(name, {}).get(one, one)) for one in value)
    if name == "reason" and verb.endswith(".revealed"):
        return str(reveals.SAID.get(value, value))
    return str(_VALUES.get(name, {}).get(value, value if value is not None else ""))


def _match_key(mark: str) -> str:
    """What a mark of the blacklist says was the same; the distributor before the colon is named where it is looked up."""
    key = mark.partition(":")[2]
    return str(applications.MATCH_KEYS.get(key, key))


def _fields_of(verb: str) -> Mapping[str, LazyString]:
    """What the fields of a customer, or of a partner's file with its papers, are called."""
    if verb.startswith(("application.", "partner_file.")):
        return {**applications.FIELDS, **applications.PAPERS}
    return FIELDS
