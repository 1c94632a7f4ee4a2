"""Rulings in plain words: why a registration fell out, why the deal is whose it is, for the company and for one party.

Screens, notices and papers say the same sentences. What a party reads names nobody else and counts nobody (RE-Q28).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.rules.attribution import CORRECT, EARLIEST, RUNNING, UNVISITED
from portal.rules.eliminations import Row
from portal.wording import times
from portal.wording.durations import span
from portal.wording.marks import mark

ORIGINS: dict[str, LazyString] = {
    "event": _l("按规则得出"),
    "fallen": _l("归属不再成立"),
    "ruled": _l("案场后台裁定"),
    "redetermined": _l("重新确定归属"),
}
FINDINGS: dict[str, LazyString] = {
    "complaint": _l("客户投诉"),
    "malicious_grab": _l("恶意抢单"),
    "interception": _l("截客"),
    "poaching": _l("恶意翘客"),
    "false_filing": _l("违约报备"),
    "staff_dumping": _l("甩客、藏客"),
}
FINDING_STATES: dict[str, LazyString] = {
    "reported": _l("待查实"),
    "investigating": _l("调查中"),
    "explanation_asked": _l("已要求说明"),
    "confirmed": _l("已查实"),
    "unfounded": _l("不成立"),
}

_DIFFERENCES: dict[str, LazyString] = {
    "digest": _l("裁定记录的摘要不符"),
    "policy_changed": _l("规则 %(about)s 的文本与发布时不同"),
    "policy_other": _l("规则 %(about)s 不是成交时生效的规则"),
    "column": _l("成交表上的归属与裁定记录不同"),
    "event": _l("成交 %(about)s 与裁定时不同"),
    "registration": _l("登记 %(about)s 与裁定时不同"),
    "outcome": _l("重算的结果不同"),
    "unreadable": _l("裁定记录无法读取"),
}

#: Why a registration fell out at a step, in a few words, for the company's table.
_FELL: dict[int, dict[str, LazyString]] = {
    UNVISITED: {
        "RE-2.4": _l("报备过晚"),
        "RE-2.9": _l("未到访，已过期"),
        "RE-3.3": _l("审核不通过"),
        "RE-4.1": _l("公司早有记录"),
        "RE-4.5": _l("不实报备，已作废"),
        "RE-5.4": _l("终止合作，已作废"),
        "RE-8.3": _l("还没有到访签单"),
    },
    RUNNING: {
        "RE-2.9": _l("报备已过期"),
        "RE-2.10": _l("保护已到期"),
        "RE-2.12": _l("延期已到期"),
        "RE-3.3": _l("事后审核不通过"),
        "RE-4.1": _l("事后审核：公司早有记录"),
        "RE-8.8": _l("购房人本人没有有效登记"),
    },
    CORRECT: {"RE-8.7": _l("资料与购房人不符")},
    EARLIEST: {},
}
_FELL_OTHERWISE: dict[int, LazyString] = {
    UNVISITED: _l("登记不成立"),
    RUNNING: _l("成交时无效"),
    CORRECT: _l("资料不正确"),
    EARLIEST: _l("锁定较晚"),
}

_WON: dict[str, LazyString] = {
    "RE-8.4": _l("成交时贵司的登记已到访签单，保护有效，资料正确，成交归属贵司。"),
    "RE-8.5": _l("公司查实后重新确定归属，成交归属贵司。"),
    "RE-8.6": _l("贵司的登记资料正确，保护有效，锁定在先，成交归属贵司。"),
    "RE-8.7": _l("贵司的登记资料正确；资料正确的优先，其中贵司锁定在先，成交归属贵司。"),
    "RE-8.8": _l("直系亲属的登记合并比较，贵司锁定在先，成交归属贵司。"),
    "RE-8.9": _l("共同购房人的登记合并比较，贵司锁定在先，成交归属贵司。"),
}
_LOST: dict[str, LazyString] = {
    "RE-2.4": _l("贵司的报备没有赶上规定的时间，按自然到访登记，不产生保护。"),
    "RE-2.9": _l("贵司登记的客户没有在报备保护期内到访签单，成交时登记已经失效。"),
    "RE-2.10": _l("成交时贵司登记的保护期已经结束。"),
    "RE-2.12": _l("成交时贵司登记延期后的保护期已经结束。"),
    "RE-3.3": _l("贵司登记的到访审核没有通过，不参加归属判定。"),
    "RE-4.1": _l("贵司的登记不符合条件，不参加归属判定。"),
    "RE-4.5": _l("贵司的登记因报备不实作废，不参加归属判定。"),
    "RE-5.4": _l("贵司的登记因合作终止作废，不参加归属判定。"),
    "RE-8.3": _l("成交时贵司登记的客户还没有到访签单。"),
    "RE-8.4": _l("贵司没有与购房人相符、在成交时有效的登记。"),
    "RE-8.5": _l("公司查实后重新确定归属，成交不归属贵司。"),
    "RE-8.6": _l("贵司的登记在成交时有效，资料正确；另一登记锁定更早，归锁定较早者。"),
    "RE-8.7": _l("贵司登记的资料与购房人核对不符，不能据以确定归属。"),
    "RE-8.8": _l("贵司的登记参加直系亲属的合并比较，不是其中锁定最早的有效登记。"),
    "RE-8.9": _l("贵司的登记参加共同购房人的合并比较，不是其中锁定最早的有效登记。"),
}
_LOST_OTHERWISE = _l("贵司的登记在成交时不成立，不参加归属判定。")

_DECIDED_BY: dict[str, LazyString] = {
    "RE-8.4": _l("只有%(first)s成交时签单齐全、保护有效。"),
    "RE-8.6": _l("%(right)s资料正确，%(first)s锁定在先。"),
    "RE-8.8": _l("直系亲属合并比较，%(first)s锁定在先。"),
    "RE-8.9": _l("共同购房人合并比较，%(first)s锁定在先。"),
}


def replay_words(difference: str) -> str:
    """What differs when a ruling is recomputed."""
    code, _colon, about = difference.partition(":")
    return str(_DIFFERENCES[code]) % {"about": about}


def called(row: Row) -> str:
    """甲, in English A."""
    return mark(row.place, str(get_locale() or "zh_Hans_CN"))


def fell_words(row: Row, zone: ZoneInfo) -> str:
    """Why the row fell out, in a few words: 保护已到期 03-08, 晚 2 天 18 小时."""
    facts = row.candidate.registration
    if row.step == EARLIEST and row.behind is not None:
        return _later_by(row.behind)
    word = str(_FELL[row.step].get(row.clause, _FELL_OTHERWISE[row.step]))
    ended = row.clause in ("RE-2.9", "RE-2.10", "RE-2.12")
    return f"{word} {times.date(times.last_covered(facts.ends_at), zone)[5:]}" if ended else word


def _later_by(behind: timedelta) -> str:
    if behind <= timedelta(0):
        return _("同一秒，登记在后")
    return _("晚 %(span)s", span=span(behind) if behind >= timedelta(minutes=1) else seconds_words(behind))


def seconds_words(length: timedelta) -> str:
    """12 秒, where a minute would say too little."""
    return str(_("%(num)d 秒", num=int(length.total_seconds())))


def for_company(rows: Sequence[Row], clause: str) -> str:
    """Why the deal is whose it is, with everybody named by the mark of the table."""
    if clause == "RE-8.5":
        return _("查实后由公司重新确定归属；此前按规则的结果见上一份裁定。")
    said = [_fell_before(rows), _wrong(rows), _outcome(rows, clause)]
    return "".join(part for part in said if part) if _is_chinese() else " ".join(part for part in said if part)


def for_party(clause: str, *, wins: bool, accepted: bool = False) -> str:
    """Why the deal is, or is not, this distributor's; ``accepted``: its near match was taken for right (RE-Q25)."""
    if wins and accepted:
        return _("贵司登记的号码与购房人差一字，经案场后台认可为同一人，成交归属贵司。")
    words: Mapping[str, LazyString] = _WON if wins else _LOST
    return str(words.get(clause, _LOST_OTHERWISE))


