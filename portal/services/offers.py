"""What a distributor may do with a registration now: the same checks that the commands make, asked in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.models import Extension, Registration, db
from portal.queries import contracts
from portal.rules.announcements import check_announcement
from portal.rules.extensions import ExtensionCase, check_application
from portal.rules.partnership import check_contract, check_may_act
from portal.rules.refusal import Refusal, refusal_of
from portal.services import policies
from portal.services.registrations import check_own_filings, check_takes_filings


@dataclass(frozen=True, slots=True)
class Offers:
    """Each action with the refusal that it would meet now; None: it would succeed."""

    announce_arrival: Refusal | None
    ask_extension: Refusal | None
    file_again: Refusal | None


def offers_for(registration: Registration, now: datetime) -> Offers:
    """The offers for the distributor of ``registration``, loaded with its parties."""
    return Offers(
        announce_arrival=refusal_of(lambda: check_announcement(registration.facts(), now, now)),
        ask_extension=extension_refusal(registration, now),
        file_again=refusal_of(lambda: _check_filing(registration, now)),
    )


def extension_refusal(registration: Registration, now: datetime) -> Refusal | None:
    """Why an application for the extension would be refused now, None when it would be taken (RE-2.11)."""
    return refusal_of(lambda: _check_extension(registration, now))


def extension_of(registration: Registration) -> Extension | None:
    """The one application of a registration."""
    return db.session.scalar(select(Extension).where(Extension.registration_id == registration.id))


def _check_extension(registration: Registration, now: datetime) -> None:
    check_may_act(registration.distributor.status_at(now))
    check_application(
        ExtensionCase(
            registration=registration.facts(),
            at=now,
            is_bulk=registration.is_bulk,
            asked_before=extension_of(registration) is not None,
            terms=registration.policy.terms.extension,
        )
    )


def _check_filing(registration: Registration, now: datetime) -> None:
    """As a filing of today would be judged: by the contract and the policy in force now, not those of the old filing."""
    check_may_act(registration.distributor.status_at(now))
    check_contract(contracts.covers(registration.distributor_id, registration.project_id, now))
    check_takes_filings(registration.project)
    prints = {key.kind: key.fingerprint for key in registration.keys}
    terms = policies.in_force(registration.project_id, now).terms
    check_own_filings(registration.distributor_id, registration.project, prints, terms, now)
