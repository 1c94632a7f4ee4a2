"""Relations between customers (亲属关系): recorded with their proof, withdrawn when wrong (RE-8.8, RE-Q26)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal import audit
from portal.models import Project, Relation, RelationKey, StoredFile, User, db
from portal.models.base import event_order
from portal.rules.refusal import Refusal
from portal.services import files, identities
from portal.services.customers import Customer


def record_relation(
    *,
    actor: User,
    project: Project,
    one: Customer,
    other: Customer,
    kind: str,
    proven: bool,
    document: str | None = None,
    file: StoredFile | None = None,
    submission_key: str | None = None,
) -> Relation:
    """``one`` is the ``kind`` of ``other``. An unproven one is kept and moves nothing (RE-Q26). A form sent twice gives one.

    Raises Refusal(RE-8.8) when either cannot be told from others or both are the same person.
    """
    if not one.fingerprints or not other.fingerprints:
        raise Refusal("relative_needs_a_key", "RE-8.8")
    if set(one.fingerprints.items()) & set(other.fingerprints.items()):
        raise Refusal("relative_of_oneself", "RE-8.8")
    now = identities.lock(project.id, one.fingerprints, other.fingerprints)
    known = _sent_before(submission_key)
    if known is not None:
        return known
    relation = Relation(
        seq=db.session.scalar(event_order.next_value()),
        project_id=project.id,
        kind=kind,
        proven=proven,
        document=document,
        file_id=None if file is None else file.id,
        one_name=one.name,
        one_phone=one.phone,
        other_name=other.name,
        other_phone=other.phone,
        recorded_at=now,
        recorded_by_id=actor.id,
        submission_key=submission_key,
        keys=[*_keys(project, "one", one), *_keys(project, "other", other)],
    )
    db.session.add(relation)
    db.session.flush()
    audit.record("relation.recorded", relation, actor=actor, now=now, clause="RE-8.8", kind=kind, proven=proven)
    return relation


def record_with_paper(*, actor: User, project: Project, upload: tuple[str, bytes] | None, **relation: Any) -> Relation:
    """``record_relation`` with the picture or PDF of its proof, given as name and content. Raises Unacceptable("paper")."""
    if upload is None:
        return record_relation(actor=actor, project=project, **relation)
    name, content = upload
    file = files.store_file(actor=actor, content=content, name=name, field="paper")
    return record_relation(actor=actor, project=project, file=file, **relation)


def withdraw_relation(*, actor: User, relation: Relation, reason: str) -> Relation:
    """Take back a relation recorded by mistake; rulings made with it stay until somebody rules anew."""
    db.session.refresh(relation, ["withdrawn_at"], with_for_update=True)
    if relation.withdrawn_at is not None:
        raise Refusal("relation_withdrawn", "RE-8.8")
    now = identities.lock(relation.project_id, *({key.kind: bytes(key.fingerprint)} for key in relation.keys))
    relation.withdrawn_at, relation.withdrawn_by_id, relation.withdrawn_reason = now, actor.id, reason
    db.session.flush()
    digest = audit.reason_digest(reason)
    audit.record("relation.withdrawn", relation, actor=actor, now=now, clause="RE-8.8", reason_digest=digest)
    return relation


def _sent_before(submission_key: str | None) -> Relation | None:
    if submission_key is None:
        return None
    return db.session.scalar(select(Relation).where(Relation.submission_key == submission_key))


def _keys(project: Project, side: str, customer: Customer) -> list[RelationKey]:
    return [
        RelationKey(project_id=project.id, side=side, kind=kind, fingerprint=fingerprint)
        for kind, fingerprint in customer.fingerprints.items()
    ]
