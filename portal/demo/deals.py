"""How some of the demo's customers buy: a plain deal, a couple, a clash that waits for its ruling, one that is ruled."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from portal.demo.plots import HOUR, Plot, Scene
from portal.models import DealEvent, Registration, User
from portal.services import claims, deals, relations, rulings
from portal.services.customers import Customer
from portal.services.deals import NewEvent


def _event(scene: Scene, kind: str, *buyers: Customer) -> NewEvent:
    price = Decimal(scene.random.randrange(2_200_000, 6_800_000, 10_000))
    amount = Decimal(50_000) if kind == "deposit" else price
    unit = f"{scene.random.randint(1, 9)}-{scene.random.randint(2, 26)}0{scene.random.randint(1, 4)}"
    return NewEvent(kind=kind, buyers=buyers or (scene.customer,), unit=unit, amount=amount)


def _buy(scene: Scene, kind: str, *buyers: Customer) -> DealEvent:
    consultant = scene.town.people["guwen"]
    return deals.open_deal(actor=consultant, project=scene.project, event=_event(scene, kind, *buyers))


def _follow(scene: Scene, event: DealEvent, kind: str, *buyers: Customer) -> None:
    given = replace(_event(scene, kind, *buyers), unit=event.unit)
    deals.add_event(actor=scene.town.people["guwen"], deal=event.deal, event=given)


def _come(scene: Scene, days: int) -> Generator[datetime, None, Registration]:
    """File and come with the broker of the scene; gives the registration."""
    yield scene.some_time(-days - 1, 9, 11)
    registration = scene.file()
    yield scene.some_time(-days, 13, 17)
    visit = scene.arrive(registration)
    scene.sign(visit)
    yield visit.arrived_at + HOUR
    scene.complete(visit)
    return registration


def bought(scene: Scene, came: int, days: int, *later: str) -> Plot:
    """Came ``came`` days ago, paid a deposit ``days`` ago, went on with ``later`` steps every third day."""
    yield from _come(scene, came)
    yield scene.some_time(-days, 10, 17)
    event = _buy(scene, "deposit")
    for number, kind in enumerate(later, start=1):
        yield event.happened_at + timedelta(days=3 * number)
        _follow(scene, event, kind)


def couple(scene: Scene, days: int) -> Plot:
    """The husband paid the deposit; the wife joined at the signing; the marriage certificate is on record."""
    wife = Customer(name="钱晓雨", phone=str(scene.customer.phone).replace("0000", "0001", 1), residence="330100")
    yield from _come(scene, days + 4)
    yield scene.some_time(-days, 10, 12)
    event = _buy(scene, "deposit")
    yield event.happened_at + timedelta(hours=2)
    relations.record_relation(
        actor=scene.town.people["houtai"],
        project=scene.project,
        one=wife,
        other=scene.customer,
        kind="spouse",
        proven=True,
        document="结婚证",
    )
    yield event.happened_at + timedelta(days=2)
    _follow(scene, event, "signing", scene.customer, wife)


def clashed(scene: Scene, rival: User, days: int, *, ruled: bool) -> Plot:
    """Two companies filed and brought the same customer; the one that filed later claims the deal, and is heard or waits."""
    first = scene.broker
    yield from _come(scene, days + 6)
    scene.broker = rival
    second = yield from _come(scene, days + 3)
    scene.broker = first
    yield scene.some_time(-days, 10, 12)
    event = _buy(scene, "subscription")
    yield event.happened_at + 3 * HOUR
    statement = "客户由我司接送，首次到访和选房都由我司陪同。"
    claims.claim_deal(actor=rival, event=event, project=scene.project, registration=second, statement=statement)
    if ruled:
        yield event.happened_at + timedelta(days=1)
        rulings.rule_deal(actor=scene.town.people["houtai"], deal=event.deal, event=event, reason="三类记录核对一致。")


def company_deal(scene: Scene, days: int) -> Plot:
    """Nobody brought this buyer."""
    yield scene.some_time(-days, 10, 17)
    _buy(scene, "subscription")
