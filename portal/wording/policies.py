"""A policy in plain words, made from its values: each sentence names the parameters that it speaks and the clauses it is from.

The table is data: a regime speaks the sentences whose parameters its document has, and cites only its own clauses and the
general ones. A parameter that no sentence speaks is listed by its name, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.rules.policy_parameters import kind_of, leaves
from portal.wording.money import money
from portal.wording.policy_values import list_words, value_words

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of some parameters. ``words`` gets every parameter by its dotted name."""

    paths: tuple[str, ...]
    clauses: tuple[str, ...]
    words: Callable[[Values], str]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of one policy, with the clauses of its regime."""

    words: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What belongs together, under a heading."""

    title: str
    sentences: tuple[Said, ...]


def title_of(document: Mapping[str, Any]) -> str:
    """The policy's title in the reader's language."""
    titles = document.get("title")
    if not isinstance(titles, Mapping):
        return str(titles or document.get("code", ""))
    return str(titles.get("en" if str(get_locale() or "").startswith("en") else "zh") or document.get("code", ""))


def spoken(document: Mapping[str, Any]) -> list[Chapter]:
    """The whole policy, chapter by chapter."""
    values = dict(leaves(document))
    chapters = [Chapter(str(title), _said(table, values)) for title, table in CHAPTERS]
    return [chapter for chapter in (*chapters, _rest(values)) if chapter.sentences]


