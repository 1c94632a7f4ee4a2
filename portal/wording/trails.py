"""The sentences of a registration's history as its distributor reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.queries.trails import Step
from portal.wording import times
from portal.wording.ink import DECLINED
from portal.wording.people import ROLE_WORDS

FIELD_WORDS: dict[str, LazyString] = {
    "name": _l("姓名"),
    "phone": _l("手机号"),
    "id_number": _l("证件号"),
    "company": _l("购房公司"),
    "company_code": _l("统一社会信用代码"),
    "residence": _l("客户来自"),
}
_STAGE_WORDS: dict[str, LazyString] = {
    "hold": _l("报备保护到期，未到访"),
    "visit": _l("保护期到期"),
    "extended": _l("延期后的保护到期"),
}

Sentence = Callable[[dict[str, Any], ZoneInfo], str]


def _until(facts: dict[str, Any], zone: ZoneInfo) -> str:
    return times.until(datetime.fromisoformat(facts["until"]), zone)


def _arrived(facts: dict[str, Any], zone: ZoneInfo) -> str:
    return times.hour(datetime.fromisoformat(facts["arrived_at"]), zone)


def _corrected(facts: dict[str, Any], zone: ZoneInfo) -> str:
    words = "、".join(str(FIELD_WORDS[name]) for name in facts["fields"])
    return _("案场更正：%(fields)s", fields=words)


def _ended(facts: dict[str, Any], zone: ZoneInfo) -> str:
    return str(_STAGE_WORDS[facts["stage"]])


def _audited(facts: dict[str, Any], zone: ZoneInfo) -> str:
    words = {"passed": _("审核通过"), "failed": _("审核不通过"), "company_record": _("不符合条件")}
    return words[facts["result"]]


SENTENCES: dict[str, Sentence] = {
    "registration.filed": lambda facts, zone: _("报备收到，保护至 %(until)s", until=_until(facts, zone)),
    "registration.corrected": _corrected,
    "registration.classified": lambda facts, zone: _("认定为大宗客户") if facts["bulk"] else _("认定为非大宗客户"),
    "registration.voided": lambda facts, zone: _("登记作废"),
    "registration.ended": _ended,
    "registration.reminded": lambda facts, zone: _(
        "提醒：%(days)s 天内到期，至 %(until)s", days=facts["days"], until=_until(facts, zone)
    ),
    "visit.arrived": lambda facts, zone: _("%(time)s 前台登记到访", time=_arrived(facts, zone)),
    "visit.registered": lambda facts, zone: _("三方已签带客确认单，%(time)s 到访有效", time=_arrived(facts, zone)),
    "visit.repeated": lambda facts, zone: _("%(time)s 再次到访，保护不重新计时", time=_arrived(facts, zone)),
    "visit.natural": lambda facts, zone: _("%(time)s 到访，列为自然到访", time=_arrived(facts, zone)),
    "visit.refused": lambda facts, zone: _("%(time)s 到访，不符合条件", time=_arrived(facts, zone)),
    "visit.slip_declined": lambda facts, zone: str(DECLINED[facts["party"]]),
    "visit.protected": lambda facts, zone: _("保护期开始，至 %(until)s", until=_until(facts, zone)),
    "visit.audited": _audited,
    "visit.signed_off": lambda facts, zone: _("案场负责人签批"),
    "visit.entered": lambda facts, zone: _("录入销售系统，渠道来源是贵司"),
    "visit.excused": lambda facts, zone: _("案场负责人例外批准，保护至 %(until)s", until=_until(facts, zone)),
    "visit.excuse_declined": lambda facts, zone: _("案场负责人没有例外批准"),
    "extension.asked": lambda facts, zone: _("已申请大宗延期"),
    "extension.approved": lambda facts, zone: _("同意延期，保护至 %(until)s", until=_until(facts, zone)),
    "extension.rejected": lambda facts, zone: _("不同意延期，保护至 %(until)s", until=_until(facts, zone)),
    "extension.lapsed": lambda facts, zone: _("延期申请失效"),
}


def told(steps: list[Step], zone: ZoneInfo) -> list[dict[str, Any]]:
    """The steps as ``ui.trail`` takes them."""
    return [
        {
            "at": step.at,
            "words": SENTENCES[step.verb](step.facts, zone),
            "clause": step.clause,
            "by": _by(step),
            "system": step.actor is None,
        }
        for step in steps
    ]


def _by(step: Step) -> str:
    if step.actor is None:
        return _("系统")
    role = ROLE_WORDS.get(step.actor_role)
    return f"{role} {step.actor}" if role else step.actor
