"""A partner that was blacklisted does not come back under another name (RE-5.4), unless a named person lets it."""

from __future__ import annotations

from sqlalchemy import select

from portal import audit, clock
from portal.models import Application, PartnerFile, User, db
from portal.queries.blacklist import Match, matches_of
from portal.rules.refusal import Refusal


def open_matches(file: PartnerFile, *, lock: bool = False) -> list[Match]:
    """The matches that no override covers."""
    application = db.session.scalar(select(Application).where(Application.partner_file_id == file.id))
    covered = set(application.overridden) if application is not None else set()
    return [match for match in matches_of(file, lock=lock) if not covered.issuperset(match.marks)]


def check_blacklist_match(file: PartnerFile) -> None:
    """Raises Refusal partner_matches_blacklist (RE-5.4) unless an override covers every match.

    Holds the distributors that share a key until the transaction ends: whoever blacklists one of them waits.
    """
    matches = open_matches(file, lock=True)
    if matches:
        raise Refusal("partner_matches_blacklist", "RE-5.4", name=matches[0].distributor.name)


def override_match(*, actor: User, application: Application, reason: str) -> Application:
    """Let the application go on although it matches: named, with a reason, for the matches as they are now (RE-5.4).

    Raises Refusal when there is nothing to let pass, or no reason.
    """
    db.session.refresh(application, with_for_update={"of": Application})
    matches = matches_of(application.partner_file, lock=True)
    marks = sorted(mark for match in matches for mark in match.marks)
    if not set(marks) - set(application.overridden):
        raise Refusal("nothing_to_override", "RE-5.4")
    if not reason.strip():
        raise Refusal("override_needs_a_reason", "RE-5.4")
    now = clock.now()
    application.override_at, application.override_by_id, application.override_reason = now, actor.id, reason
    application.overridden = marks
    db.session.flush()
    digest = audit.reason_digest(reason)
    audit.record(
        "application.overridden",
        application,
        actor=actor,
        now=now,
        clause="RE-5.4",
        matches=marks,
        reason_digest=digest,
    )
    return application
