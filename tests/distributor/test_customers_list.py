"""The list of customers: one's own, soonest end first, found by every part of a name, paged by key both ways."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal import clock
from portal.models import db
from portal.queries import registration_lists as lists
from portal.queries.registration_counts import count_states
from portal.queries.registration_lists import PAGE, Wanted
from tests.distributor.conftest import reference_in, send, words_of
from tests.fixtures import search
from tests.plenty import fill

LIST = "/distributor/customers"


def names_in(answer) -> list[str]:
    return re.findall(r'<a class="plain cover"[^>]*><b>([^<]+)</b>', answer.get_data(as_text=True))


@pytest.fixture
def ten(app, stage):
    """Ana's customers in every state, as of now."""
    with app.app_context():
        now = clock.now()

        def file(name: str, days: float, **customer):
            with clock.set_to(now + timedelta(days=days)):
                return stage.file(customer=stage.customer(name=name, **customer))

        file("李思远", -6, phone="+8618600000052")
        file("黄维", -1)
        file("吴昊", -20)
        visited = file("赵铭", -10, company="上海远帆贸易有限公司")
        with clock.set_to(now - timedelta(days=9)):
            stage.sign(stage.arrive(visited))
        with clock.set_to(now - timedelta(minutes=10)):
            late = stage.file(customer=stage.customer(name="孙丽"))
        with clock.set_to(now):
            stage.arrive(late)
        stage.file(who="abe", customer=stage.customer(name="安贝的客户"))
        stage.file(who="ben", customer=stage.customer(name="对手的客户"))
        db.session.commit()


def test_the_soonest_end_stands_first_and_the_ended_last(browse, ten) -> None:
    assert names_in(browse("ana").get(LIST)) == ["李思远", "黄维", "上海远帆贸易有限公司", "孙丽", "吴昊"]


def test_an_owner_sees_the_company_and_chooses_a_broker(browse, ten) -> None:
    olga = browse("olga")
    assert "安贝的客户" in names_in(olga.get(LIST)) and "对手的客户" not in names_in(olga.get(LIST))
    assert names_in(olga.get(f"{LIST}?broker=abe")) == ["安贝的客户"]
    assert "对手的客户" not in names_in(olga.get(f"{LIST}?broker=ben"))


def test_a_broker_cannot_choose_a_colleague(browse, ten) -> None:
    assert "安贝的客户" not in names_in(browse("ana").get(f"{LIST}?broker=abe"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("李思远", ["李思远"]),
        ("思远", ["李思远"]),
        ("lsy", ["李思远"]),
        ("LiSiYuan", ["李思远"]),
        ("siyuan", ["李思远"]),
        ("0052", ["李思远"]),
        ("远帆", ["上海远帆贸易有限公司"]),
        ("zhaoming", ["上海远帆贸易有限公司"]),
        ("zzz", []),
        ("对手的客户", []),
        ("%", []),
        ("<script>", []),
        ("😀", []),
        ("'; DROP TABLE registrations; --", []),
    ],
)
def test_a_customer_is_found_by(browse, ten, typed: str, found: list[str]) -> None:
    answer = search(browse("ana"), LIST, typed)
    assert answer.status_code == 200
    assert names_in(answer) == found


def test_a_customer_is_found_by_number(browse, ten) -> None:
    ana = browse("ana")
    reference = reference_in(send(ana, name="编号客户"))
    assert names_in(search(ana, LIST, reference.lower())) == ["编号客户"]
    assert names_in(search(browse("ben"), LIST, reference)) == []


def test_a_search_without_result_repeats_what_was_searched(browse, ten) -> None:
    assert "没有找到“7716”" in words_of(search(browse("ana"), LIST, "7716"))


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("soon", ["李思远"]),
        ("held", ["李思远", "黄维"]),
        ("live", ["上海远帆贸易有限公司"]),
        ("asked", []),
        ("frozen", []),
        ("expired", ["吴昊"]),
        ("refused", ["孙丽"]),
    ],
)
def test_the_pills_narrow_and_count(app, browse, people, ten, state: str, found: list[str]) -> None:
    assert names_in(browse("ana").get(f"{LIST}?state={state}")) == found
    with app.app_context():
        assert count_states(people.get("ana"), Wanted(), clock.now())[state].number == len(found)


@pytest.mark.parametrize("query", ["state=none", "after=YQ-2604-4F7K2M", "before=x", "after=%00"])
def test_a_strange_address_is_a_404(browse, ten, query: str) -> None:
    assert browse("ana").get(f"{LIST}?{query}").status_code == 404


def test_a_rivals_number_opens_no_page_of_the_list(browse, ten) -> None:
    reference = reference_in(send(browse("ben")))
    assert browse("ana").get(f"{LIST}?after={reference}").status_code == 404


def test_every_customer_is_met_once_forwards_and_backwards(app, browse, stage) -> None:
    with app.app_context():
        now = clock.now()
        for number in range(2 * PAGE + 7):
            with clock.set_to(now - timedelta(days=number % 11)):
                stage.file(customer=stage.customer(name=f"客户{'甲乙丙丁戊己庚辛壬癸'[number % 10]}"))
        db.session.commit()
    ana = browse("ana")
    forwards, address = [], LIST
    while address:
        page = ana.get(address).get_data(as_text=True)
        forwards.append(re.findall(r'class="plain cover" href="([^"]+)"', page))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        last, address = address, found[1].replace("&amp;", "&") if found else None
    met = [row for rows in forwards for row in rows]
    assert len(met) == len(set(met)) == 2 * PAGE + 7
    back = re.search(r'rel="prev" href="([^"]+)"', ana.get(last).get_data(as_text=True))
    page = ana.get(back[1].replace("&amp;", "&")).get_data(as_text=True)
    assert re.findall(r'class="plain cover" href="([^"]+)"', page) == forwards[-2]


@pytest.mark.parametrize("name", ["rui", "bo", "hua", "ada", "aud"])
def test_nobody_else_opens_the_list(browse, name: str) -> None:
    assert browse(name).get(LIST).status_code == 403


def test_nobody_signed_in_is_asked_to(browse) -> None:
    assert "/sign-in" in browse().get(LIST).headers["Location"]


def test_the_plans_walk_indexes(app, people, stage, owner_connection) -> None:
    """With many rows the pages are index walks and the search uses the tokens; nothing reads the whole table."""
    with app.app_context():
        stage.file()
        db.session.commit()
        ago = "(n - 25000) * interval '1 minute'"
        people_in_turn = "(SELECT id FROM users ORDER BY id LIMIT 1 OFFSET n % 10)"
        ends = {"hold_ends_at": f"hold_ends_at + {ago}", "filed_at": f"filed_at + {ago}"}
        fill(owner_connection, 30_000, ends | {"broker_id": people_in_turn, "search_tokens": "ARRAY[n, n + 1]"})
        now = clock.now()
        ana = people.get("ana")
        running, ended = lists.stretches("all", now)
        pages = [_plan(lists.statement(ana, Wanted(), part, None)) for part in (running, ended)]
        search = _plan(lists.statement(ana, Wanted(words="0052"), running, None))
    for plan in pages:
        assert "ix_registrations_" in plan and "Seq Scan on registrations" not in plan, plan
        assert "Sort Key" not in plan, plan
    assert "Seq Scan on registrations" not in search
    assert "ix_registrations_search" in search or "ix_registrations_of_broker" in search


def _plan(statement) -> str:
    query = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(row[0] for row in db.session.execute(text(f"EXPLAIN {query}".replace(":", r"\:"))))
