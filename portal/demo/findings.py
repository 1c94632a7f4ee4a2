"""Cases of breach of the demo, one in each state, and look-ups that the worker makes alerts of."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.demo.plots import DAY, HOUR, Plot, Scene
from portal.models import Finding, Sanction, User
from portal.services import breaches, findings, records, reveals, sanctions, tips
from portal.services.findings import Report

#: So far north and east of the sales office, in degrees.
_NEAR, _FAR = (Decimal("0.001250"), Decimal("0.001660")), (Decimal("-0.002420"), Decimal("0.002800"))


def _owner(scene: Scene, finding: Finding) -> User:
    mine = (one for one in scene.town.people.values() if one.distributor_id == finding.distributor_id)
    return next(one for one in mine if "owner" in one.roles)


def _person(scene: Scene, login: str) -> User:
    return scene.town.people[login]


def _report(scene: Scene, kind: str, name: str, summary: str, **facts: Any) -> Finding:
    report = Report(kind=kind, summary=summary, distributor=scene.town.companies[name], **facts)
    return breaches.report_breach(actor=_person(scene, "kefu"), project=scene.project, report=report)


def _place(scene: Scene, offset: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    return scene.project.latitude + offset[0], scene.project.longitude + offset[1]


def _ask(scene: Scene, finding: Finding, question: str) -> None:
    breaches.ask_explanation(actor=_person(scene, "qudao"), finding=finding, project=scene.project, question=question)


def _find(scene: Scene, finding: Finding, reason: str, *, confirmed: bool = True) -> None:
    decider = _person(scene, "qudao")
    breaches.decide_breach(actor=decider, finding=finding, project=scene.project, confirmed=confirmed, reason=reason)


def _confirm(scene: Scene, sanction: Sanction, reason: str, *, confirmed: bool = True) -> None:
    sanctions.decide_sanction(actor=_person(scene, "qudao"), sanction=sanction, confirmed=confirmed, reason=reason)


def nameless(scene: Scene) -> Plot:
    """Somebody who leaves no name saw customers thrown to a distributor."""
    yield scene.now - 5 * HOUR
    tips.send_tip(
        actor=None,
        project=scene.project,
        kind="staff_dumping",
        about="销售二组一位姓周的置业顾问，胸牌 018",
        summary="昨天下午四点多，自己走进来的客户被带到停车场，说要补一份渠道报备。",
        contact="晚上八点后可以打我电话",
        evidence=(),
        submission_key=str(UUID(int=scene.random.getrandbits(128))),
    )


def asked(scene: Scene, name: str, days: int, *, answered: bool) -> Plot:
    """Intercepted within the circle; the company explains, or has not yet."""
    yield scene.some_time(-days, 10, 12)
    summary = "在地铁口拦下前来看房的客户，发放自家名片。"
    finding = _report(scene, "interception", name, summary, place=_place(scene, _NEAR), happened_at=_now(scene, days))
    yield _later(finding, 3)
    _ask(scene, finding, "请说明当天在场的经纪人和经过，附行程或通话记录。")
    if answered:
        yield _later(finding, 22)
        owner = _owner(scene, finding)
        breaches.answer_explanation(
            actor=owner, finding=finding, answer="当天我司经纪人是去接自己预约的客户，有通话记录。"
        )


def fined(scene: Scene, name: str, days: int, *, appealed: bool) -> Plot:
    """Found for the first time; the fine is proposed, or it was confirmed, received and appealed against."""
    yield scene.some_time(-days, 10, 12)
    summary = "在售楼处对面路口劝客户改由他人带看。"
    offset = _NEAR if appealed else _FAR
    finding = _report(scene, "interception", name, summary, place=_place(scene, offset), happened_at=_now(scene, days))
    yield _later(finding, 26)
    _find(scene, finding, "照片、录像与客户笔录一致。")
    if not appealed:
        return
    yield _later(finding, 28)
    _confirm(scene, finding.sanctions[0], "第一次认定，按规则处以违约金。")
    owner = _owner(scene, finding)
    yield _later(finding, 30)
    sanctions.confirm_receipt(actor=owner, finding=finding)
    yield _later(finding, 46)
    sanctions.appeal(actor=owner, sanction=finding.sanctions[0], statement="当天在场的不是我司人员，附考勤记录。")


def false_filing(scene: Scene, days: int) -> Plot:
    """The customer had never heard of the distributor: filing void, commission refused, agreement not ended."""
    yield scene.some_time(-days, 9, 11)
    registration = scene.file()
    yield registration.filed_at + DAY
    summary = "回访时客户称从未听说过这家公司，也没有人带看。"
    report = Report(
        kind="false_filing", summary=summary, distributor=scene.broker.distributor, registration=registration
    )
    finding = breaches.report_breach(actor=_person(scene, "kefu"), project=scene.project, report=report)
    yield _later(finding, 20)
    _find(scene, finding, "首次回访的回答为准，分销商没有提供带看证明。")
    yield _later(finding, 21)
    for sanction in finding.sanctions:
        _confirm(scene, sanction, "按协议处理。", confirmed=sanction.kind != "terminate")


def unfounded(scene: Scene, name: str, days: int) -> Plot:
    """Nothing was in it."""
    yield scene.some_time(-days, 10, 16)
    finding = _report(scene, "poaching", name, "客户称有人劝其改签。")
    yield _later(finding, 30)
    _find(scene, finding, "客户认错了公司，查无实据。", confirmed=False)


def dumped(scene: Scene, days: int) -> Plot:
    """The site's own people: dismissal and warning confirmed, handing over proposed and waiting for a second person."""
    yield scene.some_time(-days, 10, 12)
    summary = "把自然到访的客户交给分销商报备，收取好处。"
    report = Report(kind="staff_dumping", summary=summary, team="销售一组", persons="置业顾问吴某")
    finding = breaches.report_breach(actor=_person(scene, "kefu"), project=scene.project, report=report)
    yield _later(finding, 5)
    findings.take_up(actor=_person(scene, "qudao"), finding=finding)
    yield _later(finding, 48)
    _find(scene, finding, "门岗记录、通话记录与本人陈述一致。")
    yield _later(finding, 50)
    for sanction in finding.sanctions:
        _confirm(scene, sanction, "核实无误。")
    yield _later(finding, 52)
    grounds = "收取财物，金额较大；法务部意见：建议移送。"
    sanctions.propose_handover(actor=_person(scene, "qudao"), finding=finding, grounds=grounds)


def looked_up(scene: Scene, days: int) -> Plot:
    """A walk-in whose number a consultant had shown, and whom a distributor filed minutes later."""
    yield scene.some_time(-days, 10, 15)
    desk, consultant = _person(scene, "qiantai"), _person(scene, "guwen")
    record = records.record_customer(actor=desk, project=scene.project, source="natural", customer=scene.customer)
    yield record.recorded_at + timedelta(minutes=20)
    reveals.reveal_record(
        actor=consultant,
        record=record,
        fields=("phone",),
        reason="contact",
        now=record.recorded_at + timedelta(minutes=20),
    )
    yield record.recorded_at + timedelta(minutes=29)
    scene.file()


def _later(finding: Finding, hours: int) -> datetime:
    return finding.reported_at + hours * HOUR


def _now(scene: Scene, days: int) -> datetime:
    return scene.at(-days, 9, 40)
