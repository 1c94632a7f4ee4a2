"""The demo's care: classes, account owners, contacts, half-year sheets, research, prospects, complaints in every stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal import clock
from portal.demo.people import Town
from portal.demo.plots import DAY, HOUR, Plot
from portal.queries.care_tasks import unfinished as open_tasks
from portal.rules.care import half_before, sheet
from portal.rules.prospects import EVALUATED
from portal.services import assessments, care, care_tasks, complaints, prospects
from portal.services.complaints import Statement
from portal.wording.times import PORTAL_ZONE

#: Company, class at the beginning, days since it was last spoken to, scores of the last half year (None: not scored yet).
_PARTNERS = (
    ("橘灯房产", "A", 6, (92, 88, 85, 90, 100)),
    ("星梯找房", "B", 70, (74, 70, 82, 65, 90)),
    ("鹿角置家", "C", 40, (48, 52, 60, 55, 70)),
    ("甲渠道", "B", 15, None),
    ("乙渠道", "C", 100, (66, 61, 70, 64, 85)),
)
_TALKS = (
    ("visit", "走访门店，谈下季度的带客目标；对方希望增加周末的带看时段"),
    ("call", "回访上月到访的客户情况，提醒报备时写全手机号"),
    ("market", "发送本月价格表和新推房源"),
)

_FOUND: tuple[tuple[str, str, str, str, tuple[int, ...]], ...] = (
    ("之畔营销策划", "fair", "zhipan@example.cn", "想先做江畔里的商铺，能派三名驻场。", ()),
    ("拱宸桥房产经纪", "research", "gongchen@example.cn", "六家门店，想代理云栖府的大户型。", (85, 78, 90)),
    ("南星置业顾问", "introduced", "nanxing@example.cn", "", ()),
)


def care_plots(town: Town, now: datetime) -> Iterator[Plot]:
    """Everything of this file, as plots."""
    for number, (name, letter, days, scores) in enumerate(_PARTNERS):
        yield _cared_for(town, now, name, letter, days, number)
        yield _assessed(town, now, name, scores, number)
    yield _researched(town, now)
    for place, found in enumerate(_FOUND):
        yield _prospect(town, now, place, *found)
    yield from _complaints(town, now)


def _researched(town: Town, now: datetime) -> Plot:
    """An earlier quarter's research is done, the present one is open."""
    yield now - 110 * DAY
    care_tasks.open_due(clock.now())
    yield now - 95 * DAY
    (task, *_others) = open_tasks()
    findings = "走访城西、滨江两个商圈，接触四家机构，规模都太小，没有记下；下一季度去秋季房展会，并请现有分销商介绍。"
    if task.kind == "research":
        care_tasks.finish(actor=town.people["qudao2"], task=task, findings=findings)
    yield now - 15 * DAY
    care_tasks.open_due(clock.now())


def _prospect(
    town: Town, now: datetime, place: int, name: str, source: str, contact: str, needs: str, scores: tuple[int, ...]
) -> Plot:
    """Found; spoken to and evaluated where there are words and scores; the one that is too small is dropped."""
    keeper = town.people["qudao2"]
    yield now - (48 - 9 * place) * DAY
    made = prospects.note_prospect(
        actor=keeper, name=name, source=source, contact=contact, contact_name="市场部负责人", remark=None
    )
    if not needs:
        return
    yield now - (41 - 9 * place) * DAY
    prospects.note_contact(actor=keeper, prospect=made, kind="in_person", happened_at=None, needs=needs)
    yield now - (39 - 9 * place) * DAY
    if not scores:
        prospects.drop(actor=keeper, prospect=made, reason="只有两名经纪人，今年内不具备带客能力")
        return
    given = {name: Decimal(score) for name, score in zip(EVALUATED, scores, strict=True)}
    reasons = "门店多、客户来源真实；愿意按规则报备，希望先从一个项目做起。"
    prospects.evaluate(actor=keeper, prospect=made, scores=given, reasons=reasons)


def _cared_for(town: Town, now: datetime, name: str, letter: str, days: int, number: int) -> Plot:
    owner, deputy, company = town.people["qudao"], town.people["qudao2"], town.companies[name]
    yield now - 110 * DAY + number * HOUR
    care.appoint(actor=owner, distributor=company, owner_id=owner.id, deputy_id=deputy.id)
    care.give_class(actor=owner, distributor=company, letter=letter, reason="按建档时的规模和过往业绩定级")
    for step, (kind, summary) in reversed(list(enumerate(_TALKS))):
        yield now - min(days + 30 * step, 105) * DAY - number * HOUR
        care.note_contact(
            actor=owner, distributor=company, kind=kind, happened_at=None, with_whom="渠道负责人", summary=summary
        )


