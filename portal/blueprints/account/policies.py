"""The rules in plain words: for everybody, those of one's own projects."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.access import Permission, requires
from portal.blueprints.account import bp
from portal.models.users import HQ_ROLES
from portal.queries import policies
from portal.wording import page_now
from portal.wording.policies import spoken, title_of


@bp.get("/policies")
@requires(Permission.SEE_POLICIES)
def list_policies() -> ResponseReturnValue:
    """What rules each of one's projects now and next; headquarters also reads every version."""
    at_hq = bool(current_user.roles & set(HQ_ROLES))
    return render_template(
        "account/policies/list.html",
        ruled=policies.ruled(current_user, page_now()),
        regimes=policies.versions(current_user) if at_hq else [],
        title_of=title_of,
    )


@bp.get("/policies/<ref:code>/<int:version>")
@requires(Permission.SEE_POLICIES)
def show_policy(code: str, version: int) -> ResponseReturnValue:
    """One version, every parameter as a sentence with its clauses."""
    found = policies.find(code, version, current_user) if version < 2**31 else None
    if found is None:
        abort(404)
    document = found.policy.document
    return render_template(
        "account/policies/show.html",
        policy=found.policy,
        bindings=found.bindings,
        title=title_of(document),
        chapters=spoken(document),
        newest=policies.newest(code),
    )
