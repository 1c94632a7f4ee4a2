"""What stands in the addresses of the route walk: for each argument of a route a sample that exists, and to whom it does not.

A new route needs a line here when its argument is not known yet. The key is the end of the address before the argument and
the argument's name: "hq/extensions/reference" goes before "extensions/reference", and that before "reference".
``strangers`` are people who may hold the route's permission and must yet be answered 404: the rival distributor, colleagues
who did not file, staff of other projects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal import clock
from portal.models import Claim, CommissionHold, Contract, Deal, Document, Extension, Registration, Ruling, Visit, db
from portal.rules.policies import preset
from portal.services import (
    backtest_runs,
    breaches,
    claims,
    classification,
    contract_templates,
    deal_imports,
    deals,
    delegations,
    enforcements,
    exits,
    extensions,
    relations,
    rulings,
    spot_checks,
)
from portal.services.breaches import Report
from portal.services.customers import customer_of
from portal.services.deals import NewEvent
from tests.applying import reach
from tests.caring import answered_complaint, begun_task, published_sheet
from tests.fixtures import People, Stage


@dataclass(frozen=True)
class World:
    """The objects of the walk: Ana of 甲渠道 has filed them all in 云栖府.

    Her entered customer bought with one of Ben's, who has the earlier lock: she claimed and lost (``party``).
    """

    people: People
    held: str
    signed: str
    entered: str
    visit: str
    extension: str
    check_code: str
    deal: str
    event: str
    claim: str
    ruling: str
    party: str
    backtest: str
    imported: str
    finding: str
    application: str
    exit: str
    assessment: str
    care_task: str
    complaint: str
    enforcement: str
    contract: str
    check: str
    checked: int
    delegation: str


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
    "claims/event": Sample(lambda world: world.event),
    "distributor/claims/reference": Sample(lambda world: world.claim, RIVALS),
    "distributor/rulings/reference": Sample(lambda world: world.party, RIVALS),
    "distributor/findings/reference": Sample(lambda world: world.finding, ("oda",)),
    # the site's room: references of visits and of registrations
    "visits/reference": OF_VISIT,
    "audits/reference": OF_VISIT,
    "sign-offs/reference": OF_VISIT,
    "entries/reference": OF_VISIT,
    "excuses/reference": OF_VISIT,
    "classifications/reference": OF_ANA,
    "registrations/reference": OF_ANA,
    "site/deals/reference": Sample(lambda world: world.deal, ("sid",)),
    "buyers/buyer_id": Sample(lambda world: 1),
    "relations/relation_id": Sample(lambda world: 1, ("sid",)),
    "imports/reference": Sample(lambda world: world.imported),
    "cases/reference": Sample(lambda world: world.deal, ("sid",)),
    "site/rulings/reference": Sample(lambda world: world.ruling, ("sid",)),
    "site/claims/reference": Sample(lambda world: world.claim, ("sid",)),
    # headquarters
    "hq/deals/reference": Sample(lambda world: world.deal),
    "hq/rulings/reference": Sample(lambda world: world.ruling),
    "hq/delegations/reference": Sample(lambda world: world.delegation, ("gia",)),
    "hq/exits/reference": Sample(lambda world: world.exit),
    "distributor/exits/reference": Sample(lambda world: world.exit, ("oda",)),
    "matter": Sample(lambda world: "handover"),
    "paper": Sample(lambda world: "settlement"),
    "duties/duty": Sample(lambda world: "papers"),
    "hq/applications/reference": Sample(lambda world: world.application),
    "applications/<ref:reference>/act": Sample(lambda world: "take-up"),
    "earlier/application_id": Sample(lambda world: 1),
    "papers/paper_id": Sample(lambda world: 1),
    "invitations/link": Sample(lambda world: "nothing"),
    "form/step": Sample(lambda world: "company"),
    "messages/message_id": Sample(lambda world: 1),
    "hq/findings/reference": Sample(lambda world: world.finding),
    "hq/spot-checks/reference": Sample(lambda world: world.check),
    "deals/line_id": Sample(lambda world: world.checked),
    "care/act": Sample(lambda world: "contacts"),
    "assessments/reference": Sample(lambda world: world.assessment),
    "care/tasks/reference": Sample(lambda world: world.care_task),
    "company/assessments/reference": Sample(lambda world: world.assessment, ("oda",)),
    "part": Sample(lambda world: "scores"),
    "complaints/reference": Sample(lambda world: world.complaint),
    "distributor/complaints/reference": Sample(lambda world: world.complaint, ("ben", "abe", "oda")),
    "prospects/prospect_id": Sample(lambda world: 1),
    "prospects/<id:prospect_id>/deed": Sample(lambda world: "invitation"),
    "deed": Sample(lambda world: "owner"),
    "act": Sample(lambda world: "verdict"),
    "sanctions/sanction": Sample(lambda world: "fine"),
    "move": Sample(lambda world: "decision"),
    "evidence/file_id": Sample(lambda world: 1),
    "letters/letter": Sample(lambda world: "YQ-N0000-000000"),
    "alerts/alert_id": Sample(lambda world: 1),
    "redetermination/finding": Sample(lambda world: "YQ-F0000-000000"),
    "hq/registrations/reference": Sample(lambda world: world.entered),
    "site/enforcements/reference": Sample(lambda world: world.enforcement, ("sid",)),
    "hq/enforcements/reference": Sample(lambda world: world.enforcement),
    "holds/deal": Sample(lambda world: world.deal),
    "hq/contracts/reference": Sample(lambda world: world.contract),
    "distributor/contracts/reference": Sample(lambda world: world.contract, ("oda",)),
    "errand": Sample(lambda world: "submit"),
    "copy": Sample(lambda world: "text"),
    "contract-templates/name": Sample(lambda world: "standard"),
    "hq/extensions/reference": Sample(lambda world: world.extension),
    "kind": Sample(lambda world: "filing_slip"),
    "accounts/user_id": Sample(lambda world: world.people.users["abe"]),
    "distributors/reference": Sample(lambda world: "D-0001"),
    "step": Sample(lambda world: "suspend"),
    "projects/code": Sample(lambda world: "YQ"),
    "policies/code": Sample(lambda world: "RE"),
    "version": Sample(lambda world: 1),
    "backtests/reference": Sample(lambda world: world.backtest),
    "form": Sample(lambda world: "csv"),
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
    """One registration held, one signed, one entered with an application for extension, a deal, claimed and ruled. Commits."""
    # It commits, and what was read before a commit is read again.
    application = reach(stage.people, "in_review").reference
    # A local customer is filed an hour before the visit at least (RE-2.2).
    with clock.set_to(clock.now() - timedelta(hours=3)):
        rival = stage.file("ben")
        held, signed, entered = stage.file(), stage.file(), stage.file()
    stage.sign(stage.arrive(rival))
    stage.sign(stage.arrive(signed))
    visit = stage.complete(stage.sign(stage.arrive(entered)))
    classification.classify(actor=stage.people.get("bo"), registration=entered, bulk=True, reason="整层购买")
    extension = extensions.ask_extension(actor=stage.people.get("ana"), registration=entered, reason="贷款审批")
    ruling = _sell(stage, entered, rival)
    deal = ruling.deal
    document = db.session.scalars(db.select(Document).order_by(Document.id)).first()
    world = World(
        people=stage.people,
        held=_called(held),
        signed=_called(signed),
        entered=_called(entered),
        visit=_called(visit),
        extension=_called(extension),
        check_code=document.check_code if document else "nothing",
        deal=deal.reference,
        event=ruling.event.reference,
        claim=db.session.scalars(db.select(Claim.reference)).one(),
        ruling=ruling.reference,
        party=next(party.reference for party in ruling.parties if not party.wins),
        backtest=_tried(stage),
        imported=_imported(stage, entered),
        finding=_reported(stage),
        application=application,
        exit=_leaving(stage),
        assessment=published_sheet(stage.people).reference,
        care_task=begun_task().reference,
        complaint=answered_complaint(stage.people).reference,
        enforcement=_enforced(stage, deal),
        contract=_contracted(stage),
        **_checked(stage),
        delegation=_delegated(stage),
    )
    db.session.commit()
    return world


def _contracted(stage: Stage) -> str:
    """The number of the contract of Ana's company; and a template is being drafted."""
    contract_templates.draft_template(actor=stage.people.get("hua"))
    of_ana = db.select(Contract.reference).where(Contract.distributor_id == stage.people.distributor().id)
    return str(db.session.scalars(of_ana).one())


