"""The lives of the demo's registrations. Each is a generator: it yields when it goes on, then acts through the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from portal.demo.cast import BULK_REASONS, EXTENSION_REASONS
from portal.demo.people import Town
from portal.demo.strokes import scribble
from portal.models import Extension, Project, Registration, User, Visit
from portal.models.visits import PARTIES
from portal.rules.periods import UTC, local_date
from portal.services import (
    arrival_notices,
    classification,
    corrections,
    extensions,
    records,
    registrations,
    slip_refusals,
    visit_flow,
    visits,
)
from portal.services.customers import Customer

Plot = Iterator[datetime]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Scene:
    """What a plot needs: who files whom where, and the present of the story."""

    town: Town
    random: Random
    now: datetime
    project: Project
    broker: User
    customer: Customer
    local: bool

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """``days`` from today at a local hour, in UTC."""
        day = local_date(self.now, self.project.zone) + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), tzinfo=self.project.zone).astimezone(UTC)

    def some_time(self, days: int, first: int = 9, last: int = 18) -> datetime:
        """Some minute of that day's opening hours."""
        return self.at(days, self.random.randint(first, last - 1), self.random.randint(0, 59))

    def file(self, planned: datetime | None = None, **circumstances: Any) -> Registration:
        filing = registrations.Filing(
            customer=self.customer,
            declared_local=self.local,
            planned_visit_at=planned,
            party_size=self.random.choice((None, 1, 2, 2, 3)),
            declaration_version="1",
            notice_version="1",
            typed={"customer_name": self.customer.name, "phone": str(self.customer.phone)},
            **circumstances,
        )
        return registrations.file_customer(actor=self.broker, project=self.project, filing=filing).registration

    def arrive(self, registration: Registration) -> Visit:
        return visits.register_arrival(actor=self.town.people["qiantai"], registration=registration)

    def sign(self, visit: Visit, parties: tuple[str, ...] = PARTIES) -> None:
        names = {"customer": self.customer.name, "broker": self.broker.name, "reception": "王若楠"}
        signatures = [
            visits.SlipSignature(party=party, signer_name=names[party], strokes=scribble(self.random))
            for party in parties
        ]
        visits.sign_slip(actor=self.town.people["qiantai"], visit=visit, signatures=signatures)

    def complete(self, visit: Visit, upto: str = "entered") -> None:
        """Audit, signature, entry, as far as ``upto``."""
        visit_flow.audit_visit(actor=self.town.people["houtai"], visit=visit, passed=True, reason="三份记录一致")
        if upto != "audited":
            visit_flow.sign_off_visit(actor=self.town.people["fuze"], visit=visit)
        if upto == "entered":
            visit_flow.enter_customer(actor=self.town.people["guwen"], visit=visit)


def held(scene: Scene, filed: int, planned: int | None = None) -> Plot:
    """Filed ``filed`` days ago, nobody has come yet; perhaps a visit is planned."""
    yield min(scene.some_time(-filed), scene.now - HOUR)
    scene.file(planned=None if planned is None else scene.some_time(planned, 10, 18))


def expected_today(scene: Scene, hour: int, minute: int = 0) -> Plot:
    """Filed yesterday, announced for today."""
    yield scene.some_time(-1)
    registration = scene.file()
    yield max(scene.at(-1, 19), scene.at(-1, 20))
    expected = scene.at(0, hour, minute)
    arrival_notices.announce_arrival(actor=scene.broker, registration=registration, expected_at=expected)


def visited(scene: Scene, filed: int, came: int, upto: str = "entered") -> Plot:
    """Came with the broker; the flow went as far as ``upto``: arrived, registered, audited, signed or entered."""
    yield scene.some_time(-filed, 9, 11)
    registration = scene.file(planned=scene.some_time(-came, 13, 17))
    yield min(scene.some_time(-came, 13, 17), scene.now - HOUR)
    visit = scene.arrive(registration)
    if upto == "arrived":
        scene.sign(visit, ("customer",))
        return
    scene.sign(visit)
    if upto != "registered":
        scene.complete(visit, upto)
    if upto == "entered" and scene.random.random() < 0.9:
        yield scene.some_time(1 - came, 10, 12)
        back_office = scene.town.people["houtai"]
        classification.classify(actor=back_office, registration=registration, bulk=False, reason="自住一套")


def declined(scene: Scene) -> Plot:
    """Came today and would not sign; the broker has signed already."""
    yield scene.some_time(-1)
    registration = scene.file()
    yield scene.now - HOUR
    visit = scene.arrive(registration)
    scene.sign(visit, ("broker",))
    desk = scene.town.people["qiantai"]
    slip_refusals.decline_slip(actor=desk, visit=visit, party="customer", reason="要先与家人商量，不愿留签名")


