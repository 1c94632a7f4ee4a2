"""What the pages of an ending say: headquarters' and the partner's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Exit, User
from portal.queries import documents, partners
from portal.queries import exits as found
from portal.rules.exits import HANDOVERS, NOTICE_DAYS, earliest_day, is_former
from portal.rules.partner_states import steps_from
from portal.services.editions import edition_of
from portal.services.exit_duties import release_values, settlement_values
from portal.wording import times
from portal.wording.document_kinds import KINDS as PAPERS
from portal.wording.exits import CHOICES, DUTIES, DUTY_SAYS, DUTY_STATES, KINDS, STATES
from portal.wording.findings import SANCTIONS
from portal.wording.partners import Line, accounts_close, consequences, told

PILLS: dict[str, LazyString] = {"open": _l("要办理的"), "closed": _l("已办结")}
#: The kinds of documents that belong to a file, in the order of its life.
_PAPERS = ("exit_approval", "termination_letter", "settlement")


def rows_of(files: Sequence[Exit], now: datetime, shown: str) -> dict[str, Any]:
    """The rows of the list as ``ui.inbox`` takes them, and the key of the next page."""
    page = files[: found.PAGE] if shown == "closed" else files
    more = shown == "closed" and len(files) > found.PAGE
    return {"rows": [_row(one, now) for one in page], "next_key": page[-1].reference if more else None}


def hq_values(ending: Exit, actor: User, now: datetime, after: str | None) -> dict[str, Any]:
    """Everything on headquarters' page of a file."""
    own = ending.kind == "termination" and ending.state == "proposed" and ending.asked_by_id == actor.id
    distributor = ending.distributor
    return _common(ending, now, after) | {
        "own": own,
        "follows": follows_of(ending, now) if ending.state in ("asked", "proposed") else [],
        "deals": found.deals_of(distributor.id),
        "trail": told(partners.changes_of(distributor)),
        "may_reopen": ending.state in ("asked", "approved", "in_force"),
    }


def own_values(ending: Exit, now: datetime, after: str | None) -> dict[str, Any]:
    """Everything on the partner's page of its own file."""
    give_up = found.to_be_signed(ending, now) if ending.state in ("asked", "approved") else []
    former = is_former(ending.distributor.status_at(now))
    seen = edition_of(release_values(give_up))
    return _common(ending, now, after) | {"give_up": give_up, "release_seen": seen, "former": former}


def asking_values(user: User, latest: Exit | None, now: datetime) -> dict[str, Any]:
    """What the form says before anything is asked: from when on, what goes on, what stands in the way."""
    distributor = user.distributor
    assert distributor is not None
    effects = partners.effects_of(distributor, now)
    return {
        "distributor": distributor,
        "latest": latest,
        "earliest": earliest_day(now, times.PORTAL_ZONE).isoformat(),
        "days": NOTICE_DAYS,
        "effects": effects,
        "possible": "exit_requested" in steps_from(distributor.status_at(now)),
        "states": STATES,
    }


def follows_of(ending: Exit, now: datetime) -> list[Line]:
    """(sentence, clause) of everything that follows from a yes, with the numbers of this moment."""
    effects = partners.effects_of(ending.distributor, now)
    if ending.kind == "termination":
        return consequences("terminate", effects)
    end = times.until(max(ending.ends_at or now, now))
    return [
        (_("合作到 %(end)s 为止，此前照常报备、带客和申请。", end=end), "DM-12.6"),
        (
            ngettext(
                "正在进行的 %(num)d 份客户走到期满；签字移交的在合作结束时作废。",
                "正在进行的 %(num)d 份客户走到期满；签字移交的在合作结束时作废。",
                effects.voidable,
            ),
            "DM-12.7",
        ),
        (accounts_close(effects), "DM-12.5"),
        (_("归属已锁定的 %(num)d 份不受影响。", num=effects.frozen), "RE-Q34"),
    ]


def _row(ending: Exit, now: datetime) -> dict[str, Any]:
    look, state = STATES[ending.state]
    ends = _("合作至 %(end)s", end=times.until(ending.ends_at)) if ending.ends_at else ""
    asked = _("%(day)s 提出", day=times.short_moment(ending.asked_at, now))
    return {
        "url": url_for("hq.show_exit", reference=ending.reference),
        "what": f"{ending.distributor.name} · {KINDS[ending.kind]}",
        "due": str(state),
        "tone": "soon" if look == "waiting" else "",
        "meta": " · ".join(part for part in (ending.reference, asked, ends) if part),
    }


def _common(ending: Exit, now: datetime, after: str | None) -> dict[str, Any]:
    look, state = STATES[ending.state]
    lines = found.checklist(ending, now)
    papers = {kind: documents.of_subject(kind, ending.id) for kind in _PAPERS}
    return {
        "ending": ending,
        "kind": KINDS[ending.kind],
        "look": look,
        "state": state,
        "lines": lines,
        "left": sum(line.state == "open" for line in lines),
        "running": found.running_page(ending, now, after),
        "choices": found.choices_of(ending),
        "choice_words": CHOICES,
        "chosen_seen": edition_of(found.chosen_values(ending)),
        "may_hand_over": ending.kind == "voluntary" and ending.state in ("asked", "approved"),
        "duty_words": DUTIES,
        "duty_says": DUTY_SAYS,
        "duty_states": DUTY_STATES,
        "handovers": HANDOVERS,
        "papers": [(PAPERS[kind], kind, paper) for kind, paper in papers.items() if paper is not None],
        "settlement": _settlement(ending),
        "settlement_seen": edition_of(settlement_values(ending)),
        "sanction_words": SANCTIONS,
        "signed": ending.signature("settlement"),
    }


def _settlement(ending: Exit) -> dict[str, Any] | None:
    """The facts that were put up for signature, with instants to show."""
    if ending.settlement is None:
        return None
    facts: dict[str, Any] = json.loads(ending.settlement)
    return facts | {"at": datetime.fromisoformat(facts["at"])}
