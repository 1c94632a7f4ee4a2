"""A blacklisted partner does not come back: matched by each key, stopped at each step, let pass only by name (RE-5.4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from portal.models import Application, Distributor, HistoryEntry, Notice, db
from portal.queries.blacklist import matches_of
from portal.rules.refusal import Refusal
from portal.services import application_decisions, application_reviews, applications, blacklist_matches, partnership
from tests.applying import begin, company_code, fill, reach, resident_id, values
from tests.fixtures import People
from tests.servers import PATIENCE_SECONDS

#: What the blacklisted partner's file says; an applicant shares one of these, spelled in its own way.
THEIRS = values(900)
SHARED: dict[str, tuple[dict[str, Any], str]] = {
    "code": ({"registration_code": f" {company_code(900).lower()} "}, "registration_code"),
    "legal representative": ({"legal_id_number": resident_id(900)}, "legal_id"),
    "account": ({"bank_account": "3301 0000 0000 0900"}, "bank_account"),
    "contact phone": ({"contact_phone": "+86 136-0000-0900"}, "phone"),
    "beneficial phone": ({"beneficial_phone": "13600000900"}, "phone"),
}


def blacklisted(people: People) -> Distributor:
    """A partner that came in by an application and was thrown out."""
    gone = reach(people, "approved", **THEIRS).partner_file.distributor
    assert gone is not None
    gone.status = "active"
    db.session.commit()
    partnership.blacklist(actor=people.get("hua"), distributor=gone, reason="第二次截客")
    db.session.commit()
    return gone


def refused(command: Callable[..., Any], **facts: Any) -> str:
    with pytest.raises(Refusal) as caught:
        command(**facts)
    db.session.rollback()
    return caught.value.reason


@pytest.mark.parametrize("shared", SHARED)
def test_each_key_finds_it(session: Any, people: People, shared: str) -> None:
    gone, (changes, key) = blacklisted(people), SHARED[shared]
    application = fill(begin(), **changes)
    found = matches_of(application.partner_file)
    assert [(match.distributor.id, match.keys) for match in found] == [(gone.id, (key,))]


def test_nobody_else_is_found(session: Any, people: People) -> None:
    blacklisted(people)
    assert matches_of(fill(begin()).partner_file) == []


def test_a_partner_in_good_standing_is_no_match(session: Any, people: People) -> None:
    reach(people, "approved", **THEIRS)
    assert matches_of(fill(begin(), bank_account=THEIRS["bank_account"]).partner_file) == []


def test_a_distributor_without_a_file_is_found_by_its_code(session: Any, people: People) -> None:
    other = people.distributor("乙渠道")
    other.registration_code, other.status = company_code(901), "blacklisted"
    db.session.commit()
    assert matches_of(fill(begin(), registration_code=company_code(901)).partner_file)[0].distributor.id == other.id


def test_closed_books_do_not_wash_it_clean(session: Any, people: People) -> None:
    gone = blacklisted(people)
    gone.status = "closed"
    db.session.commit()
    assert matches_of(fill(begin(), bank_account=THEIRS["bank_account"]).partner_file)[0].distributor.id == gone.id


def test_the_applicant_hears_nothing_and_headquarters_at_once(session: Any, people: People) -> None:
    blacklisted(people)
    application = fill(begin(), bank_account=THEIRS["bank_account"])
    assert applications.send_application(application=application).state == "applied"
    db.session.commit()
    told = {notice.user_id for notice in db.session.query(Notice).filter_by(kind="application.stopped")}
    assert told == {people.users["hua"], people.users["gia"]}
    assert refused(application_reviews.take_up, actor=people.get("hua"), application=application) == (
        "partner_matches_blacklist"
    )


def test_a_named_person_lets_it_pass_with_a_reason(session: Any, people: People) -> None:
    blacklisted(people)
    application = reach(people, "applied", bank_account=THEIRS["bank_account"])
    gia = {"actor": people.get("gia"), "application": application}
    assert refused(blacklist_matches.override_match, **gia, reason=" ") == "override_needs_a_reason"
    blacklist_matches.override_match(**gia, reason="账号已由银行确认易主")
    db.session.commit()
    entry = db.session.query(HistoryEntry).filter_by(verb="application.overridden").one()
    assert entry.clause == "RE-5.4" and "易主" not in str(entry.facts)
    assert refused(blacklist_matches.override_match, **gia, reason="再来一次") == "nothing_to_override"
    assert application_reviews.take_up(actor=people.get("hua"), application=application).state == "in_review"


def test_a_new_match_stops_it_again_at_the_signature(session: Any, people: People) -> None:
    application = reach(people, "examined", legal_id_number=resident_id(950))
    other = reach(people, "approved", legal_id_number=resident_id(950)).partner_file.distributor
    assert other is not None
    other.status = "active"
    db.session.commit()
    application_decisions.sign(actor=people.get("dan"), application=application, approved=True, reason="同意")
    db.session.commit()
    partnership.blacklist(actor=people.get("hua"), distributor=other, reason="第二次截客")
    db.session.commit()
    yes = {"application": application, "approved": True, "reason": "同意"}
    assert refused(application_decisions.sign, actor=people.get("gia"), **yes) == "partner_matches_blacklist"
    blacklist_matches.override_match(actor=people.get("gia"), application=application, reason="本人已脱离该公司")
    application_decisions.sign(actor=people.get("gia"), **yes)
    assert application.state == "approved"


def test_refusing_is_never_stopped(session: Any, people: People) -> None:
    application = reach(people, "examined", bank_account=THEIRS["bank_account"])
    blacklisted(people)
    application_decisions.sign(actor=people.get("dan"), application=application, approved=False, reason="与黑名单相符")
    assert application.state == "rejected"


def test_two_general_managers_at_once_make_one_distributor(app: Flask, people: People) -> None:
    with app.app_context():
        application = reach(people, "examined")
        application_decisions.sign(actor=people.get("dan"), application=application, approved=True, reason="同意")
        db.session.commit()
        number = application.id

    def sign(_: int) -> str:
        with app.app_context():
            try:
                found = db.session.get_one(Application, number)
                application_decisions.sign(actor=people.get("gia"), application=found, approved=True, reason="同意")
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return refusal.reason
            return "signed"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(sign, range(3))) == ["application_not_there", "application_not_there", "signed"]
    with app.app_context():
        assert db.session.query(Distributor).count() == 3


def test_whoever_blacklists_meanwhile_waits_or_stops_the_approval(app: Flask, people: People) -> None:
    with app.app_context():
        other = reach(people, "approved", legal_id_number=resident_id(951)).partner_file.distributor
        assert other is not None
        other.status, other_id = "active", other.id
        application = reach(people, "examined", legal_id_number=resident_id(951))
        application_decisions.sign(actor=people.get("dan"), application=application, approved=True, reason="同意")
        db.session.commit()
        number = application.id
    held = threading.Event()

    def blacklist() -> None:
        with app.app_context():
            found = db.session.get_one(Distributor, other_id)
            partnership.blacklist(actor=people.get("hua"), distributor=found, reason="第二次截客")
            held.set()
            time.sleep(0.5)
            db.session.commit()

    def sign() -> str:
        held.wait(PATIENCE_SECONDS)
        with app.app_context():
            found = db.session.get_one(Application, number)
            return refused(
                application_decisions.sign, actor=people.get("gia"), application=found, approved=True, reason="同意"
            )

    with ThreadPoolExecutor(2) as pool:
        pool.submit(blacklist)
        assert pool.submit(sign).result() == "partner_matches_blacklist"