def chapters_of(document: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The parameters that can be edited, by the chapters in which they are spoken; what none speaks comes last."""
    values = dict(leaves(document))
    editable = [path for path, value in values.items() if kind_of(path, value) != "fixed"]
    found = [
        (str(title), [path for sentence in table for path in sentence.paths if path in editable])
        for title, table in CHAPTERS
    ]
    found.append((str(_l("其他参数")), [path for path in editable if path not in spoken_paths()]))
    return [(title, paths) for title, paths in found if paths]


def spoken_paths() -> frozenset[str]:
    """Every parameter that a sentence speaks."""
    return frozenset(path for _title, table in CHAPTERS for sentence in table for path in sentence.paths)


def _said(table: tuple[Sentence, ...], values: Values) -> tuple[Said, ...]:
    regime = f"{values.get('code')}-"
    return tuple(
        Said(sentence.words(values), tuple(one for one in sentence.clauses if one.startswith((regime, "GD-"))))
        for sentence in table
        if all(path in values for path in sentence.paths)
    )


def _rest(values: Values) -> Chapter:
    """What this book of sentences does not know yet."""
    spoken_here = {
        path
        for _title, table in CHAPTERS
        for sentence in table
        if all(one in values for one in sentence.paths)
        for path in sentence.paths
    }
    unspoken = [path for path in values if path not in spoken_here]
    return Chapter(
        str(_l("其他参数")), tuple(Said(f"{path}: {value_words(path, values[path])}", ()) for path in unspoken)
    )


def _head(values: Values) -> str:
    return _(
        "%(title)s，规则代码 %(code)s。", title=title_of({"title": _titles(values), **values}), code=values["code"]
    )


def _titles(values: Values) -> dict[str, Any]:
    return {lang: values[f"title.{lang}"] for lang in ("zh", "en")}


def _owner(values: Values) -> str:
    return _("报备算在%(owner)s名下。", owner=value_words("owner_unit", values["owner_unit"]))


def _lead_rule(values: Values) -> str:
    if values["lead_time.rule"] == "front_desk_time":
        return _("提前多久，按前台登记的实际到访时间算到秒，预计时间只作参考。")
    return value_words("lead_time.rule", values["lead_time.rule"])


def _lead(values: Values, who: str) -> str:
    """至迟在到访前 1 小时, or the days before in calendar days."""
    number, unit = values[f"lead_time.{who}.value"], values[f"lead_time.{who}.unit"]
    if number == 0:
        return _("到访之前")
    if unit == "MINUTE":
        return ngettext("到访前 %(num)d 分钟", "到访前 %(num)d 分钟", number)
    if unit == "HOUR":
        return ngettext("到访前 %(num)d 小时", "到访前 %(num)d 小时", number)
    return ngettext("到访日之前 %(num)d 个自然日", "到访日之前 %(num)d 个自然日", number)


def _local(values: Values) -> str:
    return _("本地客户至迟在%(lead)s报备。", lead=_lead(values, "local"))


def _elsewhere(values: Values) -> str:
    return _("外地客户至迟在%(lead)s报备。", lead=_lead(values, "elsewhere"))


def _excusable(values: Values) -> str:
    if values["lead_time.excusable"]:
        return _("报备过晚的，列为自然到访，除非案场负责人写明理由例外批准。")
    return _("报备过晚的，一律列为自然到访，不能例外批准。")


def _masked(values: Values) -> str:
    if values["phones.masked_accepted"]:
        return _("手机号可以遮住中间几位。")
    return _("手机号须完整，有遮住的数字不受理。")


def _eligibility(values: Values) -> str:
    if values["eligibility.rule"] == "no_older_company_record":
        return _("报备之前，公司已有这位客户的来源记录的，不符合条件；报备之后产生的记录不影响。")
    return value_words("eligibility.rule", values["eligibility.rule"])


def _refiling(values: Values) -> str:
    days = values["refiling.cooling_off_days"]
    if days == 0:
        return _("到期后可以立即重新报备，按新的时间算。")
    return ngettext(
        "到期满 %(num)d 天后才能重新报备，按新的时间算。", "到期满 %(num)d 天后才能重新报备，按新的时间算。", days
    )


def _hold(values: Values) -> str:
    return ngettext(
        "报备收到即受保护，保护 %(num)d 天，%(count)s，到最后一天 23:59:59。",
        "报备收到即受保护，保护 %(num)d 天，%(count)s，到最后一天 23:59:59。",
        values["hold.days"],
        count=value_words("hold.count", values["hold.count"]),
    )


def _protection(values: Values) -> str:
    return ngettext(
        "首次到访签单后保护 %(num)d 天，%(count)s，到最后一天 23:59:59。",
        "首次到访签单后保护 %(num)d 天，%(count)s，到最后一天 23:59:59。",
        values["protection.days"],
        count=value_words("protection.count", values["protection.count"]),
    )


def _renewed(values: Values) -> str:
    return _("每次到访重新计时。") if values["protection.renewed_by_visit"] else _("再次到访不重新计时。")


def _extension(values: Values) -> str:
    if values["extension.times"] == 0:
        return _("不能延期。")
    return _(
        "保护期内申请，渠道部同意的，从原到期日起延 %(days)d 天，最多 %(times)d 次；决定之前继续受保护。",
        days=values["extension.days"],
        times=values["extension.times"],
    )


def _cap(values: Values) -> str:
    return ngettext(
        "连同延期，自首次到访起最长 %(num)d 天。",
        "连同延期，自首次到访起最长 %(num)d 天。",
        values["extension.cap_days"],
    )


def _needs_bulk(values: Values) -> str:
    if values["extension.needs_bulk"]:
        return _("只有案场认定的大宗客户可以申请延期。")
    return _("不论是否大宗客户，都可以申请延期。")


def _needs_entry(values: Values) -> str:
    if values["extension.needs_entry"]:
        return _("案场录入之后才能申请延期。")
    return _("案场录入之前也可以申请延期。")


def _classification(values: Values) -> str:
    return ngettext(
        "首次到访后 %(num)d 天内，案场认定是否大宗；更晚的认定有效，加注。",
        "首次到访后 %(num)d 天内，案场认定是否大宗；更晚的认定有效，加注。",
        values["classification.due_days"],
    )


def _lock(values: Values) -> str:
    if values["lock.basis"] == "FILING":
        return _("归属看锁定时间：系统收到报备的时间，以报备保护内登记了首次到访为前提；先者在前。")
    return value_words("lock.basis", values["lock.basis"])


def _ties(values: Values) -> str:
    return _("同一秒收到的，依次比较：%(order)s。", order=value_words("lock.tie_break", values["lock.tie_break"]))


def _claims(values: Values) -> str:
    return _(
        "认筹、认购或签约之日起 %(days)d 天内可以提出撞单申请；满 %(strict)d 天以后提出的，受理并加注。",
        days=values["claim_window.days"],
        strict=values["claim_window.strict_days"],
    )


def _explanation(values: Values) -> str:
    return ngettext(
        "公司要求说明的，收到通知后 %(num)d 天内答复，可以延长一次。",
        "公司要求说明的，收到通知后 %(num)d 天内答复，可以延长一次。",
        values["explanation.days"],
    )


def _call_back(values: Values) -> str:
    return _(
        "集团客服对成交客户按 %(share)s 抽样回访。", share=value_words("call_back.share", values["call_back.share"])
    )


def _circle(values: Values) -> str:
    return _("售楼处周边 %(metres)d 米内不得拦截客户。", metres=values["circle.radius_m"])


def _first_offence(values: Values) -> str:
    return _("第一次认定违规，违约金 %(amount)s。", amount=money(values["penalties.first_offence"]))


def _false_filing(values: Values) -> str:
    return _(
        "违约报备的，可以不付佣金，已付的须在 %(days)d 天内退还，并可解除合作、索赔 %(amount)s。",
        days=values["penalties.refund_days"],
        amount=money(values["penalties.false_filing_damages"]),
    )


def _remind_hold(values: Values) -> str:
    days = values["reminders.hold"]
    return _("报备保护到期前 %(days)s 天提醒分销商。", days=list_words(days)) if days else _("报备保护到期前不提醒。")


def _remind_protection(values: Values) -> str:
    days = values["reminders.protection"]
    return _("保护期到期前 %(days)s 天提醒分销商。", days=list_words(days)) if days else _("保护期到期前不提醒。")


S = Sentence
CHAPTERS: tuple[tuple[LazyString, tuple[Sentence, ...]], ...] = (
    (
        _l("规则"),
        (
            S(("code", "title.zh", "title.en"), (), _head),
            S(("owner_unit",), ("RE-2.1",), _owner),
        ),
    ),
    (
        _l("怎样报备"),
        (
            S(("lead_time.local.value", "lead_time.local.unit"), ("RE-2.2",), _local),
            S(("lead_time.elsewhere.value", "lead_time.elsewhere.unit"), ("RE-2.3", "RE-Q3"), _elsewhere),
            S(("lead_time.rule",), ("RE-Q2",), _lead_rule),
            S(("lead_time.excusable",), ("RE-2.4", "RE-Q4"), _excusable),
            S(("phones.masked_accepted",), ("RE-8.4",), _masked),
            S(("eligibility.rule",), ("RE-4.1", "RE-Q14", "RE-Q32"), _eligibility),
            S(("refiling.cooling_off_days",), ("RE-Q8",), _refiling),
        ),
    ),
    (
        _l("保护多久"),
        (
            S(("hold.days", "hold.count"), ("RE-2.8", "RE-2.9"), _hold),
            S(("protection.days", "protection.count"), ("RE-2.10",), _protection),
            S(("protection.renewed_by_visit",), ("RE-Q9",), _renewed),
            S(("reminders.hold",), ("RE-2.8",), _remind_hold),
            S(("reminders.protection",), ("RE-2.10",), _remind_protection),
        ),
    ),
    (
        _l("大宗与延期"),
        (
            S(("classification.due_days",), ("RE-2.7", "RE-Q6", "RE-Q41"), _classification),
            S(("extension.days", "extension.times"), ("RE-2.11", "RE-Q10"), _extension),
            S(("extension.cap_days",), ("RE-2.12",), _cap),
            S(("extension.needs_bulk",), ("RE-2.11",), _needs_bulk),
            S(("extension.needs_entry",), ("RE-F11",), _needs_entry),
        ),
    ),
    (
        _l("归属与撞单"),
        (
            S(("lock.basis",), ("RE-8.6", "RE-Q12"), _lock),
            S(("lock.tie_break",), ("RE-F1",), _ties),
            S(("claim_window.days", "claim_window.strict_days"), ("RE-8.1", "RE-Q23"), _claims),
        ),
    ),
    (
        _l("监督与后果"),
        (
            S(("circle.radius_m",), ("RE-5.1",), _circle),
            S(("explanation.days",), ("RE-4.4", "RE-Q15"), _explanation),
            S(("call_back.share",), ("RE-6.5",), _call_back),
            S(("penalties.first_offence",), ("RE-5.3",), _first_offence),
            S(("penalties.false_filing_damages", "penalties.refund_days"), ("RE-4.8",), _false_filing),
        ),
    ),
)
