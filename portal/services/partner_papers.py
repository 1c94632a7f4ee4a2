"""Papers that an owner brings for its own company's file (CM-2.4)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal import clock
from portal.models import Distributor, PartnerFile, PartnerPaper, User, db
from portal.services import application_notices, notices, partner_files
from portal.services.claim_sending import Brought


def renew_paper(*, actor: User, kind: str, brought: Brought, valid_until: date | None) -> PartnerPaper:
    """Put a newer paper into the file of the owner's company; headquarters hears that there is something to check."""
    distributor = db.session.get_one(Distributor, actor.distributor_id)
    file = _file(distributor)
    paper = partner_files.bring_paper(actor=actor, file=file, kind=kind, brought=brought, valid_until=valid_until)
    facts = {"reference": distributor.reference, "paper": kind}
    people = application_notices.holders("hq_channel")
    notices.tell(people, "paper.brought", distributor, f"paper:{paper.id}", "CM-2.4", facts, now=paper.brought_at)
    return paper


def _file(distributor: Distributor) -> PartnerFile:
    """The file of the company; begun now for one that worked with us before there were files."""
    # Two uploads at once begin one file: the second waits for the row of the distributor.
    db.session.execute(select(Distributor.id).where(Distributor.id == distributor.id).with_for_update(key_share=True))
    found = db.session.scalars(select(PartnerFile).where(PartnerFile.distributor_id == distributor.id)).unique().first()
    if found is not None:
        return found
    now = clock.now()
    file = PartnerFile(
        distributor_id=distributor.id,
        name=distributor.name,
        registration_code=distributor.registration_code,
        created_at=now,
        changed_at=now,
    )
    db.session.add(file)
    db.session.flush()
    return file
