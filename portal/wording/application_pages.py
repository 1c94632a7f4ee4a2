"""What the pages of an application show: the applicant's own, and headquarters' with what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.access import Permission, may
from portal.models import Application, Delegation, PartnerFile, User
from portal.queries.applications import changes_of, possible_members
from portal.queries.blacklist import matches_of
from portal.queries.delegations import roles_stood_for, standing_for
from portal.queries.prospects import evaluations_of
from portal.rules.applications import (
    AREAS,
    CHECKPOINTS,
    DEPARTMENTS,
    EXAMINATIONS,
    NEEDED_PAPERS,
    SEALED_PAPERS,
    SIGNERS,
    SURVEYS,
    mean_of,
    next_signer,
    step_of,
)
from portal.rules.refusal import Refusal
from portal.services.application_decisions import signing_role
from portal.services.application_reviews import check_examination, check_review, sheets_of
from portal.services.applications import EDITABLE, missing_of, sent_values
from portal.services.editions import edition_of
from portal.wording import applications as words
from portal.wording import page_now, refusals
from portal.wording.application_history import told
from portal.wording.delegations import signers_of
from portal.wording.people import ROLE_WORDS
from portal.wording.prospects import EVALUATED

_ORDER = tuple(words.STEPS)
#: The applicant's way as headquarters goes it.
_WAY = ("applied", "in_review", "surveyed", "examined", "approved")


def form_values(application: Application, step: str) -> dict[str, Any]:
    """What stands around a page of the form: the other pages, the remarks, where it goes on."""
    upcoming = _ORDER[_ORDER.index(step) + 1] if step != "send" else "send"
    return {
        "application": application,
        "pages": [(word, _page_of(name), name == step) for name, word in words.STEPS.items()],
        "remarks": {one.field: one.words for one in application.remarks if one.answered_at is None},
        "next_url": _page_of(upcoming),
        "editable": application.state in EDITABLE,
        "needed": NEEDED_PAPERS[application.partner_file.partner_type],
        "papers": application.partner_file.current_papers,
        "now": page_now(),
        **vocabulary(),
    }


def vocabulary() -> dict[str, Any]:
    """The words that templates look up."""
    return {
        "step_words": words.STEPS,
        "field_words": {**words.FIELDS, **words.PAPERS},
        "paper_words": words.PAPERS,
        "paper_states": words.PAPER_STATES,
        "point_words": words.POINTS,
        "inquiry_words": words.INQUIRIES,
        "area_words": words.AREAS,
        "department_words": words.DEPARTMENTS,
        "match_words": words.MATCH_KEYS,
        "is_ending": words.is_ending,
    }


def to_send_values(application: Application) -> dict[str, Any]:
    """Everything that was typed, and what is missing with the page where it belongs."""
    missing = [
        (str(words.FIELDS.get(field) or words.PAPERS[field]), _page_of(step_of(field)))
        for field in missing_of(application.partner_file, page_now())
    ]
    file = application.partner_file
    facts = {"missing": missing, "facts": words.facts_of(file), "seen": edition_of(sent_values(file))}
    return form_values(application, "send") | facts


def status_values(application: Application) -> dict[str, Any]:
    """How far it is, in the applicant's words."""
    remarks = [one for one in application.remarks if one.answered_at is None]
    return {
        "application": application,
        "stages": _stages(application.state),
        "state_word": words.OUTSIDE.get(application.state, words.STATES[application.state][1]),
        "look": words.STATES[application.state][0],
        "remarks": [(str(_word(one.field)), one.words, _page_of(step_of(one.field))) for one in remarks],
        "editable": application.state in EDITABLE,
        "contact": words.address_of(application),
        "next_words": words.NEXT.get(application.state, ""),
        "papers": application.partner_file.current_papers,
        "facts": words.facts_of(application.partner_file),
        **vocabulary(),
    }


def earlier_values(application: Application, others: Sequence[Application]) -> dict[str, Any]:
    """The other applications of the address with their states, and whether a new one can begin now."""
    rows = [
        (one, words.STATES[one.state][0], words.OUTSIDE.get(one.state, words.STATES[one.state][1])) for one in others
    ]
    is_last = all(one.id < application.id for one in others)
    return {"earlier": rows, "can_begin_anew": application.state == "rejected" and is_last}


