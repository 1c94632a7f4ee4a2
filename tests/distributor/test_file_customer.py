"""A broker files a customer on one screen: it works, it is checked, it is done once, and it says nothing of others."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.models import Document, Registration, User, db
from tests.distributor.conftest import NEW, reference_in, send, typed, words_of
from tests.fixtures import csrf_of


def test_a_filing_leads_to_its_receipt(app, browse, stored) -> None:
    ana = browse("ana")
    reference = reference_in(send(ana, name="黄维", phone="+86 139-0000-7716"))
    receipt = ana.get(f"/distributor/filings/{reference}/receipt")
    assert 'href="/policies/RE/1"' in receipt.get_data(as_text=True)
    page = words_of(receipt)
    assert stored() == 1
    assert "已收到报备" in page and reference in page
    assert "黄维 139****7716" in page and "13900007716" not in page
    assert "RE-2.2" in page and "RE-2.8" in page


def test_the_four_fields_that_are_needed_come_first(browse) -> None:
    page = browse("ana").get(NEW).get_data(as_text=True)
    form = page.split('id="filing"', 1)[1]
    visible, _ = form.split("<details", 1)
    needed = {name for name in ("project", "name", "phone", "residence") if f'name="{name}"' in visible}
    assert needed == {"project", "name", "phone", "residence"}
    assert 'name="company_name"' not in visible and 'name="id_number"' not in visible


def test_what_was_typed_is_kept_as_evidence(app, browse) -> None:
    reference_in(send(browse("ana"), phone="００８６ 139 0000 8001", note="要看 3 号楼"))
    with app.app_context():
        found = db.session.scalars(select(Registration)).one()
        assert found.phone == "+8613900008001"
        assert json.loads(found.typed)["phone"] == "００８６ 139 0000 8001"
        assert (found.note, found.declaration_version, found.notice_version) == ("要看 3 号楼", "1", "1")


def test_a_company_buyer_is_named(app, browse) -> None:
    reference_in(
        send(browse("ana"), buyer="company", company_name="橘灯", company_code="91350100M000100Y43", id_number="")
    )
    with app.app_context():
        found = db.session.scalars(select(Registration)).one()
        assert (found.company, found.company_code) == ("橘灯", "91350100M000100Y43")


def test_everything_optional_is_kept(app, browse) -> None:
    reference_in(
        send(
            browse("ana"),
            residence="away",
            place="宁波",
            arrival="tomorrow_afternoon",
            party_size="3",
            bulk_expected="y",
            id_number="990101 19900307 1237",
        )
    )
    with app.app_context():
        found = db.session.scalars(select(Registration)).one()
        assert (found.residence, found.is_local, found.party_size, found.bulk_expected) == ("330200", False, 3, True)
        assert found.planned_visit_at is not None and found.planned_visit_at > found.filed_at


def test_a_typed_time_is_read_in_the_projects_zone(app, browse) -> None:
    with app.app_context():
        year = db.session.scalar(select(User.created_at).limit(1)).year + 1
    reference_in(send(browse("ana"), arrival="other", planned_at=f"{year}-01-02T15:30"))
    with app.app_context():
        planned = db.session.scalars(select(Registration)).one().planned_visit_at
        assert f"{planned:%m-%d %H:%M}" == "01-02 07:30"


def test_the_project_is_remembered(app, browse) -> None:
    ana = browse("ana")
    reference_in(send(ana, project="JP"))
    assert re.search(r'<option selected value="JP">', ana.get(NEW).get_data(as_text=True))


def test_a_double_click_files_once(browse, stored) -> None:
    ana, form = browse("ana"), typed() | {"csrf_token": ""}
    form["csrf_token"] = csrf_of(ana)
    first, second = ana.post(NEW, data=form), ana.post(NEW, data=form)
    assert reference_in(first) == reference_in(second)
    assert stored() == 1


def test_the_same_form_with_another_customer_is_another_filing(browse, stored) -> None:
    """Browsers bring a sent form back; what is typed over it must not vanish behind the first receipt."""
    ana, key = browse("ana"), str(uuid4())
    first, second = send(ana, submission_key=key), send(ana, submission_key=key, name="李思远")
    assert reference_in(first) != reference_in(second)
    assert stored() == 2


def test_another_persons_form_key_is_worth_nothing(browse, stored) -> None:
    key, phone = str(uuid4()), "139 0000 9900"
    mine = reference_in(send(browse("ana"), submission_key=key, phone=phone))
    theirs = reference_in(send(browse("ben"), submission_key=key, phone=phone))
    assert mine != theirs and stored() == 2


def test_ones_own_running_filing_is_pointed_to(browse, stored) -> None:
    ana = browse("ana")
    reference = reference_in(send(ana, phone="13900007777"))
    again = send(ana, phone="13900007777", note="再来一次")
    assert again.status_code == 409 and stored() == 1
    page = again.get_data(as_text=True)
    assert f"/distributor/customers/{reference}" in page and "再来一次" in page
    assert "RE-2.8" in words_of(again)


def test_a_colleagues_running_filing_is_named_but_not_opened(browse) -> None:
    reference = reference_in(send(browse("ana"), phone="13900007778"))
    again = send(browse("abe"), phone="13900007778")
    assert again.status_code == 409
    assert reference in words_of(again)
    assert f"/distributor/customers/{reference}" not in again.get_data(as_text=True)


def test_an_owner_files_too(browse) -> None:
    reference_in(send(browse("olga")))


@pytest.mark.parametrize("name", ["rui", "bo", "cai", "lin", "hua", "kit", "fin", "ada", "aud", "sid"])
def test_nobody_else_files(browse, stored, name: str) -> None:
    client = browse(name)
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, data=typed() | {"csrf_token": csrf_of(client, "/me")}).status_code in (400, 403, 419)
    assert stored() == 0


def test_who_is_not_signed_in_is_asked_to(browse) -> None:
    assert "/sign-in" in browse().get(NEW).headers["Location"]


def test_a_suspended_distributor_reads_why(app, browse, people, stored) -> None:
    ana = browse("ana")
    with app.app_context():
        people.distributor().status = "suspended"
        db.session.commit()
    answer = send(ana, note="保留我")
    assert answer.status_code == 409 and stored() == 0
    assert "DM-12.1" in words_of(answer) and "保留我" in answer.get_data(as_text=True)


def test_one_field_is_checked_when_it_is_left(browse) -> None:
    ana = browse("ana")
    form = typed(phone="139 0000 771", name="") | {"csrf_token": csrf_of(ana)}
    headers = {"HX-Request": "true", "HX-Trigger-Name": "phone"}
    answer = ana.post("/distributor/filings/check", data=form, headers=headers)
    assert answer.status_code == 200
    assert "11 位" in words_of(answer) and "姓名" not in words_of(answer)
    assert "<html" not in answer.get_data(as_text=True)


def test_a_form_sent_by_htmx_stays_on_its_page_until_it_is_received(browse, stored) -> None:
    ana, headers = browse("ana"), {"HX-Request": "true"}
    form = typed(phone="139 0000 771") | {"csrf_token": csrf_of(ana)}
    assert 'hx-select="#main"' in ana.get(NEW).get_data(as_text=True)
    kept = ana.post(NEW, data=form, headers=headers)
    assert kept.status_code == 422 and 'id="main"' in kept.get_data(as_text=True) and stored() == 0
    gone = ana.post(NEW, data=form | {"phone": "139 0000 7711"}, headers=headers)
    assert gone.status_code == 204 and gone.headers["HX-Redirect"].endswith("/receipt") and stored() == 1


def test_the_slip_is_ordered_and_its_poller_ends_itself(app, browse) -> None:
    ana = browse("ana")
    reference = reference_in(send(ana))
    address = f"/distributor/filings/{reference}/slip"
    assert "data-poll" in ana.get(address).get_data(as_text=True)
    with app.app_context():
        slip = db.session.scalars(select(Document)).one()
        slip.state, slip.content, slip.sha256, slip.ready_at = "ready", b"%PDF-1.7 slip", "0" * 64, slip.created_at
        db.session.commit()
    ready = ana.get(address).get_data(as_text=True)
    assert "data-poll" not in ready and f"{address}.pdf" in ready
    paper = ana.get(f"{address}.pdf")
    assert paper.data == b"%PDF-1.7 slip" and paper.mimetype == "application/pdf"
    assert reference in paper.headers["Content-Disposition"] and paper.headers["Cache-Control"] == "no-store"
    assert browse("ben").get(f"{address}.pdf").status_code == 404


def test_a_receipt_belongs_to_its_filer(browse) -> None:
    reference = reference_in(send(browse("ana")))
    address = f"/distributor/filings/{reference}/receipt"
    assert browse("olga").get(address).status_code == 200
    assert browse("abe").get(address).status_code == 404
    assert browse("ben").get(address).status_code == 404
    assert browse("bo").get(address).status_code == 403
