"""The papers of an ending: what they say, and that they say the same whenever they are printed."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Document, Exit, ExitSignature, db
from portal.queries.documents import confirmed, content_of
from portal.rules.refusal import Refusal
from portal.services import breaches, exit_duties, exits, printing
from portal.services.breaches import Report
from tests.fixtures import STROKES, People, Stage

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
END = datetime(2026, 3, 31, 16, tzinfo=UTC)


def printed(kind: str) -> Document:
    document = db.session.scalars(select(Document).where(Document.kind == kind)).one()
    assert printing.begin(document_id=document.id, now=clock.now())
    printing.print_now(document_id=document.id, now=clock.now())
    db.session.refresh(document)
    return document


def text_of(document: Document) -> str:
    command = ("pdftotext", "-layout", "-", "-")
    done = subprocess.run(command, input=content_of(document), capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def settled(session: Any, people: People, stage: Stage) -> Exit:
    """Left with one customer running, one given up, one fine unpaid; settled up and signed by Olga on the glass."""
    hua, olga = people.get("hua"), people.get("olga")
    with clock.set_to(START):
        asked = exits.ask_exit(actor=olga, reason="转做其他业务，电话 13912345678", last_day=date(2026, 3, 31))
        _fine(people)
        exits.decide_exit(actor=hua, ending=asked, approved=True, reason="手续齐全")
    with clock.set_to(END - timedelta(hours=5)):
        given, _kept = stage.file("ana"), stage.file("ana")
        exit_duties.hand_over(actor=hua, ending=asked, choice="release", references=[given.reference])
        exit_duties.sign_release(actor=olga, ending=asked, strokes=dict(STROKES), image=b"")
    with clock.set_to(END + timedelta(seconds=2)):
        exits.take_effect(ending=asked)
        exit_duties.tick_duty(actor=hua, ending=asked, kind="papers", done=False, note="没有领过物料")
        exit_duties.settle_up(actor=hua, ending=asked)
        exit_duties.sign_settlement(actor=olga, ending=asked, strokes=dict(STROKES), image=b"")
    return asked


def _fine(people: People) -> None:
    project, hua = people.project(), people.get("hua")
    report = Report(kind="interception", summary="在路口拦下客户", distributor=people.distributor())
    found = breaches.report_breach(actor=people.get("kit"), project=project, report=report)
    breaches.decide_breach(actor=hua, finding=found, project=project, confirmed=True, reason="照片与笔录一致")


def test_the_consent_says_until_when_and_on_whose_word(settled: Exit) -> None:
    text = text_of(printed("exit_approval"))
    assert "同意退出：合作至 2026-03-31 23:59:59" in text and "DM-12.6" in text
    assert "手续齐全" in text and "华敏" in text and "甲渠道" in text
    assert "13912345678" not in text and "139****5678" in text


def test_the_settlement_lists_what_the_portal_knows(settled: Exit) -> None:
    document = printed("settlement")
    text = text_of(document)
    assert document.reference == f"{settled.reference}-JS"
    bare = text.replace(" ", "")
    assert "走到期满1份客户" in bare and "签字移交1份客户" in bare
    assert "¥50,000.00" in text and "人民币伍万元整" in text
    assert "没有领过物料" in text and "免除" in text
    assert "不是可靠电子签名" in text
    signed = db.session.scalars(select(ExitSignature).where(ExitSignature.paper == "settlement")).one()
    assert signed.digest[:16] in text


def test_a_settlement_printed_again_says_what_was_signed(settled: Exit, people: People, stage: Stage) -> None:
    before = printed("settlement").fact_digest
    with clock.set_to(END + timedelta(days=3)):
        exit_duties.tick_duty(
            actor=people.get("hua"), ending=settled, kind="commission", done=True, note="付清了后面的"
        )
    document = db.session.scalars(select(Document).where(Document.kind == "settlement")).one()
    document.state, document.content, document.sha256, document.ready_at = "waiting", None, None, None
    db.session.flush()
    assert printed("settlement").fact_digest == before


def test_a_paper_of_the_group_is_confirmed_in_public(settled: Exit) -> None:
    document = printed("exit_approval")
    found = confirmed(document.check_code)
    assert found is not None and (found.kind, found.zone) == ("exit_approval", "Asia/Shanghai")


def test_the_letter_of_a_termination_names_the_rule_and_both_persons(
    session: Any, people: People, stage: Stage
) -> None:
    hua, ada = people.get("hua"), people.get("ada")
    with clock.set_to(END):
        proposed = exits.propose_termination(
            actor=hua, distributor=people.distributor(), clause="DM-12.2", reason="私刻公章"
        )
        exits.decide_termination(actor=ada, ending=proposed, approved=True, reason="查证属实")
        text = text_of(printed("termination_letter"))
    assert "合作自 2026-04-01 00:00:00 起终止" in text and "严重违反合同的，立即停止合作" in text
    assert "华敏" in text and "阿达" in text and "私刻公章" in text


def test_an_unpaid_fine_keeps_the_file_open(settled: Exit, people: People) -> None:
    with clock.set_to(END + timedelta(days=60)), pytest.raises(Refusal) as refused:
        for kind in ("commission", "confidentiality"):
            exit_duties.tick_duty(actor=people.get("hua"), ending=settled, kind=kind, done=True, note="")
        exit_duties.close(actor=people.get("hua"), ending=settled)
    assert (refused.value.reason, refused.value.facts["number"]) == ("exit_duties_open", 1)
