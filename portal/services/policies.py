"""Publishing policies and binding them to projects."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal import audit, clock
from portal.models import Policy, Project, ProjectPolicy, User, db
from portal.rules.policy_parameters import check_document
from portal.rules.refusal import Refusal

IN_FORCE = (
    select(Policy)
    .join(ProjectPolicy, ProjectPolicy.policy_id == Policy.id)
    .where(ProjectPolicy.project_id == bindparam("project_id"), ProjectPolicy.effective_from <= bindparam("at"))
    .order_by(ProjectPolicy.effective_from.desc())
    .limit(1)
)


def publish(*, actor: User | None, document: Mapping[str, Any]) -> Policy:
    """Publish a document as the next version of its regime; the same document again is the version it already is.

    Raises PolicyError when the document is not a policy.
    """
    terms = check_document(document)
    digest = document_digest(document)
    same = db.session.scalar(select(Policy).where(Policy.code == terms.code, Policy.digest == digest))
    if same is not None:
        return same
    now = clock.now()
    last = db.session.scalar(select(func.max(Policy.version)).where(Policy.code == terms.code)) or 0
    policy = Policy(
        code=terms.code, version=last + 1, document=dict(document), digest=digest, published_at=now, created_at=now
    )
    db.session.add(policy)
    db.session.flush()
    audit.record(
        "policy.published", policy, actor=actor, now=now, code=policy.code, version=policy.version, digest=digest
    )
    return policy


def bind(*, actor: User | None, project: Project, policy: Policy, effective_from: datetime) -> ProjectPolicy:
    """Let ``policy`` rule the filings of ``project`` from then on. Never backwards: Refusal when it lies in the past."""
    now = clock.now()
    first = not db.session.scalar(select(ProjectPolicy.id).where(ProjectPolicy.project_id == project.id).limit(1))
    if effective_from < now and not first:
        raise Refusal("policy_in_the_past", "GD-11")
    binding = ProjectPolicy(project_id=project.id, policy_id=policy.id, effective_from=effective_from)
    db.session.add(binding)
    db.session.flush()
    audit.record(
        "project.policy_bound",
        project,
        actor=actor,
        now=now,
        project_id=project.id,
        policy=f"{policy.code}-{policy.version}",
        effective_from=effective_from,
    )
    return binding


def in_force(project_id: int, at: datetime) -> Policy:
    """The policy under which a filing at ``at`` is made. Refusal when none is bound: no check, no filing."""
    policy = db.session.scalar(IN_FORCE, {"project_id": project_id, "at": at})
    if policy is None:
        raise Refusal("no_policy_in_force", "GD-12")
    return policy


def document_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document's canonical form."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
