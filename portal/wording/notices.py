"""The sentences of notices: kind -> bold words and the rest, made when they are read, in the reader's language.

Sentences may name facts of the notice. An instant is shown in the zone of its project: ``arrived_at`` to the second,
``until``, the exclusive end of a period, as its last covered minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l

from portal.wording import applications, care, complaints, contract_events, delegations, exits, times
from portal.wording.deals import EVENTS

STAGES: dict[str, LazyString] = {"hold": _l("报备保护"), "visit": _l("保护期"), "extended": _l("延期保护")}
STEPS: dict[str, LazyString] = {
    "slip": _l("三方签字"),
    "audit": _l("审核"),
    "sign_off": _l("签批"),
    "entry": _l("录入"),
}

_SENTENCES: dict[str, tuple[LazyString, LazyString]] = {
    **applications.NOTICES,
    **care.NOTICES,
    **contract_events.NOTICES,
    **exits.NOTICES,
    **complaints.NOTICES,
    **delegations.NOTICES,
    "registration.ended": (_l("%(reference)s %(stage)s已到期。"), _l("止于 %(until)s，可以重新报备。")),
    "registration.voided": (_l("%(reference)s 已作废。"), _l("有异议请联系渠道部。")),
    "registration.classified_bulk": (
        _l("%(reference)s 已认定为大宗。"),
        _l("%(until)s 前可以申请延期。"),
    ),
    "visit.natural": (
        _l("%(reference)s 这次到访按自然到访登记。"),
        _l("前台登记时间 %(arrived_at)s，报备没有赶上规定时间或已失效。"),
    ),
    "visit.refused": (_l("%(reference)s 不符合条件。"), _l("这次到访不产生保护。")),
    "visit.audit_failed": (_l("%(reference)s 审核不通过。"), _l("保护到此为止，案场会说明原因。")),
    "visit.protected": (_l("%(reference)s 首次到访已录入。"), _l("审核、签批、录入都已完成，保护期至 %(until)s。")),
    "visit.excused": (_l("%(reference)s 的过晚报备已获例外批准。"), _l("保护期至 %(until)s。")),
    "visit.excuse_declined": (_l("%(reference)s 的过晚报备没有获得例外批准。"), _l("打开客户页看原因。")),
    "visit.left_open": (_l("%(reference)s 到闭馆还没有走完。"), _l("停在%(step)s，请今天办完；时间照到访日算。")),
    "extension.asked": (_l("%(reference)s 申请大宗延期。"), _l("原保护期至 %(until)s，决定前客户仍受保护。")),
    "extension.approved": (_l("%(reference)s 延期已同意。"), _l("保护延至 %(until)s。")),
    "extension.rejected": (_l("%(reference)s 延期未获同意。"), _l("保护期仍止于 %(until)s。")),
    "extension.lapsed": (_l("%(reference)s 的延期申请已失效。"), _l("合作终止，申请不再处理。")),
    "deal.recorded": (_l("%(reference)s 的客户已%(event)s。"), _l("%(happened_at)s 登记在案，归属按规则认定。")),
    "claim.received": (_l("收到撞单申请 %(reference)s。"), _l("%(until)s 前裁定并答复。")),
    "deal.import_finished": (
        _l("成交导入 %(reference)s 已完成。"),
        _l("新登记 %(imported)s 行，已有 %(present)s 行，未收 %(refused)s 行。"),
    ),
    "claim.answered": (_l("撞单申请 %(reference)s 已有答复。"), _l("打开申请看答复和条款。")),
    "finding.explanation_asked": (_l("公司要求贵司说明 %(reference)s。"), _l("%(until)s 前写明经过，附上证据。")),
    "finding.explanation_prolonged": (_l("%(reference)s 的说明期限已延长。"), _l("%(until)s 前写明经过，附上证据。")),
    "finding.explanation_ending": (
        _l("%(reference)s 的说明期限快到了。"),
        _l("%(until)s 前没有说明、举证的，公司可以认定违约。"),
    ),
    "finding.silent": (_l("%(reference)s 期限内没有说明。"), _l("可以认定；违约报备的建议认定成立。")),
    "finding.explained": (_l("分销商已说明 %(reference)s。"), _l("可以认定了。")),
    "finding.confirmed": (_l("%(reference)s 已认定违规。"), _l("处理确认后另行通知，收到后可以申诉。")),
    "finding.unfounded": (_l("%(reference)s 查无实据。"), _l("已结案，不作处理。")),
    "finding.sanctioned": (_l("%(reference)s 的处理已确认。"), _l("请打开确认收到；有异议在期限内申诉。")),
    "finding.appealed": (_l("%(reference)s 收到申诉。"), _l("由没有经办过的同事决定。")),
    "finding.due": (_l("%(reference)s 的款项或佣金快到办结期限。"), _l("%(until)s 前退还或办结。")),
    "finding.overdue": (_l("%(reference)s 过了办结期限还没有办结。"), _l("联系分销商，或登记已办结。")),
    "finding.own_staff": (_l("%(reference)s 对案场人员的处理已确认。"), _l("通报集团，打开看事实、条款和处理。")),
    "finding.recounted": (
        _l("%(reference)s 少算一次：在前的认定申诉后撤销。"),
        _l("您已经决定的处理不会自动改变，请复核。"),
    ),
    "finding.appeal_decided": (_l("%(reference)s 的申诉已有决定。"), _l("打开看维持还是撤销，以及理由。")),
    "partner.suspend": (
        _l("%(distributor)s 已暂停合作。"),
        _l("%(project)s：不收新报备；正在进行的照常到期，可以带客来访。"),
    ),
    "partner.blacklist": (
        _l("%(distributor)s 已列入黑名单。"),
        _l("%(project)s：作废登记 %(voided)s 份，递补 %(moved_up)s 份，名次以现在为准。"),
    ),
    "partner.terminate": (
        _l("与 %(distributor)s 的合作已终止。"),
        _l("%(project)s：作废登记 %(voided)s 份，递补 %(moved_up)s 份，名次以现在为准。"),
    ),
    "partner.exit": (
        _l("%(distributor)s 已退出合作。"),
        _l("%(project)s：作废登记 %(voided)s 份，递补 %(moved_up)s 份，名次以现在为准。"),
    ),
    "partner.reinstate": (
        _l("%(distributor)s 已恢复合作。"),
        _l("%(project)s：从现在起收其报备；已作废的登记不恢复。"),
    ),
    "distributor.suspended": (_l("贵司已暂停合作。"), _l("暂时不能报备和申请；已有的保护继续到期满。")),
    "distributor.blacklisted": (_l("贵司已列入黑名单。"), _l("未成交的保护已作废。")),
    "distributor.terminated": (_l("与贵司的合作已终止。"), _l("未成交的保护已作废；未尽事项在终止清单里。")),
    "distributor.exited": (
        _l("贵司的退出申请已同意，合作结束。"),
        _l("签字移交的保护已作废，其余走到期满；未尽事项在退出清单里。"),
    ),
    "distributor.reinstated": (_l("贵司已恢复合作。"), _l("从现在起可以报备；已作废的不恢复。")),
    "backtest.done": (_l("规则试算 %(reference)s 已完成。"), _l("会有什么不同，在结果里逐件列出。")),
    "backtest.failed": (
        _l("规则试算 %(reference)s 没有算完。"),
        _l("数据没有改动；可以再试算一次，仍不行请联系管理员。"),
    ),
    "retention.to_appraise": (
        _l("%(reference)s 的合同和结算单保存期满。"),
        _l("存到了 %(until)s；请会同财务鉴定是否可以销毁，系统不自行销毁。"),
    ),
    "document.delayed": (
        _l("文件 %(reference)s 在等时间戳。"),
        _l("时间戳机构没有给出可用的答复；系统每分钟再试，签好之前不出文件。"),
    ),
    "document.failed": (_l("%(reference)s 没有打印出来。"), _l("在后台任务里看原因，可以重新打印。")),
}


#: What notices say that were told before they named their project.
_HERE = _l("本项目")


@dataclass(frozen=True)
class Said:
    """A notice as it is read: the bold words, then the rest."""

    strong: str
    rest: str


def describe(kind: str, facts: Mapping[str, Any], zone: ZoneInfo = times.PORTAL_ZONE) -> Said:
    """The words of a notice. Raises KeyError for a kind without words."""
    shown = {"project": str(_HERE)} | {name: _shown(name, value, zone) for name, value in facts.items()}
    if kind == "registration.ending":
        return _ending(facts, shown)
    if kind == "ruling.issued":
        return _issued(facts["wins"], shown)
    strong, rest = _SENTENCES[kind]
    return Said(str(strong) % shown, str(rest) % shown)


def kinds() -> frozenset[str]:
    """Every kind that has words."""
    return frozenset(_SENTENCES) | {"registration.ending", "ruling.issued"}


def _ending(facts: Mapping[str, Any], shown: Mapping[str, str]) -> Said:
    strong = ngettext(
        "%(reference)s %(stage)s %(num)d 天内到期。",
        "%(reference)s %(stage)s %(num)d 天内到期。",
        facts["days"],
        **{name: shown[name] for name in ("reference", "stage")},
    )
    if facts["stage"] == "hold":
        rest = _l("止于 %(until)s；到期前未到访，不延长。")
    elif facts["extendable"]:
        rest = _l("止于 %(until)s；已认定大宗，到期前可以申请延期。")
    else:
        rest = _l("止于 %(until)s。")
    return Said(strong, str(rest) % shown)


def _issued(wins: bool, shown: Mapping[str, str]) -> Said:
    strong = _l("%(registration)s 的成交归属贵司。") if wins else _l("%(registration)s 的成交不归属贵司。")
    return Said(str(strong) % shown, str(_l("裁定 %(reference)s 已签发，理由和条款在裁定里。")) % shown)


def _shown(name: str, value: Any, zone: ZoneInfo) -> str:
    if name == "until":
        return times.until(datetime.fromisoformat(value), zone)
    if name == "arrived_at":
        return times.second(datetime.fromisoformat(value), zone)
    if name == "happened_at":
        return times.moment(datetime.fromisoformat(value), zone)
    if name == "event":
        return str(EVENTS[value])
    if name == "paper":
        return str(applications.PAPERS[value])
    if name == "stage":
        return str(STAGES[value])
    if name == "step":
        return str(STEPS[value])
    return str(value)
