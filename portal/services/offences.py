"""How offences count (RE-Q19): confirmed ones of one offender, one after the other, without those that an appeal has lifted.

Whoever counts holds the offender; a lifted offence moves the later ones down, and what is only proposed for them follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from portal import audit
from portal.models import CheckedDeal, Deal, Finding, Policy, Sanction, db
from portal.models.findings import SANCTIONS
from portal.rules.findings import CATCHING, OF_THE_NUMBER, Consequences, Offence, consequences, has_fallen
from portal.rules.policies import Policy as Terms
from portal.services import finding_notices

_CLAUSES = {
    "fine": "RE-5.3",
    "stop": "RE-5.4",
    "blacklist": "RE-5.4",
    "refuse_commission": "RE-4.8",
    "return_commission": "RE-4.8",
    "damages": "RE-4.8",
    "terminate": "RE-4.8",
    "dismissal": "RE-7.2",
    "exclude_unit": "RE-7.3",
    "warning": "RE-7.4",
    "transfer": "RE-7.5",
}


def hold_team(finding: Finding) -> None:
    """Whoever counts the same team's offences at the same moment waits: a team has no row that could be locked (RE-7.4)."""
    if finding.team is not None:
        key = f"team:{finding.project_id}:{finding.team}"
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def follow_from(finding: Finding, terms: Terms) -> Consequences:
    """What the policy proposes for the case as things stand."""
    return consequences(_offence(finding, _earlier(finding)), terms.penalties, terms.circle_radius_m)


def propose(finding: Finding, found: Consequences) -> None:
    """Put down the number of the offence and the sanctions proposed."""
    finding.clause, finding.offence = found.clause, found.offence
    finding.sanctions = [_sanction(kind, found) for kind in SANCTIONS if kind in found.sanctions]


def recount_after(finding: Finding, now: datetime) -> int:
    """An appeal has lifted the offence of ``finding``: later ones of the offender count one less; how many changed.

    Those that nobody has decided on get the sanctions of their new number. Where somebody has, that person is told.
    """
    if finding.offence is None or not _fell(finding):
        return 0
    later = select(Finding).where(*_same_offender(finding), Finding.offence > finding.offence).order_by(Finding.offence)
    return sum(_recount(one, now) for one in db.session.scalars(later).unique().all() if not _fell(one))


def is_fallen(finding: Finding) -> bool:
    """Whether the case is an offence that counts no more (RE-Q19)."""
    return finding.offence is not None and _fell(finding)


def appealed_before(finding: Finding) -> list[str]:
    """The numbers of earlier offences of the same offender whose appeals are not decided: on them this one's number rests."""
    if finding.offence is None:
        return []
    below = select(Finding).where(*_same_offender(finding), Finding.offence < finding.offence).order_by(Finding.offence)
    open_still = [one for one in db.session.scalars(below).unique() if _is_appealed(one)]
    return [one.reference for one in open_still]


def _is_appealed(finding: Finding) -> bool:
    return any(one.state == "appealed" and one.kind in OF_THE_NUMBER for one in finding.sanctions)


def _recount(finding: Finding, now: datetime) -> bool:
    before = finding.offence
    terms = db.session.get_one(Policy, finding.policy_id).terms
    found = consequences(_offence(finding, _standing_below(finding)), terms.penalties, terms.circle_radius_m)
    if found.offence == before:
        return False
    finding.offence = found.offence
    _propose_anew(finding, found)
    db.session.flush()
    audit.record(
        "finding.recounted",
        finding,
        actor=None,
        now=now,
        clause="RE-Q19",
        reference=finding.reference,
        before=before,
        after=found.offence,
    )
    deciders = {one.decided_by_id for one in finding.sanctions if one.kind in OF_THE_NUMBER}
    occasion = f"recounted:{found.offence}"
    finding_notices.tell(deciders, finding, "finding.recounted", "RE-Q19", now, occasion=occasion)
    return True


def _propose_anew(finding: Finding, found: Consequences) -> None:
    """What hangs on the number is proposed anew unless a person has decided on some of it."""
    of_number = [one for one in finding.sanctions if one.kind in OF_THE_NUMBER]
    if any(one.state != "proposed" for one in of_number):
        return
    kept = [one for one in finding.sanctions if one not in of_number or one.kind in found.sanctions]
    known = {one.kind for one in kept}
    for one in [one for one in of_number if one not in kept]:
        finding.sanctions.remove(one)
        db.session.delete(one)
    finding.sanctions += [_sanction(kind, found) for kind in found.sanctions if kind not in known]


def _fell(finding: Finding) -> bool:
    return has_fallen((one.kind, one.state) for one in finding.sanctions)


def _same_offender(finding: Finding) -> tuple[ColumnElement[bool], ...]:
    """Other confirmed cases of the same distributor, or of the same project's team."""
    others = (Finding.state == "confirmed", Finding.id != finding.id)
    if finding.kind in CATCHING:
        return (*others, Finding.distributor_id == finding.distributor_id, Finding.kind.in_(CATCHING))
    team = (Finding.team == finding.team, Finding.project_id == finding.project_id)
    return (*others, *team, Finding.kind == finding.kind)


def _earlier(finding: Finding) -> int:
    if finding.kind == "false_filing":
        return 0
    others = db.session.scalars(select(Finding).where(*_same_offender(finding))).unique()
    return sum(not _fell(one) for one in others)


def _standing_below(finding: Finding) -> int:
    below = select(Finding).where(*_same_offender(finding), Finding.offence < finding.offence)
    return sum(not _fell(one) for one in db.session.scalars(below).unique())


def _offence(finding: Finding, earlier: int) -> Offence:
    return Offence(
        kind=finding.kind,
        earlier=earlier,
        distance_m=finding.distance_m,
        damages_claimed=_damages_claimed(finding),
        first_answer=_first_answer_said_so(finding),
    )


def _first_answer_said_so(finding: Finding) -> bool:
    """Whether the case came of a spot check, in which the customer's first answer decides (RE-4.7)."""
    return db.session.scalar(select(CheckedDeal.id).where(CheckedDeal.finding_id == finding.id)) is not None


def _sanction(kind: str, found: Consequences) -> Sanction:
    amount = {"fine": found.fine, "damages": found.damages}.get(kind) or None
    return Sanction(kind=kind, clause=_CLAUSES[kind], amount=amount, state="proposed")


def _damages_claimed(finding: Finding) -> bool:
    """Damages are proposed once for a registration or its deal (RE-F19)."""
    subjects = _subjects(finding)
    query = (
        select(Sanction.id)
        .join(Finding, Finding.id == Sanction.finding_id)
        .where(Sanction.kind == "damages", Finding.id != finding.id, Finding.registration_id.in_(subjects[0]))
    )
    by_deal = (
        select(Sanction.id)
        .join(Finding, Finding.id == Sanction.finding_id)
        .where(Sanction.kind == "damages", Finding.id != finding.id, Finding.deal_id.in_(subjects[1]))
    )
    return db.session.scalar(query.union_all(by_deal).limit(1)) is not None


def _subjects(finding: Finding) -> tuple[Sequence[int], Sequence[int]]:
    """The registration and the deals that rest on it, whichever of them the finding names."""
    registrations = {finding.registration_id} - {None}
    deals = {finding.deal_id} - {None}
    if finding.deal_id is not None:
        registrations |= {db.session.get_one(Deal, finding.deal_id).registration_id} - {None}
    deals |= set(db.session.scalars(select(Deal.id).where(Deal.registration_id.in_(registrations))).all())
    return sorted(one for one in registrations if one), sorted(one for one in deals if one)
