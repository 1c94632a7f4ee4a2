"""Every notice and every entry of the history has words, in both languages, from the facts that it states."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.audit import VOCABULARY
from portal.services.notices import KINDS
from portal.wording import history, notices

_FACTS = {
    "reference": "YQ-2604-4F7K2M",
    "stage": "visit",
    "until": "2026-04-14T16:00:00+00:00",
    "arrived_at": "2026-04-07T06:21:08+00:00",
    "expected_at": "2026-04-07T06:30:00+00:00",
    "effective_from": "2026-04-07T06:21:08+00:00",
    "happened_at": "2026-04-07T06:21:08+00:00",
    "due_at": "2026-04-10T16:00:00+00:00",
    "event": "deposit",
    "registration": "YQ-2604-4F7K2M",
    "wins": True,
    "imported": 3,
    "present": 1,
    "refused": 0,
    "days": 7,
    "extendable": True,
    "step": "audit",
    "fields": ["phone", "name"],
    "bulk": True,
    "result": "company_record",
    "party": "broker",
    "method": "glass",
    "source": "call",
    "kind": "filing_slip",
    "role": "broker",
    "distributor": "甲渠道",
    "project": "云栖府",
    "voided": 3,
    "moved_up": 2,
    "paper": "licence",
}


def test_every_kind_of_notice_has_words() -> None:
    assert notices.kinds() == set(KINDS)


def test_every_verb_of_the_history_has_words() -> None:
    assert set(history.SENTENCES) == set(VOCABULARY)


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_notice_is_said_from_its_facts(app: Flask, kind: str, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        said = notices.describe(kind, {name: _FACTS[name] for name in KINDS[kind]})
    assert said.strong and said.rest and "%(" not in said.strong + said.rest


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("verb", sorted(VOCABULARY))
def test_an_entry_is_said_from_its_facts_even_when_it_lacks_some(app: Flask, verb: str, locale: str) -> None:
    facts = {name: _FACTS.get(name, "…") for name in VOCABULARY[verb]}
    with app.test_request_context(), force_locale(locale):
        assert "%(" not in history.describe(verb, facts)
        assert history.describe(verb, {})


def test_a_notice_told_before_it_named_its_project_reads_as_it_did(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        old = notices.describe("partner.blacklist", {"distributor": "甲渠道", "voided": 3, "moved_up": 2})
        new = notices.describe("partner.suspend", {"distributor": "甲渠道", "project": "云栖府"})
    assert old.rest.startswith("本项目：作废登记 3 份") and new.rest.startswith("云栖府：不收新报备")


def test_ends_are_said_as_the_last_minute_and_arrivals_to_the_second(app: Flask) -> None:
    facts = {"reference": "YQ", "until": "2026-04-14T16:00:00+00:00"}
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert "2026-04-14 23:59" in notices.describe("visit.protected", facts).rest
        arrived = {"reference": "YQ", "arrived_at": "2026-04-07T06:21:08+00:00"}
        assert "2026-04-07 14:21:08" in notices.describe("visit.natural", arrived).rest


def test_a_distributor_never_reads_which_record_stood_in_the_way(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert history.describe("visit.audited", {"result": "company_record"}) == "案场后台审核：不符合条件。"
