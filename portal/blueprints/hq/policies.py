"""The administrator's policies: draft a version, look at the differences, publish it, let it rule a project."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.blueprints.hq.backtests import ask_about
from portal.edge import carry_out, check_field, me, or_404, say, status_of
from portal.forms import policies as forms
from portal.forms.policies import BindingForm, PolicyForm
from portal.models import Policy
from portal.queries import policies, projects
from portal.services import policy_versions
from portal.services.projects import bind_policy, next_midnight
from portal.wording import page_now
from portal.wording.policies import chapters_of, spoken, title_of
from portal.wording.policy_values import differences
from portal.wording.times import PORTAL_ZONE


@bp.route("/policies/<ref:code>/draft", methods=["GET", "POST"])
@requires(Permission.MANAGE_POLICIES)
def draft_policy(code: str) -> ResponseReturnValue:
    """Ask for the parameters; once they are sent, show what would change before anything is published."""
    newest = or_404(policies.newest(code))
    form = forms.make(newest.document, newest.version)
    if "back" in request.form:
        return _draft_page(form, newest)
    document = carry_out(form, policy_versions.preview, code=code)
    if document is None:
        return _draft_page(form, newest), status_of(form)
    return _preview(form, newest, document)


@bp.post("/policies/<ref:code>/draft/check")
@requires(Permission.MANAGE_POLICIES)
def check_policy(code: str) -> ResponseReturnValue:
    """Whether the field just left will do."""
    newest = or_404(policies.newest(code))
    return check_field(forms.make(newest.document, newest.version))


@bp.post("/policies/<ref:code>/draft/backtest")
@requires(Permission.MANAGE_POLICIES)
def try_draft(code: str) -> ResponseReturnValue:
    """Take the draft over into a back-test, which asks for a project and days."""
    newest = or_404(policies.newest(code))
    form = forms.make(newest.document, newest.version)
    document = carry_out(form, policy_versions.preview, code=code)
    return (_draft_page(form, newest), status_of(form)) if document is None else ask_about(document, code)


@bp.post("/policies/<ref:code>/publish")
@requires(Permission.MANAGE_POLICIES)
def publish_policy(code: str) -> ResponseReturnValue:
    """Publish what the preview showed. It rules nothing until it is given to a project."""
    newest = or_404(policies.newest(code))
    form = forms.make(newest.document, newest.version)
    policy = carry_out(form, policy_versions.publish_version, actor=me(), code=code)
    if policy is None:
        return _draft_page(form, or_404(policies.newest(code))), status_of(form)
    say(_("%(name)s 已发布。", name=f"{code}-{policy.version}"), _("接下来选它从何时起适用于哪个项目。"))
    return htmx.go(url_for(".give_policy", code=code, version=policy.version))


@bp.route("/policies/<ref:code>/<int:version>/bind", methods=["GET", "POST"])
@requires(Permission.MANAGE_POLICIES)
def give_policy(code: str, version: int) -> ResponseReturnValue:
    """Ask which project a version rules, and from when; never backwards."""
    found = or_404(policies.find(code, version, me()) if version < 2**31 else None)
    form = BindingForm(effective_from=next_midnight(page_now(), PORTAL_ZONE).replace(tzinfo=None))
    form.project_id.choices = dict(projects.choices())
    if carry_out(form, bind_policy, actor=me(), policy_id=found.policy.id):
        say(_("规则已安排。"), _("此前的报备仍按原来的版本。"))
        return htmx.go(url_for("account.show_policy", code=code, version=version))
    page = {"form": form, "policy": found.policy, "bindings": found.bindings, "title": title_of(found.policy.document)}
    return render_template("hq/policies/bind.html", **page), status_of(form)


def _preview(form: PolicyForm, newest: Policy, document: dict[str, Any]) -> str:
    return render_template(
        "hq/policies/preview.html",
        form=form,
        newest=newest,
        title=title_of(document),
        differences=differences(newest.document, document),
        chapters=spoken(document),
    )


def _draft_page(form: PolicyForm, newest: Policy) -> str:
    """The form, from now on against the newest version."""
    form.base.data = str(newest.version)
    page = {"chapters": chapters_of(newest.document), "title": title_of(newest.document)}
    return render_template("hq/policies/draft.html", form=form, newest=newest, **page)