def late(scene: Scene, days: int, excused: bool = False) -> Plot:
    """Filed a quarter of an hour before the arrival; the leader may have excused it."""
    yield min(scene.some_time(-days, 10, 16), scene.now - 2 * HOUR)
    registration = scene.file()
    yield registration.filed_at + timedelta(minutes=15)
    visit = scene.arrive(registration)
    scene.sign(visit)
    if excused:
        yield registration.filed_at + timedelta(minutes=50)
        leader = scene.town.people["fuze"]
        visit_flow.excuse_late_filing(actor=leader, visit=visit, reason="客户提前到达，前台当时排队")
        scene.complete(visit)


def bulk(scene: Scene, came: int, ending: str) -> Plot:
    """A bulk client: classified, perhaps asking for 45 more days (asked, commented, approved, rejected)."""
    yield scene.some_time(-came - 2, 9, 12)
    registration = scene.file(bulk_expected=True)
    yield scene.some_time(-came, 13, 17)
    visit = scene.arrive(registration)
    scene.sign(visit)
    scene.complete(visit)
    yield scene.some_time(-came + 2, 10, 12)
    reason = scene.random.choice(BULK_REASONS)
    classification.classify(actor=scene.town.people["houtai"], registration=registration, bulk=True, reason=reason)
    if ending == "classified":
        return
    yield min(scene.some_time(-came + 35, 10, 17), scene.now - 20 * HOUR)
    ask = scene.random.choice(EXTENSION_REASONS)
    extension = extensions.ask_extension(actor=scene.broker, registration=registration, reason=ask)
    yield from _decided(scene, extension, ending)


def _decided(scene: Scene, extension: Extension, ending: str) -> Plot:
    if ending == "asked":
        return
    yield extension.asked_at + HOUR
    leader = scene.town.people["fuze"]
    extensions.give_opinion(actor=leader, extension=extension, opinion="客户真实，建议同意，已与买方联系人核对")
    if ending == "commented":
        return
    yield extension.asked_at + 3 * HOUR
    extensions.decide_extension(
        actor=scene.town.people["qudao"],
        extension=extension,
        approve=ending == "approved",
        reason="材料齐全" if ending == "approved" else "未提供买方的书面说明",
    )


def recorded_before(scene: Scene, days: int) -> Plot:
    """The customer had called the company before anybody filed; the audit finds the record."""
    yield scene.some_time(-days - 3, 9, 12)
    desk = scene.town.people["qiantai"]
    records.record_customer(actor=desk, project=scene.project, source="call", customer=scene.customer)
    yield scene.some_time(-days - 1, 9, 12)
    registration = scene.file()
    yield scene.some_time(-days, 13, 17)
    visit = scene.arrive(registration)
    scene.sign(visit)
    if days > 0:
        yield visit.arrived_at + HOUR
        visit_flow.audit_visit(actor=scene.town.people["houtai"], visit=visit, passed=True, reason="核对记录")


def failed(scene: Scene, days: int) -> Plot:
    """The audit found another person than the one filed."""
    yield scene.some_time(-days - 1, 9, 12)
    registration = scene.file()
    yield scene.some_time(-days, 13, 17)
    visit = scene.arrive(registration)
    scene.sign(visit)
    yield visit.arrived_at + HOUR
    back_office = scene.town.people["houtai"]
    visit_flow.audit_visit(actor=back_office, visit=visit, passed=False, reason="到访人与报备客户不是同一人")


def corrected(scene: Scene, days: int) -> Plot:
    """The number was one digit off; the site corrected it beside the original."""
    yield scene.some_time(-days - 1, 9, 12)
    registration = scene.file()
    yield scene.some_time(-days, 13, 17)
    visit = scene.arrive(registration)
    scene.sign(visit)
    right = str(scene.customer.phone)[:-1] + str((int(str(scene.customer.phone)[-1]) + 1) % 10)
    back_office = scene.town.people["houtai"]
    corrections.correct_customer(
        actor=back_office, registration=registration, changes={"phone": right}, reason="客户当面更正一位数字"
    )
    scene.complete(visit)


def contested(scene: Scene, rival: User, filed: int, came: int) -> Plot:
    """Two companies filed the same customer; the second brought it first."""
    yield scene.some_time(-filed, 9, 10)
    scene.file()
    yield scene.some_time(-filed, 11, 12)
    first, scene.broker = scene.broker, rival
    second = scene.file()
    yield scene.some_time(-came, 13, 17)
    visit = scene.arrive(second)
    scene.sign(visit)
    scene.complete(visit)
    scene.broker = first


def walk_in(scene: Scene, days: int, source: str = "natural") -> Plot:
    """Nobody brought this customer."""
    yield min(scene.some_time(-days, 10, 17), scene.now - HOUR)
    desk = scene.town.people["qiantai"]
    records.record_customer(actor=desk, project=scene.project, source=source, customer=scene.customer)
