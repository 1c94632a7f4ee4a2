"""The company's own page: its class, published results, who looks after it, its cases; contract and file join as parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.edge import me, or_404
from portal.models import User
from portal.navigation import Item, Section, navigation
from portal.queries import assessments, care, complaints, findings, targets
from portal.wording import page_now
from portal.wording.care import WORDS
from portal.wording.care_pages import result_values
from portal.wording.complaints import about_rows
from portal.wording.findings import told_rows

COMPANY = Item(_l("我的公司"), "building-store", "distributor.show_company", covers=("distributor.show_assessment",))
navigation.add("owner", Section((COMPANY,), _l("公司")))

_MOST = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A panel of the page: its template, what it shows (``part`` in the template), and its place, smaller first."""

    place: int
    template: str
    values: Callable[[User], Any]


_PARTS: list[Part] = []


def add_part(place: int, template: str, values: Callable[[User], Any]) -> None:
    """Show ``template`` on the page; it reads what ``values`` gives for the person as ``part``. None leaves it out."""
    _PARTS.append(Part(place, template, values))
    _PARTS.sort(key=lambda part: part.place)


@bp.get("/company")
@requires(Permission.SEE_COMPANY)
def show_company() -> ResponseReturnValue:
    """Everything that the company may know about itself, panel by panel."""
    shown = [(part.template, part.values(me())) for part in _PARTS]
    parts = [(template, values) for template, values in shown if values is not None]
    return render_template("distributor/company/page.html", parts=parts, distributor=me().distributor, **WORDS)


@bp.get("/company/assessments/<ref:reference>")
@requires(Permission.SEE_COMPANY)
def show_assessment(reference: str) -> ResponseReturnValue:
    """A published result: total, scores, class and reason (DC-3.3)."""
    assessment = or_404(assessments.find_published(reference, me()))
    return render_template("distributor/company/assessment.html", **result_values(assessment))


def _class(user: User) -> dict[str, Any]:
    return {"classes": care.classes_of(user.distributor_id or 0)}


def _reviews(user: User) -> dict[str, Any]:
    return {"reviews": assessments.published_of(user.distributor_id or 0)}


def _targets(user: User) -> Any:
    return targets.progress_of(user.distributor, page_now()) or None if user.distributor else None


def _people(user: User) -> dict[str, Any]:
    return {"people": care.people_of(user.distributor_id or 0)}


def _cases(user: User) -> dict[str, Any]:
    now = page_now()
    return {
        "findings": told_rows(findings.told_page(user, None).findings[:_MOST], now, "distributor.show_finding"),
        "complaints": about_rows(complaints.about_page(user, None).complaints[:_MOST]),
    }


add_part(10, "distributor/company/_class.html", _class)
add_part(20, "distributor/company/_reviews.html", _reviews)
add_part(40, "partners/_targets.html", _targets)
add_part(50, "distributor/company/_people.html", _people)
add_part(60, "distributor/company/_cases.html", _cases)
