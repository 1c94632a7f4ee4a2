"""Short ways to an application in any state, through the services themselves."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from PIL import Image
from stdnum.cn import ric, uscc

from portal.models import Application, OutgoingMessage, PartnerPaper, db
from portal.rules.applications import AREAS, CHECKPOINTS, NEEDED_PAPERS
from portal.services import (
    application_decisions,
    application_reviews,
    applications,
    partner_files,
)
from portal.services.claim_sending import Brought
from tests.fixtures import People

_numbers = count(1)
#: In the order of D.1, as far as an application can be brought.
WAY = ("prospect", "applied", "in_review", "surveyed", "examined", "approved")


def company_code(number: int) -> str:
    """A sound unified social credit code."""
    base = f"91330106MA{number:07}"
    return str(base + uscc.calc_check_digit(base))


def resident_id(number: int) -> str:
    """A sound resident ID."""
    base = f"33010619800101{number % 1000:03}"
    return str(base + ric.calc_check_digit(f"{base}0"))


def picture(shade: int = 200) -> bytes:
    """A small picture that is like no other of another shade."""
    content = io.BytesIO()
    Image.new("RGB", (60, 40), (shade % 256, shade // 256 % 256, 90)).save(content, "PNG")
    return content.getvalue()


def values(number: int | None = None, **changes: Any) -> dict[str, Any]:
    """What an applicant types, of its own unless changes say otherwise."""
    number = next(_numbers) if number is None else number
    return {
        "partner_type": "company",
        "name": f"湖畔渠道{number}号有限公司",
        "registration_code": company_code(number),
        "legal_name": "沈立",
        "legal_id_number": resident_id(number),
        "contact_name": "陈悦",
        "contact_phone": f"136{number:08}",
        "contact_email": f"chen{number}@example.cn",
        "beneficial_phone": "",
        "bank_name": "杭州银行西湖支行",
        "bank_account": f"33010{number:011}",
        "invoice_title": f"湖畔渠道{number}号有限公司",
        "invoice_tax_number": company_code(number),
        "invoice_address": "杭州市西湖区文二路 1 号",
        "invoice_phone": "0571-88880000",
        "cooperation": "important",
        "cooperation_ends_on": None,
        "territory": "",
        "areas": "余杭区，云栖府",
        "products": "新建住宅",
        "expected_volume": 120,
        "experience": "五年渠道经验，二十名经纪人",
        "introduced_by": "",
    } | changes


def code_of(address: str) -> str:
    """The newest code that was sent to the address."""
    for message in db.session.query(OutgoingMessage).order_by(OutgoingMessage.id.desc()):
        if message.address == address and message.kind.startswith("code_"):
            return str(json.loads(message.facts or "")["code"])
    raise AssertionError(f"no code for {address}")


def begin(contact: str | None = None) -> Application:
    """A proved address with an empty form. Commits."""
    contact = contact or f"a{next(_numbers)}@example.cn"
    asked = applications.ask_code(contact=contact, locale="zh_Hans_CN")
    db.session.commit()
    made = applications.open_application(contact=contact, code=code_of(asked.address), locale="zh_Hans_CN")
    db.session.commit()
    return made


def fill(application: Application, **changes: Any) -> Application:
    """Everything typed and every needed paper brought."""
    typed = values(**changes)
    applications.save_step(application=application, values=typed)
    for place, kind in enumerate(NEEDED_PAPERS[typed["partner_type"]]):
        bring(application, kind, shade=place * 50)
    db.session.commit()
    return application


def bring(application: Application, kind: str, shade: int = 10, valid_until: date | None = None) -> PartnerPaper:
    return partner_files.bring_paper(
        actor=None,
        file=application.partner_file,
        kind=kind,
        brought=Brought(picture(shade), f"{kind}.png"),
        valid_until=valid_until,
    )


def reach(people: People, state: str, **changes: Any) -> Application:
    """An application of its own applicant in ``state``. Commits."""
    number = people.bring(("application", state, repr(changes)), lambda: _walk(people, state, changes))
    return db.session.get_one(Application, number)


def _walk(people: People, state: str, changes: dict[str, Any]) -> int:
    application = fill(begin(), **changes)
    for upcoming in WAY[1 : WAY.index(state) + 1]:
        go_on(people, application, upcoming)
    db.session.commit()
    return application.id


def go_on(people: People, application: Application, state: str) -> None:
    """The one step to ``state``, by those who may take it."""
    hua = people.get("hua")
    if state == "applied":
        applications.send_application(application=application)
    elif state == "in_review":
        application_reviews.take_up(actor=hua, application=application)
    elif state == "surveyed":
        survey(people, application)
        application_reviews.finish_surveys(actor=hua, application=application)
    elif state == "examined":
        examine(people, application)
        application_reviews.confirm_scores(actor=hua, application=application, reason="各项齐全")
    else:
        for who in ("dan", "gia"):
            application_decisions.sign(actor=people.get(who), application=application, approved=True, reason="同意合作")
    db.session.commit()


def survey(people: People, application: Application) -> None:
    """Papers accepted, points confirmed, surveys written."""
    hua, file = people.get("hua"), application.partner_file
    for paper in file.current_papers:
        partner_files.check_paper(actor=hua, paper=paper, accepted=True, sealed=True, remark=None)
    points = [point for point, _clause in CHECKPOINTS[file.partner_type]]
    application_reviews.tick_points(actor=hua, application=application, points=points)
    write(people, application, "market", "credit", "background")


def write(people: People, application: Application, *kinds: str) -> None:
    for kind in kinds:
        application_reviews.write_inquiry(
            actor=people.get("hua"), application=application, kind=kind, held_on=date(2026, 1, 5), findings="情况良好"
        )


def examine(people: People, application: Application) -> None:
    """Interview, inspection, two members' scores and both departments' opinions."""
    write(people, application, "interview", "inspection")
    kit, fin = people.get("kit"), people.get("fin")
    application_reviews.name_group(actor=people.get("hua"), application=application, members=[kit, fin])
    for member, score in ((kit, "80"), (fin, "91.5")):
        scores = {area: Decimal(score) for area in AREAS}
        application_reviews.give_scores(actor=member, application=application, scores=scores, comment=None)
        application_reviews.give_opinion(actor=member, application=application, passed=True, reason="没有异议")
