"""The names and values of policy parameters as people read them in forms, differences and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.rules.policy_parameters import changes_between, kind_of

LABELS: Mapping[str, LazyString] = {
    "code": _l("规则代码"),
    "title.zh": _l("中文名称"),
    "title.en": _l("英文名称"),
    "owner_unit": _l("报备算在谁名下"),
    "lead_time.rule": _l("提前时间怎样算"),
    "lead_time.local.value": _l("本地客户提前多少"),
    "lead_time.local.unit": _l("本地客户提前的单位"),
    "lead_time.elsewhere.value": _l("外地客户提前多少"),
    "lead_time.elsewhere.unit": _l("外地客户提前的单位"),
    "lead_time.excusable": _l("报备过晚可以例外批准"),
    "hold.days": _l("报备保护的天数"),
    "hold.count": _l("报备保护怎样数"),
    "protection.days": _l("保护期的天数"),
    "protection.count": _l("保护期怎样数"),
    "protection.renewed_by_visit": _l("再次到访重新计时"),
    "extension.days": _l("延期的天数"),
    "extension.cap_days": _l("连同延期最长的天数"),
    "extension.times": _l("延期的次数"),
    "extension.needs_bulk": _l("只有大宗客户可以延期"),
    "extension.needs_entry": _l("录入之后才能申请延期"),
    "refiling.cooling_off_days": _l("到期后隔多少天才能再报备"),
    "lock.basis": _l("锁定时间"),
    "lock.tie_break": _l("同一秒时的先后"),
    "eligibility.rule": _l("客户须符合的条件"),
    "classification.due_days": _l("大宗认定的天数"),
    "phones.masked_accepted": _l("接受遮住数字的手机号"),
    "claim_window.days": _l("撞单申请的天数"),
    "claim_window.strict_days": _l("撞单申请不加注的天数"),
    "call_back.share": _l("回访的比例"),
    "circle.radius_m": _l("不得拦截的范围（米）"),
    "penalties.first_offence": _l("第一次违规的违约金（元）"),
    "penalties.false_filing_damages": _l("违约报备的索赔（元）"),
    "penalties.refund_days": _l("退还佣金的天数"),
    "explanation.days": _l("答复说明要求的天数"),
    "reminders.hold": _l("报备保护到期前几天提醒"),
    "reminders.protection": _l("保护期到期前几天提醒"),
}
_WORDS: Mapping[str, LazyString] = {
    "distributor": _l("分销商公司"),
    "front_desk_time": _l("按前台登记的实际到访时间"),
    "MINUTE": _l("分钟"),
    "HOUR": _l("小时"),
    "CALENDAR_DAY": _l("自然日"),
    "EXCLUSIVE": _l("起始当天不计"),
    "INCLUSIVE": _l("起始当天算第 1 天"),
    "FILING": _l("系统收到报备的时间"),
    "front_desk": _l("前台登记时间"),
    "recorded": _l("记录先后"),
    "no_older_company_record": _l("报备之前公司没有来源记录"),
}


def label_of(dotted: str) -> str:
    """What a parameter is called; its dotted name when it has no words yet."""
    return str(LABELS.get(dotted, dotted))


def word_of(word: str) -> str:
    """The words of one choice; the choice itself when it has none yet."""
    return str(_WORDS.get(word, word))


def value_words(dotted: str, value: Any) -> str:
    """The value of a parameter as people read it; a dash where there is none."""
    if value is None:
        return "–"
    kind = kind_of(dotted, value)
    if kind == "flag":
        return _("是") if value else _("否")
    if kind == "share":
        return f"{value * 100:g}%"
    if kind in ("order", "days"):
        return list_words([word_of(str(one)) for one in value])
    return word_of(str(value))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(parameter, old value, new value) in words, for what differs."""
    return [
        (label_of(dotted), value_words(dotted, old), value_words(dotted, new))
        for dotted, old, new in changes_between(before, after)
    ]


def list_words(items: Sequence[Any]) -> str:
    """15、7、1 in Chinese, 15, 7, 1 in English."""
    return _("、").join(str(item) for item in items)
