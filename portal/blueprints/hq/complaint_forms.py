"""The forms of the steps of a complaint, each offering what can be chosen for this complaint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.forms import complaints as forms
from portal.models import Complaint
from portal.queries import complaints as found
from portal.queries import distributors, projects


def form_of(deed: str, complaint: Complaint) -> Any:
    """The form that the step ``deed`` sends."""
    return _FORMS[deed](complaint)


def forms_of(complaint: Complaint) -> dict[str, Any]:
    """Those whose steps the page may offer in the complaint's present state."""
    return {deed: _FORMS[deed](complaint) for deed in _OFFERED.get(complaint.state, ()) + _ALWAYS}


def _case(complaint: Complaint) -> forms.CaseForm:
    return forms.CaseForm().offer(projects.projects(), complaint.project, complaint.facts)


_FORMS: dict[str, Callable[[Complaint], Any]] = {
    "acceptance": lambda one: forms.AcceptForm().offer(distributors.everybody(), one.distributor),
    "owner": lambda one: forms.OwnerForm().offer(found.handlers()),
    "inquiry": lambda one: forms.GroupForm().offer(found.handlers()),
    "progress": lambda one: forms.ProgressForm(),
    "outcome": lambda one: forms.OutcomeForm().offer(by_partner=one.complaining_id is not None),
    "answer": lambda one: forms.AnswerForm(),
    "rating": lambda one: forms.RatingForm(),
    "closing": lambda one: forms.PlainForm(),
    "cause": lambda one: forms.CauseForm(),
    "leave": lambda one: forms.PlainForm(),
    "case": _case,
}
_ALWAYS = ("owner", "leave", "case")
_OFFERED: dict[str, tuple[str, ...]] = {
    "received": ("acceptance",),
    "accepted": ("inquiry", "progress"),
    "reopened": ("inquiry", "progress"),
    "investigating": ("outcome", "progress"),
    "resolved": ("answer",),
    "fed_back": ("rating", "closing"),
    "closed": ("cause",),
}