def _sell(stage: Stage, entered: Registration, rival: Registration) -> Ruling:
    """Both customers buy together; Ana claims, and the back office rules."""
    buyers = (customer_of(entered), customer_of(rival))
    event = NewEvent(kind="deposit", buyers=buyers, unit="3-1702", amount=Decimal("3482600.00"))
    project = stage.people.project()
    bought = deals.open_deal(actor=stage.people.get("cai"), project=project, event=event)
    claims.claim_deal(actor=stage.people.get("ana"), event=bought, project=project, registration=entered)
    return rulings.rule_deal(actor=stage.people.get("bo"), deal=bought.deal, event=bought)


def _imported(stage: Stage, entered: Registration) -> str:
    """The number of an import of one row; and Ana's customer has a brother."""
    brother = stage.customer(name="张五")
    relations.record_relation(
        actor=stage.people.get("bo"),
        project=stage.people.project(),
        one=brother,
        other=customer_of(entered),
        kind="sibling",
        proven=True,
    )
    batch = deal_imports.accept_file(
        actor=stage.people.get("cai"),
        project=stage.people.project(),
        content="成交编号,步骤,时间,购房人,手机号\nXS-1,认筹,2026-04-01,张三,13900001111".encode(),
        name="deals.csv",
        submission_key="one",
    )
    return str(batch.reference)


