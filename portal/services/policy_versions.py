"""A new version of a regime out of the newest one: some parameters set to other values, published as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from portal.models import Policy, User, db
from portal.rules.policies import PolicyError, with_parameters
from portal.rules.policy_parameters import check_document
from portal.rules.refusal import Refusal
from portal.services import policies
from portal.services.unacceptable import Unacceptable

#: A form's field names may not have dots.
_DOT = "__"


def field_name(dotted: str) -> str:
    """The name of the form's field for a parameter: hold__days."""
    return dotted.replace(".", _DOT)


def preview(*, code: str, base: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The document that version ``base`` of a regime becomes with ``values`` (by dotted name); nothing is stored.

    ``base`` must still be the newest version, so that two drafts do not overtake each other. Raises Refusal for that and
    when nothing differs, Unacceptable for the parameter that is wrong.
    """
    newest = db.session.scalar(_newest(code))
    if newest is None or newest.version != base:
        raise Refusal("policy_published_meanwhile", "GD-11", version=newest.version if newest else 0)
    document = with_parameters(newest.document, values)
    try:
        check_document(document)
    except PolicyError as error:
        raise Unacceptable(field_name(str(error).split(" ", 1)[0]), "policy_value") from None
    if document == newest.document:
        raise Refusal("policy_unchanged", "GD-11")
    return document


def publish_version(*, actor: User, code: str, base: int, values: Mapping[str, Any]) -> Policy:
    """Publish what ``preview`` shows; a document that an earlier version had is that version again. Raises as it does."""
    db.session.execute(_newest(code).with_for_update())
    db.session.expire_all()
    return policies.publish(actor=actor, document=preview(code=code, base=base, values=values))


def _newest(code: str) -> Select[Policy]:
    query = select(Policy).where(Policy.code == code, Policy.published_at.is_not(None))
    return query.order_by(Policy.version.desc()).limit(1)
