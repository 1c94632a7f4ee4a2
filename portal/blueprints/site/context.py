"""What every page of the room can say: the words of stages, the lead of a visit, what the person may do in a project."""

from __future__ import annotations

from typing import Any

from portal.access import Permission, may_in
from portal.blueprints.site import bp
from portal.edge import me
from portal.forms.walk_ins import SOURCES
from portal.models import Project
from portal.wording.deals import RELATIONS
from portal.wording.history import FIELDS
from portal.wording.ink import DECLINED
from portal.wording.visits import INBOX_KINDS, STAGES, TURNS, flow_steps, lead_words


@bp.context_processor
def _site_words() -> dict[str, Any]:
    return {
        "visit_stages": STAGES,
        "visit_turns": TURNS,
        "flow_steps": flow_steps,
        "inbox_kinds": INBOX_KINDS,
        "lead_words": lead_words,
        "record_sources": SOURCES,
        "field_words": FIELDS,
        "relation_words": RELATIONS,
        "declined_words": DECLINED,
        "may_here": _may_here,
    }


def _may_here(permission: str, project: Project) -> bool:
    """Whether the person holds this permission in the project."""
    return may_in(me(), Permission(permission), project.id)
