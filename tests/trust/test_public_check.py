"""The page behind a document's QR code: genuine or not, nothing personal, the same shape either way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.models import Document, db
from portal.services.document_values import check_address
from portal.transaction import transaction
from tests.clashes import clashed
from tests.fixtures import Stage
from worker.jobs.documents import print_document


@pytest.fixture
def printed(app: Flask, stage: Stage) -> dict[str, str]:
    """A printed filing slip: code, reference, hash and what is personal about it."""
    with app.app_context():
        with transaction():
            registration = stage.file("ana", stage.customer(name="欧阳璟琪", phone="+8613812345678"))
        document = db.session.scalars(select(Document)).one()
        print_document(document.id)
        db.session.refresh(document)
        return {
            "code": document.check_code,
            "reference": document.reference,
            "sha256": str(document.sha256),
            "address": check_address(document),
            "name": registration.customer_name,
        }


def shape(page: str) -> list[str]:
    """The tags of a page in their order."""
    return re.findall(r"<(\w+)", page)


def test_a_genuine_document_is_confirmed(browse: Callable[..., FlaskClient], printed: dict[str, str]) -> None:
    answer = browse().get(f"/check/{printed['code']}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert all(fact in page for fact in ("报备单", printed["reference"], printed["sha256"]))


def test_the_code_on_paper_leads_there(browse: Callable[..., FlaskClient], printed: dict[str, str]) -> None:
    assert printed["address"] == f"http://localhost/check/{printed['code']}"


def without_digests(page: str) -> str:
    """The page as it speaks to people: of all digests of the world, some have any four digits in a row."""
    return re.sub(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{4}( [0-9a-f]{4}){7}\b", "", page)


def test_nothing_personal_is_shown(browse: Callable[..., FlaskClient], printed: dict[str, str]) -> None:
    whole = browse().get(f"/check/{printed['code']}").get_data(as_text=True)
    page = without_digests(whole)
    assert len(whole) - len(page) == 64 + 39, "the digest of the file and the short one of its facts"
    for personal in (printed["name"], "欧阳", "5678", "安娜", "甲渠道", "云栖"):
        assert personal not in page


@pytest.mark.parametrize("code", ["A" * 22, "x", "%00", "A" * 500, "<script>"])
def test_an_unknown_code_gets_the_same_page_without_facts(
    browse: Callable[..., FlaskClient], printed: dict[str, str], code: str
) -> None:
    genuine = browse().get(f"/check/{printed['code']}").get_data(as_text=True)
    answer = browse().get(f"/check/{code}")
    assert answer.status_code == 404
    assert shape(answer.get_data(as_text=True)) == shape(genuine)
    assert "系统没有出具过这份单据" in answer.get_data(as_text=True)


def test_codes_cannot_be_guessed(app: Flask, stage: Stage) -> None:
    with app.app_context():
        with transaction():
            for _ in range(5):
                stage.file()
        codes = db.session.scalars(select(Document.check_code)).all()
    assert len(set(codes)) == 5 and all(re.fullmatch(r"[A-Za-z0-9_-]{22}", code) for code in codes)


def test_a_clause_is_shown_in_both_languages(browse: Callable[..., FlaskClient], people) -> None:  # type: ignore[no-untyped-def]
    page = browse().get("/clauses/RE-2.8").get_data(as_text=True)
    assert "RE-2.8" in page and 'lang="en"' in page
    assert browse().get("/clauses/RE-99").status_code == 404


def test_all_clauses_are_listed(browse: Callable[..., FlaskClient], people) -> None:  # type: ignore[no-untyped-def]
    page = browse().get("/clauses/").get_data(as_text=True)
    assert all(f">{clause}<" in page for clause in ("RE-2.8", "RE-Q30", "RE-F1", "GD-13"))


def test_rulings_are_confirmed_without_telling_more(
    app: Flask, stage: Stage, browse: Callable[..., FlaskClient], printed: dict[str, str]
) -> None:
    with app.app_context():
        clash, _, ruling = clashed(stage)
        db.session.commit()
        papers = db.session.scalars(select(Document).where(Document.kind.startswith("ruling"))).all()
        told = [(paper.kind, paper.check_code, paper.reference) for paper in papers]
        inside = [ruling.digest[:16], *(row.reference for row in clash.filed.values())]
    genuine = shape(browse().get(f"/check/{printed['code']}").get_data(as_text=True))
    for kind, code, reference in told:
        page = browse().get(f"/check/{code}").get_data(as_text=True)
        assert {"ruling": "归属裁定书", "ruling_extract": "归属裁定摘录"}[kind] in page and reference in page
        assert shape(page) == genuine
        for secret in (*inside, "林书航", "渠道", "3391", "3397", "1702", "RE-8"):
            assert secret not in without_digests(page)