def _fell_before(rows: Iterable[Row]) -> str:
    early = [row for row in rows if row.step < CORRECT]
    return _("%(who)s成交时没有有效的签单或保护。", who=_marks(early)) if early else ""


def _wrong(rows: Iterable[Row]) -> str:
    wrong = [row for row in rows if row.step == CORRECT]
    return _("%(who)s资料与购房人不符。", who=_marks(wrong)) if wrong else ""


def _outcome(rows: Sequence[Row], clause: str) -> str:
    first = next((row for row in rows if row.wins), None)
    if first is None:
        return _("没有一份登记成立，成交归公司。") if rows else _("没有任何登记，成交归公司。")
    right = [row for row in rows if row.step >= EARLIEST]
    if clause == "RE-8.7":
        clause = "RE-8.6" if len(right) > 1 else ""
    if not clause:
        return _("只有%(first)s资料正确。", first=called(first))
    said = str(_DECIDED_BY[clause]) % {"first": called(first), "right": _marks(right)}
    return said + _taken_for_right(first)


def _taken_for_right(first: Row) -> str:
    return _("近似号码经认可视为正确。") if first.candidate.accepted else ""


def _marks(rows: Iterable[Row]) -> str:
    return _("、").join(called(row) for row in rows)


def _is_chinese() -> bool:
    return str(get_locale() or "zh_Hans_CN").startswith("zh")
