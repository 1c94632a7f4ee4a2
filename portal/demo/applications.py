"""The demo's applications, one at each step and one that matches the blacklist; the files of the partners there are."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from portal import clock
from portal.demo.cast import COMPANIES
from portal.demo.customers import id_number, registration_code
from portal.demo.people import Town
from portal.demo.plots import Plot
from portal.models import Application, OutgoingMessage, PartnerFile, db
from portal.rules.applications import AREAS, CHECKPOINTS, NEEDED_PAPERS
from portal.services import application_decisions, application_reviews, applications, partner_files
from portal.services.claim_sending import Brought

_APPLICANTS = (
    ("临安云途房产经纪", "applied", 1),
    ("拱墅新居营销", "applied", 3),
    ("滨江乐居渠道", "in_review", 6),
    ("余杭良渚置业顾问", "returned", 8),
    ("萧山湘江分销", "surveyed", 12),
    ("富阳春江房产", "examined", 16),
    ("西兴好房经纪", "rejected", 24),
)
_WAY = ("applied", "in_review", "surveyed", "examined")
#: The applicant that brings the bank account of the blacklisted partner.
_RETURNS = ("西湖新程分销", "西溪分销")


def onboarding(town: Town, now: datetime) -> list[Plot]:
    """Files first, then applications."""
    random = Random("applications")
    plots = [_file(town, random, name, place, now) for place, (name, _state) in enumerate(COMPANIES)]
    plots += [_application(town, random, *who, now) for who in _APPLICANTS]
    return [*plots, _comes_back(town, random, now)]


def _file(town: Town, random: Random, name: str, place: int, now: datetime) -> Plot:
    yield now - timedelta(days=110, minutes=place)
    company, at = town.companies[name], clock.now()
    file = PartnerFile(distributor_id=company.id, created_at=at, changed_at=at)
    db.session.add(file)
    partner_files.fill(file, _values(random, name) | {"registration_code": company.registration_code}, at)
    db.session.flush()
    # Some licences end soon, one has ended: there is something to remind of.
    until = (now + timedelta(days=(18, -9, 400)[min(place, 2)])).date()
    for kind in ("licence", "legal_rep_id"):
        paper = partner_files.bring_paper(
            actor=town.people["qudao"],
            file=file,
            kind=kind,
            brought=Brought(_paper(random), f"{kind}.png"),
            valid_until=until if kind == "licence" else None,
        )
        partner_files.check_paper(actor=town.people["qudao"], paper=paper, accepted=True, sealed=True, remark=None)


def _application(town: Town, random: Random, name: str, state: str, days: int, now: datetime) -> Plot:
    yield now - timedelta(days=days, hours=2)
    application = _sent(town, random, name)
    for number, upcoming in enumerate(_WAY[1:], start=1):
        if state in _WAY and _WAY.index(state) < number:
            return
        yield now - timedelta(days=days - number, hours=1)
        _go_on(town, application, upcoming)
        if state == "returned":
            remarks = {"bank_name": "请写明开户支行", "licence": "公章不清楚，请重新扫描"}
            reviewer = town.people["qudao"]
            application_reviews.return_application(actor=reviewer, application=application, remarks=remarks)
            return
    if state == "rejected":
        yield now - timedelta(days=days - len(_WAY))
        manager = town.people["bumen"]
        reason = "该区域的渠道数量已满，半年后可再申请。"
        application_decisions.sign(actor=manager, application=application, approved=False, reason=reason)


def _comes_back(town: Town, random: Random, now: datetime) -> Plot:
    yield now - timedelta(days=1, hours=4)
    name, other = _RETURNS
    company = town.companies[other]
    file = db.session.query(PartnerFile).filter_by(distributor_id=company.id).one()
    _sent(town, random, name, bank_account=file.bank_account)


def _sent(town: Town, random: Random, name: str, **changes: Any) -> Application:
    """Invited, filled in, sent."""
    contact = f"contact{random.randint(1000, 9999)}@example.cn"
    applications.invite(actor=town.people["qudao"], name=name, contact=contact, locale="zh_Hans_CN")
    application = applications.accept_invitation(link=_link(contact))
    values = _values(random, name) | changes
    applications.save_step(application=application, values=values)
    for kind in NEEDED_PAPERS["company"]:
        brought = Brought(_paper(random), f"{kind}.png")
        partner_files.bring_paper(
            actor=None, file=application.partner_file, kind=kind, brought=brought, valid_until=None
        )
    return applications.send_application(application=application)


def _link(contact: str) -> str:
    newest = db.session.query(OutgoingMessage).filter_by(kind="application_invited").order_by(OutgoingMessage.id.desc())
    message = next(one for one in newest if one.address == contact)
    return str(json.loads(message.facts or "{}")["link"]).rsplit("/", 1)[1]


def _go_on(town: Town, application: Application, state: str) -> None:
    headquarters = town.people["qudao"]
    if state == "in_review":
        application_reviews.take_up(actor=headquarters, application=application)
    elif state == "surveyed":
        _survey(town, application)
        application_reviews.finish_surveys(actor=headquarters, application=application)
    else:
        _evaluate(town, application)
        application_reviews.confirm_scores(actor=headquarters, application=application, reason="评分和意见齐全")


def _survey(town: Town, application: Application) -> None:
    headquarters = town.people["qudao"]
    for paper in application.partner_file.current_papers:
        partner_files.check_paper(actor=headquarters, paper=paper, accepted=True, sealed=True, remark=None)
    points = [point for point, _clause in CHECKPOINTS["company"]]
    application_reviews.tick_points(actor=headquarters, application=application, points=points)
    for kind, findings in _FINDINGS[:3]:
        _write(town, application, kind, findings)


def _evaluate(town: Town, application: Application) -> None:
    for kind, findings in _FINDINGS[3:]:
        _write(town, application, kind, findings)
    members = [town.people["kefu"], town.people["caiwu"]]
    application_reviews.name_group(actor=town.people["qudao"], application=application, members=members)
    for member, score in zip(members, ("78", "84.5"), strict=True):
        scores = {area: Decimal(score) for area in AREAS}
        application_reviews.give_scores(actor=member, application=application, scores=scores, comment="资料齐全")
        application_reviews.give_opinion(actor=member, application=application, passed=True, reason="没有异议")


_FINDINGS = (
    ("market", "本地有三家门店，覆盖两个板块，客源以改善型为主。"),
    ("credit", "无欠税、无失信记录，与两家开发商结算正常。"),
    ("background", "前合作项目反馈带客规范，没有投诉。"),
    ("interview", "负责人熟悉报备规则，愿意按月对账。"),
    ("inspection", "门店在营业，经纪人二十二名，公章与执照一致。"),
)


def _write(town: Town, application: Application, kind: str, findings: str) -> None:
    application_reviews.write_inquiry(
        actor=town.people["qudao"],
        application=application,
        kind=kind,
        held_on=clock.now().date() - timedelta(days=1),
        findings=findings,
    )


def _values(random: Random, name: str) -> dict[str, Any]:
    """What a company of this name would type."""
    code = registration_code(random)
    return {
        "partner_type": "company",
        "name": name,
        "registration_code": code,
        "legal_name": random.choice(("沈国平", "陆文斌", "韩雪", "范志远")),
        "legal_id_number": id_number(random),
        "contact_name": random.choice(("陈悦", "吕航", "许静文")),
        "contact_phone": f"139{random.randint(0, 99_999_999):08}",
        "bank_name": "杭州银行西湖支行",
        "bank_account": f"3301{random.randint(0, 10**12 - 1):012}",
        "invoice_title": name,
        "invoice_tax_number": code,
        "invoice_address": "杭州市西湖区文二路 391 号",
        "invoice_phone": "0571-88102000",
        "cooperation": "important",
        "areas": "余杭、西湖；云栖府、江畔里",
        "products": "新建住宅",
        "expected_volume": random.randrange(60, 260, 20),
        "experience": "本地经营六年，经纪人二十余名。",
    }


def _paper(random: Random) -> bytes:
    """Something like a scanned page, no two alike."""
    image = Image.new("RGB", (420, 594), (250, 249, 244))
    draw = ImageDraw.Draw(image)
    for line in range(18):
        draw.rectangle((40, 60 + line * 26, random.randint(200, 380), 68 + line * 26), fill=(150, 155, 160))
    draw.ellipse((270, 440, 380, 550), outline=(200, 40, 40), width=5)
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
