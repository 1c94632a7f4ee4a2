"""What stands in the addresses of the route walk: for each argument of a route a sample that exists, and to whom it does not.

A new route needs a line here when its argument is not known yet. The key is the end of the address before the argument and
the argument's name: "hq/extensions/reference" goes before "extensions/reference", and that before "reference".
``strangers`` are people who may hold the route's permission and must yet be answered 404: the rival distributor, colleagues
who did not file, staff of other projects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import clock
from portal.models import Document, Extension, Registration, Visit, db
from portal.services import classification, extensions
from tests.fixtures import People, Stage


@dataclass(frozen=True)
class World:
    """The objects of the walk: Ana of 甲渠道 has filed them all in 云栖府."""

    people: People
    held: str
    signed: str
    entered: str
    visit: str
    extension: str
    check_code: str


@dataclass(frozen=True)
class Sample:
    """A value for an argument, and the people for whom it does not exist."""

    value: Callable[[World], Any]
    strangers: tuple[str, ...] = ()


#: The rival's broker, a colleague who is no owner, and staff of another project.
RIVALS = ("ben", "abe", "sid")
OF_ANA = Sample(lambda world: world.entered, RIVALS)
OF_VISIT = Sample(lambda world: world.visit, RIVALS)

SAMPLES: dict[str, Sample] = {
    # the distributor's room
    "brokers/user_id": Sample(lambda world: world.people.users["abe"], ("oda", "ben")),
    "customers/reference": OF_ANA,
    "filings/reference": Sample(lambda world: world.held, RIVALS),
    "drafts/code": Sample(lambda world: "nothing"),
    "extensions/reference": Sample(lambda world: world.extension, RIVALS),
    # the site's room: references of visits and of registrations
    "visits/reference": OF_VISIT,
    "audits/reference": OF_VISIT,
    "sign-offs/reference": OF_VISIT,
    "entries/reference": OF_VISIT,
    "excuses/reference": OF_VISIT,
    "classifications/reference": OF_ANA,
    "registrations/reference": OF_ANA,
    # headquarters
    "hq/registrations/reference": Sample(lambda world: world.entered),
    "hq/extensions/reference": Sample(lambda world: world.extension),
    "kind": Sample(lambda world: "filing_slip"),
    "accounts/user_id": Sample(lambda world: world.people.users["abe"]),
    "distributors/reference": Sample(lambda world: "D-0001"),
    "step": Sample(lambda world: "suspend"),
    "projects/code": Sample(lambda world: "YQ"),
    "policies/code": Sample(lambda world: "RE"),
    "version": Sample(lambda world: 1),
    "jobs/job_id": Sample(lambda world: "no-such-job"),
    "documents/reference": Sample(lambda world: world.held),
    "check/chain": Sample(lambda world: world.people.project_id),
    # everybody's
    "check/code": Sample(lambda world: world.check_code),
    "clauses/clause_id": Sample(lambda world: "RE-2.8"),
    "notices/notice_id": Sample(lambda world: 1),
    "files/file_id": Sample(lambda world: 1),
}


def build_world(stage: Stage) -> World:
    """One registration held, one signed, one entered with an application for extension. Commits."""
    # A local customer is filed an hour before the visit at least (RE-2.2).
    with clock.set_to(clock.now() - timedelta(hours=3)):
        held, signed, entered = stage.file(), stage.file(), stage.file()
    stage.sign(stage.arrive(signed))
    visit = stage.complete(stage.sign(stage.arrive(entered)))
    classification.classify(actor=stage.people.get("bo"), registration=entered, bulk=True, reason="整层购买")
    extension = extensions.ask_extension(actor=stage.people.get("ana"), registration=entered, reason="贷款审批")
    document = db.session.scalars(db.select(Document).order_by(Document.id)).first()
    world = World(
        people=stage.people,
        held=_called(held),
        signed=_called(signed),
        entered=_called(entered),
        visit=_called(visit),
        extension=_called(extension),
        check_code=document.check_code if document else "nothing",
    )
    db.session.commit()
    return world


def _called(subject: Registration | Visit | Extension) -> str:
    return str(subject.reference)
