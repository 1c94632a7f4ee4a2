"""Templates of contracts: drafted from the last version, reviewed by legal, then in force (CH-5.2 to 5.4, 5.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import class_mapper

from portal import audit, clock
from portal.models import ContractTemplate, User, db
from portal.queries.contracts import writers_of
from portal.rules.contract_states import check_other_person, check_template_step
from portal.rules.contract_templates import STANDARD, BodyBroken, check_body, gaps, shipped
from portal.rules.refusal import Refusal
from portal.services import legal_reviews
from portal.services.editions import NO_PAGE, Seen, check_edition, check_read
from portal.services.policies import document_digest
from portal.services.unacceptable import Unacceptable, unique


def draft_template(*, actor: User, name: str = STANDARD) -> ContractTemplate:
    """The next version, with the text of the last one, or the one that the portal brings along. One at a time."""
    last = db.session.scalar(
        select(ContractTemplate).where(ContractTemplate.name == name).order_by(ContractTemplate.version.desc()).limit(1)
    )
    now, body = clock.now(), dict(last.body) if last else shipped()
    made = ContractTemplate(
        name=name,
        version=last.version + 1 if last else 1,
        body=body,
        digest=document_digest(body),
        drafted_by_id=actor.id,
        created_at=now,
    )
    taken = ("text", "template_in_work")
    with unique(uq_contract_templates_in_work=taken, uq_contract_templates_version=taken):
        db.session.add(made)
    audit.record("contract_template.drafted", made, actor=actor, now=now, clause="CH-5.2", **_called(made))
    return made


def change_template(
    *, actor: User, template: ContractTemplate, body: Mapping[str, Any], seen: Seen = NO_PAGE
) -> ContractTemplate:
    """Another text, while it is a draft; whoever changed it last counts as its drafter.

    Raises Unacceptable(text), and Refusal when the text is not any more what the actor had seen.
    """
    _hold(template)
    if template.state != "draft":
        raise Refusal("template_step_not_possible", "CH-5.8")
    try:
        check_body(body)
    except BodyBroken as broken:
        raise Unacceptable("text", broken.reason, about=broken.about) from None
    check_edition(seen, shown_values(template), {"digest": document_digest(body)})
    template.body, template.digest = dict(body), document_digest(body)
    template.drafted_by_id, template.reviewed_by_id = actor.id, None
    db.session.flush()
    audit.record(
        "contract_template.changed", template, actor=actor, now=clock.now(), clause="CH-5.2", **_called(template)
    )
    return template


def submit_template(*, actor: User, template: ContractTemplate) -> ContractTemplate:
    """Give it to the legal review, once the checklist is complete (CH-5.2, DM-3.2)."""
    _hold(template)
    clause = check_template_step(template.state, "review")
    missing = gaps(template.body)
    if missing:
        raise Refusal("template_incomplete", missing[0].clause, missing=len(missing))
    now = clock.now()
    template.state, template.submitted_at = "review", now
    db.session.flush()
    audit.record("contract_template.submitted", template, actor=actor, now=now, clause=clause, **_called(template))
    legal_reviews.ask_for_review(template, now)
    return template


def review_template(
    *, actor: User, template: ContractTemplate, passed: bool, remarks: str, seen: Seen = NO_PAGE
) -> ContractTemplate:
    """In force from now in the place of the last version, or back with remarks. Never by who wrote on it (CH-5.4).

    Raises Refusal when the text was changed after the actor had opened it.
    """
    _hold(template)
    clause = check_template_step(template.state, "in_force" if passed else "draft")
    check_other_person(writers_of(template), actor.id)
    check_read(seen, shown_values(template))
    now = clock.now()
    if passed:
        _supersede(template.name)
    template.state = "in_force" if passed else "draft"
    template.reviewed_by_id, template.reviewed_at, template.remarks = actor.id, now, remarks or None
    db.session.flush()
    verb = "contract_template.in_force" if passed else "contract_template.returned"
    audit.record(verb, template, actor=actor, now=now, clause=clause, **_called(template))
    return template


def shown_values(template: ContractTemplate) -> dict[str, Any]:
    """What tells one text from another."""
    return {"digest": template.digest}


def _supersede(name: str) -> None:
    query = select(ContractTemplate).where(ContractTemplate.name == name, ContractTemplate.state == "in_force")
    before = db.session.scalar(query.with_for_update())
    if before is not None:
        check_template_step(before.state, "superseded")
        before.state, before.superseded_at = "superseded", clock.now()
        db.session.flush()


def _hold(template: ContractTemplate) -> None:
    columns = [attribute.key for attribute in class_mapper(ContractTemplate).column_attrs]
    db.session.refresh(template, attribute_names=columns, with_for_update=True)


def _called(template: ContractTemplate) -> dict[str, Any]:
    return {"name": template.name, "version": template.version, "digest": template.digest}
