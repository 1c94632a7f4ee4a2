"""The administrator's projects: particulars, site staff, and which policy binds from when."""

from __future__ import annotations

from datetime import time

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, check_field, create, or_404, say
from portal.forms.projects import BindPolicyForm, ChangeProjectForm, NewProjectForm
from portal.models import Project
from portal.queries import accounts as people
from portal.queries import projects as found
from portal.services import projects
from portal.steps import change
from portal.wording import page_now

USUAL_HOURS = {"opens_at": time(9), "closes_at": time(20, 30), "is_open": True}


@bp.get("/projects")
@requires(Permission.MANAGE_PROJECTS)
def list_projects() -> ResponseReturnValue:
    """Every project with the policy that rules it now."""
    return render_template("hq/projects/list.html", projects=found.projects(), ruling=found.ruling(page_now()))


@bp.route("/projects/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROJECTS)
def create_project() -> ResponseReturnValue:
    """Ask for the particulars and the first policy."""
    return create(
        "hq/projects/new.html",
        _new_form(),
        projects.create_project,
        said=(_("项目已建立。"), _("接下来在“账号”里安排案场人员。")),
        where=lambda made: url_for(".show_project", code=made.code),
    )


@bp.post("/projects/new/check")
@requires(Permission.MANAGE_PROJECTS)
def check_project() -> ResponseReturnValue:
    """Whether the field just left will do."""
    return check_field(_new_form())


@bp.get("/projects/<ref:code>")
@requires(Permission.MANAGE_PROJECTS)
def show_project(code: str) -> ResponseReturnValue:
    """One project: particulars, staff, policies."""
    return _page(_project(code), None), 200


@bp.route("/projects/<ref:code>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_PROJECTS)
def change_project(code: str) -> ResponseReturnValue:
    """Ask for the particulars as they are to be."""
    project = _project(code)
    form = ChangeProjectForm.of(projects.shown_values(project))
    return change(
        "hq/projects/change.html",
        form,
        projects.change_project,
        page={"project": project},
        where=url_for(".show_project", code=code),
        project_id=project.id,
    )


@bp.post("/projects/<ref:code>/policies")
@requires(Permission.MANAGE_PROJECTS)
def bind_policy(code: str) -> ResponseReturnValue:
    """Let a policy rule the filings made from a moment on."""
    project = _project(code)
    form = BindPolicyForm()
    if carry_out(form, projects.bind_policy, actor=current_user, project_id=project.id):
        say(_("规则已安排。"), _("此前的报备仍按原来的版本。"))
        return htmx.go(url_for(".show_project", code=code))
    return _page(project, form), 422


def _project(code: str) -> Project:
    project = or_404(found.project(code))
    g.zone = project.zone
    return project


def _page(project: Project, form: BindPolicyForm | None) -> str:
    start = projects.next_midnight(page_now(), project.zone).replace(tzinfo=None)
    form = form or BindPolicyForm(formdata=None, effective_from=start)
    form.policy_id.choices = found.published_policies()
    return render_template(
        "hq/projects/show.html",
        project=project,
        staff=people.staff_of(project),
        bindings=found.bindings(project),
        ruling=found.ruling(page_now()).get(project.id),
        form=form,
    )


def _new_form() -> NewProjectForm:
    form = NewProjectForm(data=USUAL_HOURS)
    form.policy_id.choices = found.published_policies()
    return form
