"""Everything that the page of a case shows, for the site that rules it and for headquarters that reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.models import Deal, DealEvent, Document, Ruling
from portal.queries import documents, relations, rulings
from portal.rules.claims import CLAIMABLE, window_end
from portal.services import policies
from portal.services import rulings as commands
from portal.services.replays import replay_ruling
from portal.services.ruling_values import Considered, considered_now, considered_of, steps_of
from portal.wording import times
from portal.wording.cases import Line, drawing_of, lines_of
from portal.wording.deals import EVENTS
from portal.wording.rulings import ORIGINS, for_company, replay_words

_BY_PERSONS = ("ruled", "redetermined")


@dataclass(frozen=True, slots=True)
class Shown:
    """Which ruling the page shows: the one that would be given now (``live``), or the one that stands."""

    live: bool
    case: Considered
    owner_id: int | None
    registration: int | None
    clause: str
    event: DealEvent


def case_values(
    deal: Deal, now: datetime, *, event: DealEvent | None = None, accepted: Collection[str] = ()
) -> dict[str, Any]:
    """The values of the page. ``event``: the one whose claims are heard; ``accepted``: numbers of near matches.

    Raises Refusal when one of them is no near match.
    """
    chain, claims = rulings.chain_of(deal), rulings.claims_of(deal)
    waiting = [claim for claim in claims if claim.state == "open"]
    named = event or rulings.event_to_rule(deal)
    shown = _shown(deal, named, chain[0], bool(waiting), accepted)
    zone, buyers = deal.project.zone, shown.event.buyers
    registrations = [shown.case.of(row) for row in shown.case.rows]
    visits = rulings.first_visits(registrations)
    lines = lines_of(shown.case, shown.registration, buyers, visits, zone)
    owner = next((one.distributor for one in registrations if one.distributor_id == shown.owner_id), None)
    return {
        "deal": deal,
        "event": named,
        "shown": shown,
        "buyers": buyers,
        "claims": claims,
        "waiting": waiting,
        "due_at": min((claim.answer_at for claim in waiting), default=None),
        "chain": chain,
        "latest": chain[0],
        "lines": lines,
        "steps": steps_of(shown.case.rows),
        "drawing": drawing_of(shown.case.rows, shown.event.happened_at, zone),
        "owner": owner,
        "reason": for_company(shown.case.rows, shown.clause),
        "policy": policies.in_force(deal.project_id, shown.event.happened_at),
        "replay": replay_ruling(chain[0]),
        "papers": papers_of(chain),
        "family": relations.family_of(deal),
        "event_words": EVENTS,
        "ruling_origins": ORIGINS,
        "replay_words": replay_words,
        "not_now": _not_now(deal, now, lines, shown),
    }


def papers_of(chain: Sequence[Ruling]) -> dict[int, Document]:
    """The printed ruling of each ruling that has one."""
    found = {ruling.id: documents.of_subject("ruling", ruling.id) for ruling in chain if ruling.origin in _BY_PERSONS}
    return {number: paper for number, paper in found.items() if paper is not None}


def _shown(deal: Deal, event: DealEvent, latest: Ruling, waiting: bool, accepted: Collection[str]) -> Shown:
    if waiting or latest.origin not in _BY_PERSONS:
        heard, decisive = commands.preview(deal, event, rulings.ids_of(deal, accepted) if accepted else ())
        outcome = heard.attribution
        return Shown(True, considered_now(heard), outcome.owner, outcome.registration, outcome.clause, decisive)
    decisive = next(one for one in deal.events if one.id == latest.event_id)
    return Shown(False, considered_of(latest), latest.owner_id, latest.outcome["registration"], latest.clause, decisive)


def _not_now(deal: Deal, now: datetime, lines: Sequence[Line], shown: Shown) -> list[dict[str, str]]:
    """What cannot be done now, each with its reason and clause."""
    anew = {"word": _("重新确定归属"), "why": _("须先有查实的投诉或恶意抢单，由渠道部决定"), "clause": "RE-8.5"}
    return [anew, *_about_claims(deal, now), *_about_wrong_data(lines, shown)]


def _about_claims(deal: Deal, now: datetime) -> list[dict[str, str]]:
    zone = deal.project.zone
    ends = [
        window_end(one.happened_at, policies.in_force(deal.project_id, one.happened_at).terms.claim_window, zone)
        for one in deal.events
        if one.kind in CLAIMABLE
    ]
    if not ends or now < max(ends):
        return []
    why = _("申请期 %(end)s 已结束", end=times.until(max(ends), zone))
    return [{"word": _("受理新的申请"), "why": why, "clause": "RE-8.2"}]


def _about_wrong_data(lines: Sequence[Line], shown: Shown) -> list[dict[str, str]]:
    if not shown.live:
        return [{"word": _("再次签发"), "why": _("没有等裁定的申请；申请期内有新的申请时重新打开"), "clause": "RE-8.3"}]
    wrong = [line for line in lines if line.cells[2].state == "fell" and not line.near]
    return [
        {
            "word": _("认可%(who)s的资料", who=line.mark),
            "why": _("号码相差不止一个字，不是近似号码"),
            "clause": "RE-Q25",
        }
        for line in wrong
    ]
