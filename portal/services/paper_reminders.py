"""Papers that end: headquarters and the partner's owners hear of it 30 and 7 days before, and when it has ended (CM-2.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Distributor, PartnerFile, PartnerPaper, db
from portal.one_by_one import each
from portal.rules.partner_states import LEFT
from portal.rules.periods import midnight
from portal.services import notices
from portal.services.application_notices import holders
from portal.services.partner_entries import owners_of
from portal.wording.times import PORTAL_ZONE

DAYS_BEFORE = (30, 7)
#: An end is still worth telling for so long, should the worker have been away.
_WORTH_TELLING = timedelta(days=30)


def remind(now: datetime) -> int:
    """Tell of every paper that ends within 30 days or has ended, once for each stage; how many were told anew."""
    today = now.astimezone(PORTAL_ZONE).date()
    query = (
        select(PartnerPaper)
        .join(PartnerFile, PartnerFile.id == PartnerPaper.partner_file_id)
        .join(Distributor, Distributor.id == PartnerFile.distributor_id)
        .where(PartnerPaper.replaced_at.is_(None), Distributor.status.not_in(LEFT))
        .where(PartnerPaper.valid_until >= today - _WORTH_TELLING)
        .where(PartnerPaper.valid_until <= today + timedelta(days=max(DAYS_BEFORE)))
        .options(joinedload(PartnerPaper.partner_file).joinedload(PartnerFile.distributor))
        .order_by(PartnerPaper.id)
    )
    return each(db.session.scalars(query).unique(), lambda paper: _remind(paper, today, now))


def ends_at(day: date) -> datetime:
    """The exclusive end of the last day on which a paper is valid, UTC."""
    return midnight(day + timedelta(days=1), PORTAL_ZONE)


def _remind(paper: PartnerPaper, today: date, now: datetime) -> int:
    distributor = paper.partner_file.distributor
    if distributor is None or paper.valid_until is None:
        return 0
    left = (paper.valid_until - today).days
    stage = "ended" if left < 0 else str(min(days for days in DAYS_BEFORE if left <= days))
    kind = "paper.ended" if left < 0 else "paper.ending"
    facts = {"reference": distributor.reference, "paper": paper.kind, "until": ends_at(paper.valid_until)}
    people = [*owners_of(distributor.id), *holders("hq_channel")]
    return notices.tell(people, kind, distributor, f"paper:{paper.id}:{stage}", "CM-2.4", facts, now=now)
