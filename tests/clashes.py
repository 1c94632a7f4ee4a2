"""Clashes as tests need them: rivals file and bring one customer, the customer buys, somebody claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import joinedload

from portal import clock
from portal.models import Claim, Deal, DealEvent, Registration, Ruling, db
from portal.queries.deals import WITH_EVENTS
from portal.services import claims, deals, rulings
from portal.services.customers import Customer
from portal.services.deals import NewEvent
from tests.fixtures import Stage

#: Nine in the morning at the site.
START = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOUGHT_AT = START + 20 * DAY
NAME, PHONE, WRONG_PHONE = "林书航", "+8616600003391", "+8616600003397"


@dataclass
class Clash:
    """Two rivals, one buyer; ``filed`` by login. Everything happens through the services, at set times."""

    stage: Stage
    start: datetime = START
    filed: dict[str, Registration] = field(default_factory=dict)

    def bring(self, who: str, after: timedelta, *, visit: bool = True, **customer: Any) -> Registration:
        """``who`` files the customer so long after the start and, unless told otherwise, brings it three hours later."""
        values = {"name": NAME, "phone": PHONE} | customer
        with clock.set_to(self.start + after):
            registration = self.stage.file(who, Customer(**values))
        if visit:
            with clock.set_to(self.start + after + 3 * HOUR):
                self.stage.sign(self.stage.arrive(registration))
        self.filed[who] = registration
        return registration

    def buy(self, kind: str = "subscription", at: datetime = BOUGHT_AT, *buyers: Customer) -> DealEvent:
        """The first event of a deal on a unit."""
        event = NewEvent(
            kind=kind,
            buyers=buyers or (Customer(name=NAME, phone=PHONE, id_number="330106199001010018"),),
            unit="3 幢 1702",
            amount=Decimal("3280000"),
        )
        with clock.set_to(at):
            people = self.stage.people
            return deals.open_deal(actor=people.get("cai"), project=people.project(), event=event)

    def claim(self, who: str, event: DealEvent, at: datetime = BOUGHT_AT + DAY) -> Claim:
        """``who`` claims the event."""
        with clock.set_to(at):
            return claims.claim_deal(
                actor=self.stage.people.get(who), event=event, project=self.stage.people.project(), statement="先报备"
            )

    def rule(
        self, event: DealEvent, at: datetime = BOUGHT_AT + 2 * DAY, accepted: Sequence[int] = (), reason: str = ""
    ) -> Ruling:
        """Bo of the back office rules."""
        with clock.set_to(at):
            return rulings.rule_deal(
                actor=self.stage.people.get("bo"),
                deal=loaded(event.deal_id),
                event=event,
                accepted=accepted,
                reason=reason,
            )


def loaded(deal_id: int) -> Deal:
    """The deal as services take it, read afresh."""
    query = db.select(Deal).where(Deal.id == deal_id).options(joinedload(Deal.project), *WITH_EVENTS)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def clashed(stage: Stage) -> tuple[Clash, DealEvent, Ruling]:
    """Ana filed first with a wrong last digit, Ben later with the right number; Ana claims and the back office rules."""
    clash = Clash(stage)
    clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
    clash.bring("ben", DAY)
    event = clash.buy()
    clash.claim("ana", event)
    ruling = clash.rule(event)
    return clash, event, ruling