def _assessed(town: Town, now: datetime, name: str, scores: tuple[int, ...] | None, number: int) -> Plot:
    owner, second, company = town.people["qudao"], town.people["qudao2"], town.companies[name]
    yield now - 100 * DAY + number * HOUR
    one = assessments.open_sheet(company, half_before(now, PORTAL_ZONE), clock.now())
    if scores is None:
        return
    yield now - 96 * DAY + number * HOUR
    given = {row.code: Decimal(score) for row, score in zip(sheet().indicators, scores, strict=True)}
    assessments.score(
        actor=owner, assessment=one, scores=given, judgement="带客真实，配合签单；周末到访集中，需提前约时间"
    )
    yield now - 94 * DAY + number * HOUR
    reason = "总分和日常表现相符"
    assessments.confirm(actor=second, assessment=one, letter=str(one.proposed), reason=reason)
    yield now - 93 * DAY + number * HOUR
    assessments.publish(actor=owner, assessment=one)
    if one.result == "warned":
        yield now - 92 * DAY
        assessments.note_measures(actor=owner, assessment=one, measures="每月复盘一次带客质量，下个半年仍不合格的降级")


def _complaints(town: Town, now: datetime) -> Iterator[Plot]:
    juden = town.companies["橘灯房产"]
    late = {"about": "distributor", "distributor": juden, "project": town.sites["YQ"], "who": "橘灯的小陈"}
    calls = ("周女士", "+8613800020001"), ("郑先生", "+8613800020002"), ("何女士", "+8613800020003")
    yield _heard(
        town,
        now - 3 * HOUR,
        "phone",
        "received",
        name=calls[0][0],
        phone=calls[0][1],
        about="staff",
        who="接待的顾问",
        facts="看房时一直在打电话，问价格也说不清楚",
        wish="换一位顾问",
    )
    yield _heard(
        town,
        now - 2 * DAY,
        "online",
        "investigating",
        name=calls[1][0],
        phone=calls[1][1],
        facts="约好十点带看，等到十二点没有人来，也没有电话",
        **late,
    )
    yield _heard(
        town,
        now - DAY,
        "partner",
        "fed_back",
        about="staff",
        who="云栖府前台",
        facts="客户到了登记处没有人，等了四十分钟才登记，差点走掉",
        project=town.sites["YQ"],
    )
    yield _heard(
        town,
        now - 40 * DAY,
        "on_site",
        "analysed",
        name=calls[2][0],
        phone=calls[2][1],
        about="project",
        project=town.sites["YQ"],
        facts="样板间写的面积和合同上的不一样",
    )
    yield _heard(
        town, now - 75 * DAY, "phone", "analysed", name=calls[1][0], facts="介绍时说送车位，签约时没有", **late
    )


def _heard(town: Town, when: datetime, channel: str, upto: str, **said: Any) -> Plot:
    """A complaint and how far it has come, a step every few hours."""
    people, kit = town.people, town.people["kefu"]
    who = {"online": None, "partner": people["chenli"], "on_site": people["qiantai"], "phone": kit}[channel]
    yield when
    key = str(UUID(int=int(when.timestamp())))
    one = complaints.receive(actor=who, channel=channel, statement=Statement(**said), submission_key=key).complaint
    steps = (
        lambda: complaints.accept(actor=kit, complaint=one, gravity="ordinary", distributor=said.get("distributor")),
        lambda: complaints.investigate(actor=kit, complaint=one, members=[people["qudao"].id]),
        lambda: complaints.resolve(actor=kit, complaint=one, **_outcome(one.about)),
        lambda: complaints.tell(actor=kit, complaint=one, by="phone"),
        lambda: complaints.rate(actor=kit, complaint=one, satisfaction=4, settled=True),
        lambda: complaints.close(actor=kit, complaint=one),
        lambda: complaints.analyse(actor=kit, complaint=one, **_cause(one.about)),
    )
    far = {"received": 0, "investigating": 2, "fed_back": 4, "analysed": 7}[upto]
    for number, take in enumerate(steps[:far], start=1):
        yield when + number * timedelta(hours=2)
        take()


def _outcome(about: str) -> dict[str, str]:
    note = "经核实，经纪人的说法与项目公示不一致，请按项目资料介绍" if about == "distributor" else ""
    return {
        "inquiry": "问过当事人，看了当天的登记和录像",
        "outcome": "upheld",
        "answer": "情况属实，已向您道歉并当面更正，类似情况会提前告知",
        "partner_note": note,
    }


def _cause(about: str) -> dict[str, str]:
    if about == "distributor":
        return {
            "cause": "price",
            "cause_note": "经纪人口头承诺",
            "measures": "每月发送一次价格和优惠清单，渠道部，每月五日前",
        }
    return {
        "cause": "information",
        "cause_note": "样板间标牌没有更新",
        "measures": "标牌与合同附件同时更新，案场，月底前",
    }
