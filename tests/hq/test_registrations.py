"""Headquarters and the auditor read every registration, with ranks; nobody else does, and nothing can be changed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import HistoryEntry, db
from tests.fixtures import People, Stage, search
from tests.hq.conftest import visited
from tests.pages import assert_page, text_of
from tests.send import send

Browse = Callable[..., FlaskClient]
Filed = Callable[..., str]


@pytest.fixture
def filed(app: Flask, stage: Stage) -> Filed:
    """``filed("ana", name="张三")`` is the number of a new filing; ``again`` files the same customer for another."""
    customers = {}

    def file(who: str = "ana", again: str = "", days: int = 0, **customer: str) -> str:
        with app.app_context(), clock.set_to(clock.now() - timedelta(days=days)):
            found = customers[again] if again else stage.customer(**customer)
            reference = stage.file(who, found).reference
            db.session.commit()
            customers[reference] = found
            return reference

    return file


def numbers_in(html: str) -> list[str]:
    return re.findall(r'class="plain cover" href="/hq/registrations/([A-Z0-9-]+)"', html)


@pytest.mark.parametrize("who", ["hua", "aud"])
def test_all_are_listed_and_opened_whoever_filed_them(browse: Browse, filed: Filed, who: str) -> None:
    references = [filed("ana"), filed("ben")]
    client = browse(who)
    assert sorted(numbers_in(assert_page(client.get("/hq/registrations")))) == sorted(references)
    for reference in references:
        assert reference in assert_page(client.get(f"/hq/registrations/{reference}"))


def test_ranks_stand_in_the_list_and_beside_each_rival(browse: Browse, filed: Filed) -> None:
    first = filed("ana", name="独苗")
    second = filed("ben", again=first)
    alone = filed("ben")
    hua = browse("hua")
    text = text_of(assert_page(hua.get("/hq/registrations")))
    assert "第 1，共 2 份" in text and "第 2，共 2 份" in text and "只此一份" in text
    detail = assert_page(hua.get(f"/hq/registrations/{second}"))
    assert "进行中的各家报备" in detail and first in detail
    assert "进行中的各家报备" not in hua.get(f"/hq/registrations/{alone}").text


def test_it_is_found_by_number_name_pinyin_and_last_four(browse: Browse, filed: Filed) -> None:
    wanted = filed("ana", name="欧阳修", phone="+8613911117777")
    filed("ben", name="王安石")
    hua = browse("hua")
    for words in (wanted, "欧阳修", "ouyangxiu", "oyx", "7777"):
        assert numbers_in(search(hua, "/hq/registrations", words).text) == [wanted]
    assert "没有找到“苏轼”" in assert_page(search(hua, "/hq/registrations", "苏轼"))


def test_state_project_and_distributor_narrow_the_list(browse: Browse, filed: Filed, app: Flask, stage: Stage) -> None:
    held, rival = filed("ana"), filed("ben")
    expired = filed("ana", days=20)
    with app.app_context():
        live = visited(stage, days=3).reference
    hua = browse("hua")

    def shown(query: str) -> list[str]:
        return sorted(numbers_in(assert_page(hua.get(f"/hq/registrations?{query}"))))

    assert shown("state=expired") == [expired]
    assert shown("state=live") == [live]
    assert shown("state=held") == sorted([held, rival])
    assert shown("distributor=D-0002") == [rival]
    assert "只看乙渠道的报备" in text_of(hua.get("/hq/registrations?distributor=D-0002").text)
    assert "只看" not in text_of(hua.get("/hq/registrations").text)
    assert shown("project=JP") == []
    assert hua.get("/hq/registrations?state=nonsense").status_code == 404


def test_pages_are_walked_by_key_both_ways(browse: Browse, filed: Filed) -> None:
    references = {filed("ana") for _ in range(23)}
    hua = browse("hua")
    first = hua.get("/hq/registrations").text
    after = re.search(r'rel="next" href="([^"]+)"', first)
    assert after
    second = assert_page(hua.get(after[1].replace("&amp;", "&")))
    assert set(numbers_in(first)) | set(numbers_in(second)) == references
    assert len(numbers_in(first)) == 20 and len(numbers_in(second)) == 3
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert back and numbers_in(hua.get(back[1].replace("&amp;", "&")).text) == numbers_in(first)
    assert hua.get("/hq/registrations?after=YQ-0000-000000").status_code == 404


def test_the_whole_number_is_shown_for_a_reason_and_recorded(browse: Browse, filed: Filed, app: Flask) -> None:
    reference, hua = filed("ana", phone="+8613912345678"), browse("hua")
    assert "12345678" not in hua.get(f"/hq/registrations/{reference}").text
    asked = assert_page(send(hua, f"/hq/registrations/{reference}/reveal"), 422)
    assert "12345678" not in text_of(asked).replace(" ", "")
    shown = assert_page(send(hua, f"/hq/registrations/{reference}/reveal", reason="complaint"))
    assert "13912345678" in text_of(shown).replace(" ", "")
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="registration.revealed").count() == 1


def test_the_auditor_reads_but_reveals_nothing(browse: Browse, filed: Filed) -> None:
    reference, aud = filed("ana"), browse("aud")
    assert "/reveal" not in aud.get(f"/hq/registrations/{reference}").text
    assert send(aud, f"/hq/registrations/{reference}/reveal", reason="audit").status_code == 403


@pytest.mark.parametrize("who", ["ana", "ben", "olga", "rui", "bo", "cai", "lin", "ada", "fin", "kit", "sid"])
def test_nobody_else_gets_in(browse: Browse, filed: Filed, who: str) -> None:
    reference, client = filed("ana"), browse(who)
    for address in ("", f"/{reference}", f"/{reference}/filing_slip.pdf"):
        assert client.get(f"/hq/registrations{address}").status_code == 403
    assert send(client, f"/hq/registrations/{reference}/reveal", reason="audit").status_code == 403
    assert client.get("/hq/overview").status_code == 403


def test_what_is_not_there_is_not_found(browse: Browse, people: People, filed: Filed) -> None:
    hua, reference = browse("hua"), filed("ana")
    assert hua.get("/hq/registrations/YQ-0000-000000").status_code == 404
    assert hua.get(f"/hq/registrations/{reference}/filing_slip.pdf").status_code == 404
    assert hua.get(f"/hq/registrations/{reference}/visit_slip.pdf").status_code == 404
    assert hua.get(f"/hq/registrations/{reference}/contract.pdf").status_code == 404


@pytest.mark.parametrize("words", ["<b>", "' OR 1=1", "👍", "%", "\\", "长" * 500, "%00"])
def test_odd_words_find_nothing_and_break_nothing(browse: Browse, people: People, words: str) -> None:
    html = assert_page(search(browse("hua"), "/hq/registrations", words))
    assert "<b>”" not in html
