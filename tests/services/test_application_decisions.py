"""From the group's scores to the two signatures, and what follows from them: the distributor, its owner, its entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal import clock
from portal.models import (
    Distributor,
    Notice,
    OutgoingMessage,
    PartnerFile,
    RoleGrant,
    User,
    db,
)
from portal.rules.applications import AREAS, mean_of
from portal.rules.refusal import Refusal
from portal.services import (
    application_decisions,
    application_notices,
    application_reviews,
    partner_entries,
)
from tests.applying import examine, reach, write
from tests.fixtures import People

NEEDED = {"licence", "legal_rep_id", "business_plan"}


def refused(because: str, command: Callable[..., Any], **facts: Any) -> Refusal:
    """What the command refuses with; nothing of it is kept."""
    with pytest.raises(Refusal, match=because) as caught:
        command(**facts)
    db.session.rollback()
    return caught.value


def said(kind: str) -> list[dict[str, str]]:
    messages = db.session.query(OutgoingMessage).filter_by(kind=kind)
    return [json.loads(message.facts or "{}") for message in messages]


def test_scores_need_a_group_its_sheets_and_the_departments(session: Any, people: People) -> None:
    application = reach(people, "surveyed")
    confirm = {"actor": people.get("hua"), "application": application, "reason": "齐全"}
    group = {"actor": people.get("hua"), "application": application}
    refused("inquiry_missing", application_reviews.confirm_scores, **confirm)
    write(people, application, "interview", "inspection")
    db.session.commit()
    refused("group_too_small", application_reviews.confirm_scores, **confirm)
    refused("group_too_small", application_reviews.name_group, **group, members=[people.get("kit")])
    application_reviews.name_group(**group, members=[people.get("kit"), people.get("fin")])
    db.session.commit()
    refused("scores_missing", application_reviews.confirm_scores, **confirm)
    scores = {area: Decimal("70") for area in AREAS}
    for who in ("kit", "fin"):
        member = people.get(who)
        application_reviews.give_scores(actor=member, application=application, scores=scores, comment="")
    db.session.commit()
    refused("opinions_missing", application_reviews.confirm_scores, **confirm)


def test_only_members_score_and_once(session: Any, people: People) -> None:
    application = reach(people, "surveyed")
    examine(people, application)
    db.session.commit()
    facts = {"application": application, "scores": {area: Decimal("1") for area in AREAS}, "comment": None}
    refused("not_in_the_group", application_reviews.give_scores, actor=people.get("hua"), **facts)
    refused("sheet_is_filled", application_reviews.give_scores, actor=people.get("kit"), **facts)


def test_a_member_does_not_confirm_its_own_scores(session: Any, people: People) -> None:
    application = reach(people, "surveyed")
    examine(people, application)
    hua, kit, fin = (people.get(one) for one in ("hua", "kit", "fin"))
    application_reviews.name_group(actor=hua, application=application, members=[hua, kit, fin])
    scores = {area: Decimal("60") for area in AREAS}
    application_reviews.give_scores(actor=hua, application=application, scores=scores, comment=None)
    db.session.commit()
    refused("own_scores", application_reviews.confirm_scores, actor=hua, application=application, reason="x")


def test_a_department_speaks_once_and_with_a_reason(session: Any, people: People) -> None:
    application = reach(people, "surveyed")
    facts = {"application": application, "passed": False}
    refused("no_department", application_reviews.give_opinion, actor=people.get("hua"), **facts, reason="x")
    refused("opinion_needs_a_reason", application_reviews.give_opinion, actor=people.get("fin"), **facts, reason=" ")
    application_reviews.give_opinion(actor=people.get("fin"), **facts, reason="资金不足")
    db.session.commit()
    refused("department_has_spoken", application_reviews.give_opinion, actor=people.get("fin"), **facts, reason="x")


def test_the_mean_is_exact(session: Any, people: People) -> None:
    application = reach(people, "examined")
    assert mean_of(application_reviews.sheets_of(application))["total"] == Decimal("85.75")


def test_the_managers_sign_in_their_order(session: Any, people: People) -> None:
    application = reach(people, "examined")
    yes = {"application": application, "approved": True, "reason": "同意"}
    refused("signature_out_of_turn", application_decisions.sign, actor=people.get("gia"), **yes)
    refused("signature_out_of_turn", application_decisions.sign, actor=people.get("hua"), **yes)
    refused("signature_needs_a_reason", application_decisions.sign, actor=people.get("dan"), **yes | {"reason": ""})
    application_decisions.sign(actor=people.get("dan"), **yes)
    db.session.commit()
    refused("signature_out_of_turn", application_decisions.sign, actor=people.get("dan"), **yes)
    application_decisions.sign(actor=people.get("gia"), **yes)
    assert (application.state, application.signatures[1].as_deputy) == ("approved", False)


def test_nobody_signs_twice_or_what_they_reviewed(session: Any, people: People) -> None:
    application = reach(people, "examined")
    for who in ("dan", "hua"):
        person = people.get(who)
        wanted = ("department_manager", "general_manager")
        person.grants = [*person.grants, *(RoleGrant(role=role) for role in wanted if role not in person.roles)]
    yes = {"application": application, "approved": True, "reason": "同意"}
    for part in ("reviewer_id", "confirmed_by_id"):
        application.reviewer_id = application.confirmed_by_id = people.users["kit"]
        setattr(application, part, people.users["hua"])
        db.session.commit()
        refused("signature_by_reviewer", application_decisions.sign, actor=people.get("hua"), **yes)
    application_decisions.sign(actor=people.get("dan"), **yes)
    db.session.commit()
    refused("signature_by_the_same", application_decisions.sign, actor=people.get("dan"), **yes)


def test_approval_makes_a_distributor_with_its_owner(session: Any, people: People) -> None:
    application = reach(people, "approved")
    distributor = application.partner_file.distributor
    assert distributor is not None and distributor.status == "approved"
    assert distributor.registration_code == application.partner_file.registration_code
    account = said("owner_account")[0]
    owner = db.session.query(User).filter_by(login=account["login"]).one()
    assert (owner.distributor_id, owner.roles, owner.must_change_password) == (distributor.id, {"owner"}, True)
    assert said("application_decided")


@pytest.mark.parametrize("signer", ["dan", "gia"])
def test_either_manager_may_refuse(session: Any, people: People, signer: str) -> None:
    application = reach(people, "examined")
    if signer == "gia":
        application_decisions.sign(actor=people.get("dan"), application=application, approved=True, reason="同意")
    application_decisions.sign(actor=people.get(signer), application=application, approved=False, reason="区域已满")
    db.session.commit()
    assert (application.state, application.decision_reason) == ("rejected", "区域已满")
    assert db.session.query(Distributor).count() == 2


def test_a_name_that_is_taken_stops_the_approval(session: Any, people: People) -> None:
    application = reach(people, "examined", name="甲渠道")
    application_decisions.sign(actor=people.get("dan"), application=application, approved=True, reason="同意")
    db.session.commit()
    refused(
        "distributor_name_taken",
        application_decisions.sign,
        actor=people.get("gia"),
        application=application,
        approved=True,
        reason="同意",
    )


def test_a_late_signature_is_told_once(session: Any, people: People) -> None:
    friday = datetime(2026, 4, 10, 2, tzinfo=UTC)
    with clock.set_to(friday):
        application = reach(people, "examined")
    # Two working days after Friday: Monday and Tuesday, to the midnight in Shanghai.
    assert application.signature_due_at == datetime(2026, 4, 14, 16, tzinfo=UTC)
    assert application_notices.remind(friday + timedelta(days=4)) == 0
    late = datetime(2026, 4, 14, 16, 1, tzinfo=UTC)
    assert application_notices.remind(late) == 3
    assert application_notices.remind(late + timedelta(hours=1)) == 0
    assert {one.clause for one in db.session.query(Notice).filter_by(kind="application.signature_late")} == {"DO-Q2"}


def test_entry_follows_the_contract_and_says_where_the_paper_lies(session: Any, people: People) -> None:
    distributor = reach(people, "approved").partner_file.distributor
    assert distributor is not None
    entry = {"actor": people.get("hua"), "distributor": distributor, "folder_location": "2 号柜"}
    refused("partner_not_contracted", partner_entries.enter_partner, **entry)
    distributor.status = "contracted"
    db.session.commit()
    refused("entry_needs_a_folder", partner_entries.enter_partner, **entry | {"folder_location": " "})
    partner_entries.enter_partner(**entry)
    db.session.commit()
    assert distributor.status == "active"
    assert db.session.query(PartnerFile.folder_location).filter_by(distributor_id=distributor.id).scalar() == "2 号柜"
    refused("partner_not_contracted", partner_entries.enter_partner, **entry)
