"""The back office records relatives with their proof: works, invalid, wrong role, stranger, twice; withdrawn; drawn."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select

from portal import clock
from portal.access import Permission
from portal.addresses import hidden
from portal.models import Deal, Relation, StoredFile, db
from portal.queries import site_deals
from portal.queries.relations import Family, Person, Tie, family_of
from portal.services import deals, relations
from portal.services.customers import Customer
from portal.services.deals import NewEvent
from portal.wording.families import drawn
from tests.fixtures import People, Stage
from tests.pages import assert_page, form_values, problems, read, text_of
from tests.send import send

NEW = "/site/relations/new"
HUSBAND = Customer(name="张三", phone="+8613900001111")
WIFE = Customer(name="李四", phone="+8613900002222")
SON = Customer(name="张小明", phone="+8613900003333")


def form(**values: object) -> dict[str, object]:
    typed = {"one-name": "李四", "one-phone": "13900002222", "kind": "spouse", "proven": "yes"}
    return {**typed, "document": "结婚证", "submission_key": str(uuid4()), **values}


def picture() -> tuple[BytesIO, str]:
    written = BytesIO()
    Image.new("RGB", (300, 200), "white").save(written, "JPEG")
    written.seek(0)
    return written, "结婚证.jpg"


@pytest.fixture
def deal(app, people: People) -> str:  # type: ignore[no-untyped-def]
    """The number of a deal of one buyer."""
    with app.app_context():
        bought = NewEvent(kind="deposit", buyers=(HUSBAND,), unit="3-1201")
        event = deals.open_deal(actor=people.get("cai"), project=people.project(), event=bought)
        reference = event.deal.reference
        db.session.commit()
    return str(reference)


def only(app, model):  # type: ignore[no-untyped-def]
    with app.app_context():
        return db.session.scalars(select(model)).one()


def test_a_relative_of_a_buyer_is_recorded_with_its_paper_and_drawn(app, browse, deal: str) -> None:
    bo = browse("bo")
    assert_page(bo.get(f"{NEW}?deal={deal}"))
    answer = send(bo, f"{NEW}?deal={deal}", **form(paper=picture()))
    assert answer.status_code == 303, text_of(answer.get_data(as_text=True))
    html = assert_page(bo.get(answer.headers["Location"]))
    assert "李四 是 张三 的配偶：已证明，结婚证。" in text_of(html)
    assert 'class="tie"' in html and "unproven" not in html
    relation = only(app, Relation)
    assert (relation.proven, relation.other_phone) == (True, HUSBAND.phone)
    file = bo.get(f"/files/{hidden(only(app, StoredFile).id)}")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff" and file.mimetype == "image/jpeg"


def test_the_buyer_that_was_chosen_is_meant_whoever_buys_beside_by_then(app, browse, deal: str, people: People) -> None:
    bo = browse("bo")
    chosen = form_values(assert_page(bo.get(f"{NEW}?deal={deal}")), "one-name")["buyer"]
    with app.app_context():
        cai, signing = people.get("cai"), NewEvent(kind="signing", buyers=(WIFE, HUSBAND), unit="3-1201")
        found = site_deals.find(deal, cai, Permission.RECORD_DEAL)
        assert found is not None
        deals.add_event(actor=cai, deal=found, event=signing)
        db.session.commit()
    typed = form(**{"one-name": "张小明", "one-phone": "13900003333", "kind": "child", "buyer": chosen})
    html = assert_page(send(bo, f"{NEW}?deal={deal}", **typed), 422)
    assert "请填写姓名。" in text_of(html), "the choice is asked for anew, not taken for the wife"
    page = read(html)
    at = next(label.get("for") for label in page.all("label") if "张三" in label.text)
    husband = next(one.get("value") for one in page.all("input") if one.get("id") == at)
    assert send(bo, f"{NEW}?deal={deal}", **typed | {"buyer": husband}).status_code == 303
    assert only(app, Relation).other_phone == HUSBAND.phone


def test_without_a_deal_both_sides_are_typed(app, browse, people: People) -> None:
    other = {"buyer": "other", "other-name": "张三", "other-phone": "13900001111"}
    assert send(browse("bo"), NEW, **form(**other, kind="parent", proven="no", document="")).status_code == 303
    relation = only(app, Relation)
    assert (relation.kind, relation.proven, relation.other_name) == ("parent", False, "张三")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"one-name": ""}, "请填写姓名。"),
        ({"one-phone": ""}, "手机号和证件号至少填一项。"),
        ({"one-phone": "139****2222"}, "号码有遮挡"),
        ({"one-id_number": "110105194912310021"}, "校验位不对"),
        ({"kind": "cousin"}, "请选择关系。"),
        ({"kind": ""}, "请选择关系。"),
        ({"proven": ""}, "请选择有没有证明。"),
        ({"document": ""}, "请写明是什么证明"),
        ({"buyer": "other"}, "请填写姓名。"),
        ({"buyer": "0"}, "请填写姓名。"),
        ({"buyer": "2fffffff"}, "请填写姓名。"),
        ({"paper": (BytesIO(b"MZ program"), "a.jpg")}, "以文件内容为准"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_everything_typed(
    app, browse, deal: str, values: dict[str, object], words: str
) -> None:
    html = assert_page(send(browse("bo"), f"{NEW}?deal={deal}", **form(**values)), 422)
    assert words in text_of(html)
    assert "one-name" in values or 'value="李四"' in html
    with app.app_context():
        assert db.session.scalars(select(Relation)).all() == []


def test_nobody_is_a_relative_of_oneself(browse, deal: str) -> None:
    html = assert_page(send(browse("bo"), f"{NEW}?deal={deal}", **form(**{"one-phone": "13900001111"})), 409)
    assert "亲属双方是同一个人。" in text_of(html) and "RE-8.8" in html and 'value="李四"' in html


@pytest.mark.parametrize("who", ["ana", "rui", "cai", "lin", "hua", "kit", "fin", "ada", "aud"])
def test_nobody_else_records_or_lists_relations(browse, deal: str, who: str) -> None:
    client = browse(who)
    assert client.get("/site/relations").status_code in {403, 404}
    assert send(client, f"{NEW}?deal={deal}", **form()).status_code in {403, 404}


def test_another_project_is_not_there(app, browse, people: People, deal: str) -> None:
    send(browse("bo"), f"{NEW}?deal={deal}", **form(paper=picture()))
    sid = browse("sid")
    assert sid.get(f"{NEW}?deal={deal}").status_code == 404
    assert send(sid, f"/site/relations/{hidden(only(app, Relation).id)}/withdraw", reason="x").status_code == 404
    for who, status in {"sid": 404, "ben": 404, "olga": 404, "cai": 403, "lin": 200, "hua": 200, "aud": 200}.items():
        assert browse(who).get(f"/files/{hidden(only(app, StoredFile).id)}").status_code == status, who


def test_sent_twice_it_is_recorded_once(app, browse, deal: str) -> None:
    bo, typed = browse("bo"), form()
    for _ in range(2):
        assert send(bo, f"{NEW}?deal={deal}", **typed).status_code == 303
    only(app, Relation)


def test_a_withdrawn_one_stays_on_record_with_its_reason_and_leaves_the_graph(app, browse, deal: str) -> None:
    bo = browse("bo")
    send(bo, f"{NEW}?deal={deal}", **form())
    address = f"/site/relations/{hidden(only(app, Relation).id)}/withdraw?deal={deal}"
    assert_page(bo.get(address))
    assert_page(send(bo, address, reason=""), 422)
    assert send(bo, address, reason="认错了人").status_code == 303
    page = text_of(assert_page(bo.get(f"/site/deals/{deal}")))
    assert "认错了人" in page and "已撤回" in page and "李四 是 张三 的配偶" not in page
    assert "已经撤回" in text_of(assert_page(send(bo, address, reason="再撤"), 409))


def test_the_family_of_a_deal_has_each_person_once(session, stage: Stage, people: People) -> None:
    bought = NewEvent(kind="deposit", buyers=(HUSBAND, WIFE), unit="3-1201")
    event = deals.open_deal(actor=people.get("cai"), project=people.project(), event=bought)
    for one, other, kind, proven in (
        (WIFE, HUSBAND, "spouse", True),
        (SON, HUSBAND, "child", True),
        (SON, WIFE, "child", False),
    ):
        relations.record_relation(
            actor=people.get("bo"), project=people.project(), one=one, other=other, kind=kind, proven=proven
        )
    stranger = Customer(name="王五", phone="+8613900009999")
    aunt = Customer(name="赵六", phone="+8613900008888")
    relations.record_relation(
        actor=people.get("bo"), project=people.project(), one=aunt, other=stranger, kind="sibling", proven=True
    )
    family = family_of(session.get(Deal, event.deal_id))
    assert [(one.name, one.buyer) for one in family.people] == [("张三", True), ("李四", True), ("张小明", False)]
    assert [(tie.one, tie.other, tie.proven) for tie in family.ties] == [(1, 0, True), (2, 0, True), (2, 1, False)]
    assert clock.now()


def test_the_drawing_says_in_words_what_it_shows(app) -> None:
    family = Family(
        (Person("张三", "+8613900001111", True), Person("李四", None, True), Person("很长很长很长的名字", None, False)),
        (Tie(1, 0, "spouse", True, "结婚证"), Tie(2, 0, "child", False, None)),
    )
    with app.test_request_context():
        picture = drawn(family)
        module = app.jinja_env.get_template("site/relations/_graph.html").module
        html = str(module.family_graph(family))
    assert len(picture.boxes) == 3 and [line.proven for line in picture.lines] == [True, False]
    assert "张三" in picture.says and "没有证明" in picture.says
    assert problems(html, fragment=True) == []
    assert re.search(r'class="tie unproven"', html) and 'role="img"' in html and "13900001111" not in html
