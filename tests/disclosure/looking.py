"""Two rivals have the same customer: everybody reads every page that they can reach, before the deal and after its ruling."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import db
from portal.rules.disclosure import COLUMNS, Phase
from portal.services import claims, deals, rulings
from portal.services.deals import NewEvent
from portal.wording.times import moment
from tests.distributor.claiming import BUYER
from tests.fixtures import Stage

#: One person of each role, and the brokers and owners of both sides.
READERS = {
    "broker": "ana",
    "owner": "olga",
    "reception": "rui",
    "back_office": "bo",
    "consultant": "cai",
    "site_leader": "lin",
    "hq_channel": "hua",
    "department_manager": "dan",
    "general_manager": "gia",
    "legal": "leo",
    "customer_service": "kit",
    "finance": "fin",
    "administrator": "ada",
    "auditor": "aud",
}
RIVAL, STRANGER = "ben", "sid"
UNIT, AMOUNT = "3-1702", Decimal("3482600.00")
SAID = {"ana": "甲方先报备先带看", "ben": "乙方三月二日带看"}
_MOST_PAGES = 150
#: What no page says: the mark of something that does not exist before the deal.
_NOT_YET = "〇〇〇〇"
_SKIPPED = re.compile(r"^/(static|language|clauses|policies|check|help|_components)|\.pdf$|\.csv$|\.xlsx$|^/files/")


@dataclass
class Case:
    """The numbers of the case, as they would stand on a page, and what each reader has read."""

    phase: Phase
    marks: dict[str, str]
    pages: dict[str, list[str]] = field(default_factory=dict)

    def finds(self, reader: str, marks: tuple[str, ...] | None) -> bool:
        """Whether one page of the reader has all these marks; names of marks stand for their numbers."""
        looked_for = [self.marks.get(mark, mark) for mark in marks or ()]
        return bool(looked_for) and any(all(mark in page for mark in looked_for) for page in self.pages[reader])


def build(app: Flask, stage: Stage, browse: Callable[..., FlaskClient], phase: Phase) -> Case:
    """Ana filed and brought the buyer first, then Ben; after the deal both claimed and it was ruled Ana's."""
    assert set(READERS) == set(COLUMNS)
    with clock.set_to(_next_afternoon(app, stage)):
        case = Case(phase, _bring_about(app, stage, phase))
        for reader in (*READERS.values(), RIVAL, STRANGER):
            case.pages[reader] = list(read_all(browse(reader)))
    return case


def _next_afternoon(app: Flask, stage: Stage) -> datetime:
    """Three o'clock at the site: what came about in the hours before is still of the same day, whenever the test is run."""
    with app.app_context():
        tomorrow = clock.now().astimezone(stage.people.project().zone) + timedelta(days=1)
    return tomorrow.replace(hour=15, minute=0, second=0).astimezone(UTC)


def _bring_about(app: Flask, stage: Stage, phase: Phase) -> dict[str, str]:
    with app.app_context():
        now = clock.now()
        marks = dict.fromkeys(("at", "ruling", "won", "lost"), _NOT_YET) | _visit(stage, now)
        if phase is Phase.AFTER:
            marks |= _sell(stage, now)
        db.session.commit()
    return marks


def _visit(stage: Stage, now: datetime) -> dict[str, str]:
    with clock.set_to(now - timedelta(hours=5)):
        first = stage.file("ana", BUYER)
    with clock.set_to(now - timedelta(hours=4)):
        second = stage.file("ben", BUYER)
    with clock.set_to(now - timedelta(hours=2)):
        for registration in (first, second):
            stage.sign(stage.arrive(registration))
    return {"first": first.reference, "second": second.reference}


def _sell(stage: Stage, now: datetime) -> dict[str, str]:
    project = stage.people.project()
    at = now - timedelta(minutes=61)
    with clock.set_to(at):
        event = NewEvent(kind="subscription", buyers=(BUYER,), unit=UNIT, amount=AMOUNT)
        bought = deals.open_deal(actor=stage.people.get("cai"), project=project, event=event)
    with clock.set_to(at + timedelta(minutes=7)):
        for who, statement in SAID.items():
            claims.claim_deal(actor=stage.people.get(who), event=bought, project=project, statement=statement)
        ruling = rulings.rule_deal(actor=stage.people.get("bo"), deal=bought.deal, event=bought)
    parties = {party.wins: party.reference for party in ruling.parties}
    return {
        "at": moment(at, project.zone)[11:],
        "ruling": ruling.reference,
        "won": parties[True],
        "lost": parties[False],
    }


def read_all(client: FlaskClient) -> Iterator[str]:
    """The text of every page that can be reached by links from the first one."""
    seen, waiting = {"/"}, ["/"]
    while waiting and len(seen) < _MOST_PAGES:
        answer = client.get(waiting.pop(0), follow_redirects=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = answer.get_data(as_text=True)
        yield " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page)).split())
        for link in re.findall(r'href="(/[^"#?]*)', page):
            if link not in seen and not _SKIPPED.search(link):
                seen.add(link)
                waiting.append(link)
