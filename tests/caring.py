"""Half-year sheets and complaints as tests need them, through the services themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from portal import clock
from portal.models import Assessment, CareTask, Complaint, RoleGrant, User, db
from portal.rules.care import half_before, sheet
from portal.rules.periods import midnight
from portal.services import assessments, care_tasks, complaints
from portal.services.complaints import Statement
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import People, password_hash

SCORES = {one.code: Decimal(72) for one in sheet().indicators}
FACTS = "前台让我司的客户等了一个小时"


def after_the_half_year(now: datetime) -> datetime:
    """Noon of the fifth day after the half year in which ``now`` lies."""
    some = now
    while half_before(some, PORTAL_ZONE) == half_before(now, PORTAL_ZONE):
        some += timedelta(days=28)
    return midnight(half_before(some, PORTAL_ZONE).last, PORTAL_ZONE) + timedelta(days=5, hours=12)


def opened_sheet(people: People) -> Assessment:
    """The sheet of 甲渠道, opened after the present half year."""
    when = after_the_half_year(clock.now())
    with clock.set_to(when):
        assessments.open_due(when)
    return db.session.query(Assessment).filter_by(distributor_id=people.distributor().id).one()


def published_sheet(people: People) -> Assessment:
    """The same, scored by Hua, confirmed by somebody else, published as B."""
    one = opened_sheet(people)
    with clock.set_to(after_the_half_year(clock.now())):
        assessments.score(actor=people.get("hua"), assessment=one, scores=SCORES, judgement="带客稳定")
        assessments.confirm(actor=second_of_the_department(people), assessment=one, letter="B", reason="业绩平稳")
        return assessments.publish(actor=people.get("hua"), assessment=one)


def begun_task(kind: str = "research") -> CareTask:
    """The research of the present quarter, or the report on the last half year, begun by the calendar."""
    care_tasks.open_due(clock.now())
    return db.session.query(CareTask).filter_by(kind=kind).one()


def second_of_the_department(people: People) -> User:
    """Hal, a second person of the channel department."""
    known = db.session.query(User).filter_by(login="hal").one_or_none()
    if known is not None:
        return known
    person = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
    person.grants = [RoleGrant(role="hq_channel")]
    db.session.add(person)
    db.session.flush()
    people.users["hal"] = person.id
    return person


def answered_complaint(people: People, who: str = "ana") -> Complaint:
    """A complaint of ``who`` that Kit answered; it waits for the rating."""
    statement = Statement(about="staff", facts=FACTS)
    made = complaints.receive(
        actor=people.get(who), channel="partner", statement=statement, submission_key=str(uuid4())
    ).complaint
    kit = people.get("kit")
    complaints.accept(actor=kit, complaint=made, gravity="ordinary")
    complaints.investigate(actor=kit, complaint=made, members=[])
    complaints.resolve(actor=kit, complaint=made, inquiry="看了监控", outcome="upheld", answer="已加派一名前台")
    return complaints.tell(actor=kit, complaint=made, by="page")