def _reported(stage: Stage) -> str:
    """The number of a case about Ana's company that is found, with its fine proposed."""
    report = Report(kind="interception", summary="在路口拦下客户", distributor=stage.people.distributor())
    project = stage.people.project()
    found = breaches.report_breach(actor=stage.people.get("kit"), project=project, report=report)
    breaches.decide_breach(
        actor=stage.people.get("hua"), finding=found, project=project, confirmed=True, reason="照片与笔录一致"
    )
    return found.reference


def _checked(stage: Stage) -> dict[str, Any]:
    """The number of a spot check of every deal, and the id of a deal in it."""
    today = clock.now().astimezone(stage.people.project().zone).date()
    check = spot_checks.draw_sample(
        actor=stage.people.get("hua"),
        first_day=today - timedelta(days=1),
        last_day=today + timedelta(days=1),
        project=None,
        distributor=None,
        number=9,
        reason="季度抽查",
        submission_key="walk",
    )
    return {"check": check.reference, "checked": check.lines[0].id}


def _enforced(stage: Stage, deal: Deal) -> str:
    """The number of an enforcement about the rival, whose status stays; the commission of ``deal`` waits by it."""
    rival, now = stage.people.distributor("乙渠道"), clock.now()
    done = enforcements.enforce(
        actor=stage.people.get("hua"), distributor=rival, kind="suspend", clause="DM-12.1", reason="核查", now=now
    )
    hold = CommissionHold(distributor_id=rival.id, deal_id=deal.id, enforcement_id=done.id, clause="RE-Q34", since=now)
    db.session.add(hold)
    return done.reference


def _delegated(stage: Stage) -> str:
    """The number of the delegation by which Hua signs for Dan."""
    day = clock.now().date() + timedelta(days=1)
    made = delegations.name_deputy(
        actor=stage.people.get("dan"),
        matter="department_signature",
        principal=stage.people.get("dan"),
        deputy=stage.people.get("hua"),
        first_day=day,
        last_day=day,
        reason="出差",
    )
    return made.reference


def _leaving(stage: Stage) -> str:
    """The number of Olga's request to leave."""
    last_day = (clock.now() + timedelta(days=40)).date()
    return exits.ask_exit(actor=stage.people.get("olga"), reason="转做其他业务", last_day=last_day).reference


def _called(subject: Registration | Visit | Extension) -> str:
    return str(subject.reference)


def _tried(stage: Stage) -> str:
    """The number of a back-test that Hua asked for."""
    run = backtest_runs.ask_backtest(
        actor=stage.people.get("hua"),
        project_id=stage.people.project_id,
        document=preset("RE"),
        name="",
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
        submission_key="walk",
    )
    return run.reference
