"""What a distributor may do with a registration now: the same checks that the commands make, asked in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.models import Extension, Registration, db
from portal.rules.announcements import check_announcement
from portal.rules.extensions import ExtensionCase, check_application
from portal.rules.partnership import check_may_act
from portal.rules.policies import Policy as Terms
from portal.rules.refusal import Refusal, refusal_of
from portal.services.registrations import check_own_filings


@dataclass(frozen=True, slots=True)
class Offers:
    """Each action with the refusal that it would meet now; None: it would succeed."""

    announce_arrival: Refusal | None
    ask_extension: Refusal | None
    file_again: Refusal | None


def offers_for(registration: Registration, now: datetime) -> Offers:
    """The offers for the distributor of ``registration``, loaded with its parties."""
    terms = registration.policy.terms
    return Offers(
        announce_arrival=refusal_of(lambda: check_announcement(registration.facts(), now, now)),
        ask_extension=refusal_of(lambda: _check_extension(registration, terms, now)),
        file_again=refusal_of(lambda: _check_filing(registration, terms, now)),
    )


def extension_of(registration: Registration) -> Extension | None:
    """The one application of a registration."""
    return db.session.scalar(select(Extension).where(Extension.registration_id == registration.id))


def _check_extension(registration: Registration, terms: Terms, now: datetime) -> None:
    check_may_act(registration.distributor.status_at(now))
    check_application(
        ExtensionCase(
            registration=registration.facts(),
            at=now,
            is_bulk=registration.is_bulk,
            asked_before=extension_of(registration) is not None,
            terms=terms.extension,
        )
    )


def _check_filing(registration: Registration, terms: Terms, now: datetime) -> None:
    check_may_act(registration.distributor.status_at(now))
    prints = {key.kind: key.fingerprint for key in registration.keys}
    check_own_filings(registration.distributor_id, registration.project, prints, terms, now)
