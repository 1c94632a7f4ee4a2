"""Clash claims in words: where one stands, what comes next, what a customer's page offers.

What is said of a claim by a typed number depends on the time and on the reader's own registrations alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.models import Claim, Registration
from portal.rules.claims import LATE_FLAG
from portal.rules.customers import StrongKey
from portal.rules.disclosure import shows
from portal.rules.masking import mask_id_number, mask_phone
from portal.rules.typed_numbers import read_number
from portal.services.claim_offers import ClaimOffer
from portal.wording import durations, times
from portal.wording.deals import EVENTS
from portal.wording.refusals import describe

Act = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """The chip (state and word), and what comes next in one sentence with its clause."""

    claim: Claim
    state: str
    word: str
    next: str
    clause: str


def shown(claim: Claim, now: datetime) -> ShownClaim:
    """Where the claim stands; its project must be loaded. By the time alone for a typed number."""
    if claim.typed is not None:
        if now >= claim.answer_at:
            return ShownClaim(claim, "expired", _("已答复"), _("打开看答复"), "RE-8.4")
        until = times.short_until(claim.answer_at, now, claim.project.zone)
        return ShownClaim(claim, "waiting", _("待核对"), _("案场后台核对，%(until)s 后答复", until=until), "RE-8.3")
    if claim.state == "open":
        return ShownClaim(claim, "waiting", _("待裁定"), _("案场后台裁定，结果书面通知"), "RE-8.3")
    return ShownClaim(claim, "frozen", _("已裁定"), _("结果见归属裁定"), "RE-8.3")


def number_of(claim: Claim) -> str:
    """The typed number without the digits in the middle."""
    key = key_of(claim)
    return mask_phone(key.value) if key.kind == "phone" else mask_id_number(key.value)


def key_of(claim: Claim) -> StrongKey:
    """The strong key that was typed. Raises ValueError for a claim by registration."""
    if claim.typed is None:
        raise ValueError("nothing was typed")
    return read_number(claim.typed)


def flags_of(claim: Claim) -> list[tuple[str, str]]:
    """What is noted on a timely claim, each with its clause; nothing on one by a typed number: it would tell that it fits."""
    if claim.typed is not None or LATE_FLAG not in claim.flags:
        return []
    return [(_("在申请期的最后一天提出：从严计算已经超期，照常受理，裁定时注明。"), "RE-8.1")]


def answer_of(own: Sequence[Registration]) -> str:
    """The answer to a typed number: the same for everybody who has not filed it, whether or not it bought."""
    if not own:
        return _("经核对，贵司在本项目没有这位客户的有效登记。")
    return _("贵司以这个号码报备过，见下面的登记；这位客户如有成交，归属由案场后台裁定，书面通知。")


def event_words(offer: ClaimOffer, now: datetime) -> str:
    """04-02 15:20 认购."""
    when = times.short_moment(offer.event.happened_at, now, offer.registration.project.zone)
    return _("%(when)s %(event)s", when=when, event=str(EVENTS[offer.event.kind]))


@dataclass(frozen=True, slots=True)
class Card:
    """A claim that could be made, on the first page."""

    offer: ClaimOffer
    event: str
    url: str


def cards(offers: Iterable[ClaimOffer], now: datetime) -> list[Card]:
    """The cards of the first page, in the order of ``offers``."""
    return [Card(offer, event_words(offer, now), claim_url(offer)) for offer in offers]


def with_claims(
    acts: dict[str, Sequence[Act]], offers: Iterable[ClaimOffer], roles: frozenset[str], now: datetime
) -> dict[str, Sequence[Act]]:
    """The two lists of a customer's page with the claims that would succeed now, and those for which it is too late."""
    possible, made, refused = [], [], list(acts["refused"])
    for offer in offers if shows(roles)["deal_event"] else ():
        if offer.claim is not None:
            made.append(_made(offer.claim))
        if offer.refusal is not None and offer.claim is None:
            refused.append(_not_now(offer, now))
        elif offer.refusal is None and (offer.claim is None or offer.claim.state != "open"):
            possible.append(_possible(offer, now))
    offered = [*possible, *acts["offered"], *made]
    return {"offered": _first_primary(offered) if possible else offered, "refused": refused}


def _first_primary(offered: list[Act]) -> list[Act]:
    """Time first: of all that can be done, a claim is what runs out first."""
    return [act | {"primary": place == 0} for place, act in enumerate(offered)]


def _possible(offer: ClaimOffer, now: datetime) -> Act:
    zone = offer.registration.project.zone
    why = _(
        "客户 %(event)s，%(left)s · 至 %(until)s",
        event=event_words(offer, now),
        left=durations.left(offer.ends_at, now),
        until=times.until(offer.ends_at, zone),
    )
    return {"word": _("提出撞单申请"), "icon": "scale", "url": claim_url(offer), "why": why, "clause": "RE-8.1"}


def _made(claim: Claim) -> Act:
    why = _("%(state)s，可以补交证据", state=_("待裁定")) if claim.state == "open" else _("已裁定")
    url = url_for("distributor.show_claim", reference=claim.reference)
    return {"word": _("查看撞单申请"), "icon": "file-text", "url": url, "why": why, "clause": "RE-8.3"}


def _not_now(offer: ClaimOffer, now: datetime) -> Act:
    said = describe(offer.refusal)  # type: ignore[arg-type]
    why = _("客户 %(event)s；%(reason)s", event=event_words(offer, now), reason=said.happened)
    return {"word": _("提出撞单申请"), "why": why, "clause": said.clause}


def claim_url(offer: ClaimOffer) -> str:
    """Where the claim of this offer is made."""
    return url_for(
        "distributor.claim_registration", reference=offer.registration.reference, event=offer.event.reference
    )