def hq_values(
    application: Application, user: User, now: datetime, whole: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The page of headquarters: the file, what was found out, and what this person can do now."""
    file, (look, state) = application.partner_file, words.STATES[application.state]
    matches, ways = matches_of(file), _ways_to_sign(application, user, now)
    marks = {mark for match in matches for mark in match.marks}
    return {
        "application": application,
        "file": file,
        "look": look,
        "state": state,
        "origin": words.ORIGINS[application.origin],
        "contact": words.address_of(application),
        "facts": words.facts_of(file, whole),
        "revealed": whole is not None,
        "matches": matches,
        "stopped": bool(marks - set(application.overridden)),
        "points": CHECKPOINTS[file.partner_type],
        "sheets": sheets_of(application),
        "means": mean_of(sheets_of(application)),
        "areas": AREAS,
        "sealed_papers": SEALED_PAPERS,
        "departments": DEPARTMENTS,
        "surveys": SURVEYS,
        "examinations": EXAMINATIONS,
        "role_words": ROLE_WORDS,
        "next_role": _next_role(application),
        "evaluations": evaluations_of(application),
        "score_words": EVALUATED,
        "trail": told(changes_of(application), _principals(application)),
        "can_do": _can_do(application, user),
        "sign_as": ways,
        "signed_by": {one.id: signers_of(one.signer, one.delegation) for one in application.signatures},
        "why_not": _why_not(application, user, now) if not ways else [],
        "people": possible_members() if application.state == "surveyed" else [],
        "now": now,
        **vocabulary(),
    }


def next_paper(file: PartnerFile) -> str | None:
    """The first paper that is still needed; None when all are there."""
    there = {paper.kind for paper in file.current_papers}
    return next((kind for kind in NEEDED_PAPERS[file.partner_type] if kind not in there), None)


def file_values(file: PartnerFile, now: datetime, whole: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file of a distributor: every field, masked or for this once whole; papers with the older ones."""
    return {
        "file": file,
        "facts": words.facts_of(file, whole),
        "revealed": whole is not None,
        "older": [paper for paper in file.papers if paper.replaced_at is not None],
        "matches": matches_of(file),
        "sealed_papers": SEALED_PAPERS,
        "now": now,
        **vocabulary(),
    }


def _page_of(step: str) -> str:
    if step == "papers":
        return url_for("public.bring_paper")
    return url_for("public.send_application") if step == "send" else url_for("public.fill_application", step=step)


def _word(field: str) -> Any:
    return words.FIELDS.get(field) or words.PAPERS[field]


def _stages(state: str) -> list[tuple[str, str]]:
    """The bar over the applicant's page."""
    at = "examined" if state == "rejected" else "in_review" if state == "returned" else state
    place = _WAY.index(at) if at in _WAY else -1
    bad = state in ("rejected", "returned")
    return [
        (
            str(words.OUTSIDE[name]),
            "done" if number < place or state == "approved" else ("bad" if bad else "here") if number == place else "",
        )
        for number, name in enumerate(_WAY)
    ]


def _can_do(application: Application, user: User) -> dict[str, bool]:
    """Which panels are forms for this person now."""
    reviews = may(user, Permission.REVIEW_APPLICATION)
    sheet = next((one for one in application.scores if one.member_id == user.id), None)
    spoken = {one.department for one in application.opinions}
    state = application.state
    return {
        "take_up": reviews and state == "applied",
        "review": reviews and state == "in_review",
        "inquire": reviews and state in ("in_review", "surveyed"),
        "name_group": reviews and state == "surveyed",
        "score": state == "surveyed" and sheet is not None and sheet.scored_at is None,
        "speak": state == "surveyed" and bool((set(DEPARTMENTS) & user.roles) - spoken),
        "confirm": reviews and state == "surveyed",
        "check_papers": reviews and state == "in_review",
    }


def _ways_to_sign(application: Application, user: User, now: datetime) -> list[tuple[str, str]]:
    """The hands in which the person may sign now: its own (""), and by each delegation that stands (DO-Q2)."""
    if application.state != "examined":
        return []
    ways: list[Delegation | None] = [None, *standing_for(user.id, now)]
    open_ways = [one for one in ways if _refusal(partial(signing_role, application, user, now, one)) is None]
    return [(one.reference if one else "", signers_of(user, one)) for one in open_ways]


def _principals(application: Application) -> dict[str, str]:
    """In whose place each delegation let somebody sign, by its number."""
    signed = [one.delegation for one in application.signatures if one.delegation is not None]
    return {one.reference: one.principal.name for one in signed}


def _why_not(application: Application, user: User, now: datetime) -> list[dict[str, Any]]:
    """What this person would do next and cannot yet, with the reason: the same checks that the commands make."""
    asked: list[tuple[str, Callable[[], Any]]] = []
    if may(user, Permission.REVIEW_APPLICATION) and application.state == "in_review":
        asked = [(_("完成审查和调查"), lambda: check_review(application))]
    elif may(user, Permission.REVIEW_APPLICATION) and application.state == "surveyed":
        asked = [(_("确认评分"), lambda: check_examination(application, user))]
    elif application.state == "examined" and set(SIGNERS) & (user.roles | roles_stood_for(user.id, now)):
        asked = [(_("签批"), lambda: signing_role(application, user, now))]
    found = [(word, _refusal(check)) for word, check in asked]
    return [
        {"word": word, "why": said.happened + said.next, "clause": said.clause}
        for word, said in found
        if said is not None
    ]


def _refusal(check: Callable[[], Any]) -> refusals.Words | None:
    try:
        check()
    except Refusal as refusal:
        return refusals.describe(refusal)
    return None


def _next_role(application: Application) -> Any:
    """Who signs next, in words; None when nobody does."""
    role = next_signer([one.role for one in application.signatures])
    return ROLE_WORDS[role] if role else None
