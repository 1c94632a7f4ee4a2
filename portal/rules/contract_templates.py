"""What a contract must say (CH-5.2, DM-3.2, DM-3.3, RE-4.8, 5.3, 5.4), and which fields its text may name. Pure.

A template is a title, a preamble and articles of paragraphs with ``{fields}``: words only, nothing is computed in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

import yaml

STANDARD = "standard"
_MOST_ARTICLES = 60
_LONGEST_PARAGRAPH = 3000

#: What is typed for one contract.
TYPED_FIELDS = (
    "company_name",
    "company_representative",
    "company_address",
    "partner_representative",
    "partner_address",
    "mode",
    "territory",
    "target_period",
    "target_visits",
    "target_deals",
    "price_policy",
    "commission_plan",
    "settlement_day",
    "payment_days",
    "market_support",
    "confidentiality_years",
    "dispute",
    "dispute_place",
)
#: What may stand empty.
OPTIONAL_FIELDS = frozenset({"price_policy", "market_support"})
#: What the portal knows itself: the parties' names, the term, and the amounts of the policy (never typed).
KNOWN_FIELDS = (
    "contract_number",
    "partner_name",
    "partner_code",
    "projects",
    "starts_on",
    "ends_on",
    "exit_notice_days",
    "policy_name",
    "circle_radius",
    "first_offence",
    "first_offence_capitals",
    "damages",
    "damages_capitals",
    "refund_days",
)
FIELDS = frozenset(TYPED_FIELDS) - {"dispute_place"} | frozenset(KNOWN_FIELDS)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist: its clause, and the fields that an article about it must name."""

    code: str
    clause: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What a template leaves out: an item, or one of its fields."""

    code: str
    clause: str
    field: str | None = None


#: The parties stand in the preamble, everything else in an article.
CHECKLIST: tuple[Item, ...] = (
    Item("parties", "CH-5.2", ("company_name", "partner_name")),
    Item("mode", "CH-5.2", ("mode",)),
    Item("product", "DM-3.2"),
    Item("territory", "CH-5.2", ("projects", "territory")),
    Item("term", "CH-5.2", ("starts_on", "ends_on")),
    Item("goals", "DM-3.3", ("target_period", "target_visits", "target_deals")),
    Item("plan", "CH-5.2"),
    Item("orders", "DM-3.2", ("policy_name",)),
    Item("price", "CH-5.2", ("price_policy",)),
    Item("commission", "CH-5.2", ("commission_plan",)),
    Item("settlement", "DM-3.2", ("settlement_day", "payment_days")),
    Item("duties", "CH-5.2"),
    Item("support", "CH-5.2", ("market_support",)),
    Item("after_sales", "DM-3.2"),
    Item("breach_filing", "RE-4.8", ("refund_days", "damages", "damages_capitals")),
    Item("breach_interception", "RE-5.3", ("first_offence", "first_offence_capitals")),
    Item("stop", "CH-5.2"),
    Item("exit", "CH-5.2", ("exit_notice_days",)),
    Item("confidentiality", "CH-5.2", ("confidentiality_years",)),
    Item("ip", "CH-5.2"),
    Item("dispute", "CH-5.2", ("dispute",)),
    Item("annex", "DM-3.2", ("policy_name",)),
)


class BodyBroken(ValueError):
    """The text of a template is no template: the reason's code, and what it is about."""

    def __init__(self, reason: str, about: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about


@cache
def shipped() -> dict[str, Any]:
    """The template that the portal brings along."""
    text = resources.files("portal.rules").joinpath("agreements", f"{STANDARD}.yaml").read_text(encoding="utf-8")
    body: dict[str, Any] = yaml.safe_load(text)
    return {key: value for key, value in body.items() if key != "name"}


def check_body(body: Mapping[str, Any]) -> None:
    """Raises BodyBroken for a shape, a length, a checklist code or a field that does not exist."""
    articles = body.get("articles")
    if not body.get("title") or not isinstance(articles, list) or not 0 < len(articles) <= _MOST_ARTICLES:
        raise BodyBroken("template_shape")
    known = {item.code for item in CHECKLIST}
    for article in articles:
        if not article.get("title") or not article.get("paragraphs"):
            raise BodyBroken("template_shape", str(article.get("title") or ""))
        strange = [code for code in article.get("covers", ()) if code not in known]
        if strange:
            raise BodyBroken("template_item_unknown", strange[0])
    for paragraph in _paragraphs(body):
        _check_paragraph(paragraph)


def gaps(body: Mapping[str, Any]) -> list[Gap]:
    """What the checklist asks for and the text does not have, in the order of the checklist."""
    covered: dict[str, set[str]] = {}
    for article in body["articles"]:
        named = {field for paragraph in article["paragraphs"] for field in named_fields(paragraph)}
        for code in article.get("covers", ()):
            covered.setdefault(code, set()).update(named)
    if "parties" in covered:
        covered["parties"].update(field for line in body.get("preamble", ()) for field in named_fields(line))
    return [gap for item in CHECKLIST for gap in _gaps_of(item, covered.get(item.code))]


def named_fields(paragraph: str) -> list[str]:
    """The fields that a paragraph names. Raises BodyBroken for braces that are none of ours."""
    try:
        parts = list(Formatter().parse(paragraph))
    except ValueError:
        raise BodyBroken("template_braces", paragraph[:20]) from None
    if any(spec or conversion for _text, name, spec, conversion in parts if name is not None):
        raise BodyBroken("template_braces", paragraph[:20])
    return [name for _text, name, _spec, _conversion in parts if name is not None]


def fill(paragraph: str, values: Mapping[str, str]) -> str:
    """The paragraph with its fields filled in. KeyError for one without a value."""
    return "".join(
        text + ("" if name is None else values[name]) for text, name, _spec, _conversion in Formatter().parse(paragraph)
    )


def _paragraphs(body: Mapping[str, Any]) -> Iterator[str]:
    yield from body.get("preamble", ())
    for article in body["articles"]:
        yield from article["paragraphs"]


def _check_paragraph(paragraph: str) -> None:
    if not isinstance(paragraph, str) or len(paragraph) > _LONGEST_PARAGRAPH:
        raise BodyBroken("template_shape")
    strange = [field for field in named_fields(paragraph) if field not in FIELDS]
    if strange:
        raise BodyBroken("template_field_unknown", strange[0][:40])


def _gaps_of(item: Item, named: set[str] | None) -> list[Gap]:
    if named is None:
        return [Gap(item.code, item.clause)]
    return [Gap(item.code, item.clause, field) for field in item.fields if field not in named]
