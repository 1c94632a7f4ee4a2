"""Imports: every row answered, none twice, none stopped by another, gone on with after a death in the middle."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Sequence
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select, text

from portal import importing
from portal.models import Deal, DealEvent, HistoryEntry, ImportBatch, ImportRow, Notice, db
from portal.queries import imports
from portal.services import deal_imports, sheet_files
from portal.services.unacceptable import Unacceptable
from portal.transaction import transaction
from portal.wording.imports import answers_file, harmless
from tests.fixtures import People

HEAD = ("成交编号", "步骤", "时间", "房号", "金额", "购房人", "手机号", "证件号")
GOOD = ("XS-1", "认筹", "2026-04-01 10:00", "3-1201", "50,000", "张三", "13900001111", "")


def table(*rows: Sequence[str], head: Sequence[str] = HEAD) -> str:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in (head, *rows))


def workbook(*rows: Sequence[object]) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def accept(people: People, content: bytes | str, key: str | None = None) -> ImportBatch:
    raw = content.encode() if isinstance(content, str) else content
    with transaction():
        return deal_imports.accept_file(
            actor=people.get("cai"),
            project=people.project(),
            content=raw,
            name="成交.csv",
            submission_key=key or str(uuid4()),
        )


def run(people: People, content: bytes | str) -> list[tuple[str, str | None, str | None]]:
    """The answers of a file: state, problem, clause."""
    batch = accept(people, content)
    importing.run(batch.id)
    rows = db.session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.number)).all()
    return [(row.state, row.problem, row.clause) for row in rows]


IMPORTED = ("imported", None, None)


@pytest.mark.parametrize(
    "content",
    [
        table(GOOD).encode(),
        b"\xef\xbb\xbf" + table(GOOD).encode(),
        table(GOOD).encode("gb18030"),
        table(GOOD).replace('","', "\t").replace('"', "").encode(),
        workbook(GOOD),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "tabs", "xlsx"],
)
def test_a_file_in_any_of_the_forms_is_read(session, people: People, content: bytes) -> None:
    assert run(people, content) == [IMPORTED]
    event = session.scalars(select(DealEvent)).one()
    assert (event.kind, event.unit, event.source, str(event.amount)) == ("deposit", "3-1201", "import", "50000.00")
    assert event.buyers[0].phone == "+8613900001111"
    assert session.scalars(select(Deal)).one().source_number == "XS-1"


def test_dates_and_numbers_of_a_workbook_are_read_as_they_look(session, people: People) -> None:
    from datetime import datetime

    row = ("XS-1", "认筹", datetime(2026, 4, 1, 10, 0), "3-1201", 50000.5, "张三", 13900001111, None)
    assert run(people, workbook(row)) == [IMPORTED]
    event = session.scalars(select(DealEvent)).one()
    assert (event.happened_at.isoformat(), str(event.amount)) == ("2026-04-01T02:00:00+00:00", "50000.50")


def test_rows_of_one_number_are_one_deal_and_a_file_sent_again_changes_nothing(session, people: People) -> None:
    signing = ("XS-1", "签约", "2026-04-05", "3-1201", "3280000", "张三、李四", "13900001111、13900002222", "")
    content = table(GOOD, signing)
    assert run(people, content) == [IMPORTED, IMPORTED]
    assert run(people, content) == [("present", None, None)] * 2
    assert len(session.scalars(select(Deal)).all()) == 1 and len(session.scalars(select(DealEvent)).all()) == 2


def test_a_row_that_differs_from_what_is_recorded_says_so_and_changes_nothing(session, people: People) -> None:
    run(people, table(GOOD))
    other = (*GOOD[:4], "60,000", *GOOD[5:])
    assert run(people, table(other)) == [("present", "present_differs", None)]
    assert str(session.scalars(select(DealEvent)).one().amount) == "50000.00"


def test_a_broken_row_stops_no_other_and_leaves_nothing(session, people: People) -> None:
    rows = [
        GOOD,
        ("XS-2", "退房", *GOOD[2:]),
        ("XS-3", "网签", *GOOD[2:]),
        ("XS-4", "认筹", "2099-01-01", *GOOD[3:]),
        ("", *GOOD[1:]),
        ("XS-1", "认筹", *GOOD[2:]),
        ("XS-1", "签约", "2026-03-01", *GOOD[3:]),
        ("XS-5", "认筹", *GOOD[2:6], "13900005555", ""),
    ]
    assert run(people, table(*rows)) == [
        IMPORTED,
        ("refused", "event_unknown", None),
        ("refused", "online_signing_without_signing", "RE-6.2"),
        ("refused", "deal_event_in_the_future", "RE-8.1"),
        ("refused", "cell_empty", None),
        ("present", None, None),
        ("refused", "deal_event_out_of_order", "RE-8.1"),
        IMPORTED,
    ]
    assert {deal.source_number for deal in session.scalars(select(Deal))} == {"XS-1", "XS-5"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "sheet_empty"),
        (b" \n ", "sheet_empty"),
        (table().encode(), "sheet_empty"),
        (table(GOOD, head=("编号", *HEAD[1:])).encode(), "sheet_columns"),
        (b"\xff\xfe\x00\x01", "sheet_kind"),
        (b"\x81\x20\xff\xff" * 5, "sheet_encoding"),
        (b"PK\x03\x04 not a workbook", "sheet_kind"),
        (b"x" * (5 * 1024 * 1024 + 1), "sheet_too_large"),
        (("a,b\n" + "1,2\n" * 5001).encode(), "sheet_rows"),
        (b'"never closed\n1,2', "sheet_kind"),
    ],
)
def test_what_is_no_table_is_refused_in_words(session, people: People, content: bytes, reason: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        accept(people, content)
    assert refused.value.reason == reason
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_workbook_that_unpacks_into_too_much_is_refused(session, people: People) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (81 * 1024 * 1024))
    with pytest.raises(Unacceptable) as refused:
        accept(people, written.getvalue())
    assert refused.value.reason == "sheet_too_large"


def test_a_workbook_of_a_million_empty_tags_is_refused_unread(session, people: People) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"<si/>" * 1_000_000)
    with pytest.raises(Unacceptable) as refused:
        accept(people, written.getvalue())
    assert refused.value.reason == "sheet_too_large"


def test_the_largest_workbook_is_read() -> None:
    assert len(sheet_files.read(workbook(*[GOOD] * 4_999))) == 5_000


@pytest.mark.parametrize("place", range(1, 12))
def test_a_damaged_workbook_is_refused_in_words(session, people: People, place: int) -> None:
    content = bytearray(workbook(GOOD))
    start = content.index(b"xl/worksheets/sheet1.xml") + 24 + 12 * place
    content[start : start + 4] = b"\xff\x00\xff\x00"
    with pytest.raises(Unacceptable) as refused:
        accept(people, bytes(content))
    assert refused.value.reason == "sheet_kind"


def test_a_locked_workbook_is_refused_in_words(session, people: People) -> None:
    content = bytearray(workbook(GOOD))
    place = content.index(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    with pytest.raises(Unacceptable) as refused:
        accept(people, bytes(content))
    assert refused.value.reason == "sheet_kind"


def test_a_form_sent_twice_is_one_import(session, people: People) -> None:
    key = str(uuid4())
    assert accept(people, table(GOOD), key).id == accept(people, table(GOOD), key).id


def test_the_rows_are_sealed(session, people: People) -> None:
    accept(people, table(GOOD))
    raw = bytes(session.scalar(text("SELECT cells FROM import_rows")))
    assert "张三".encode() not in raw and b"13900001111" not in raw


def test_a_death_in_the_middle_loses_and_doubles_nothing(session, people: People, monkeypatch) -> None:
    rows = [(f"XS-{number}", *GOOD[1:6], f"139000011{number:02}", "") for number in range(6)]
    batch = accept(people, table(*rows))
    answered = deal_imports.answer_row
    done: list[int] = []

    def dies_at_the_third(row_id: int) -> None:
        answered(row_id)
        done.append(row_id)
        if len(done) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(deal_imports, "answer_row", dies_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            importing.run(batch.id)
    assert len(session.scalars(select(Deal)).all()) == 2, "the third row was not committed"
    importing.run(batch.id)
    assert len(session.scalars(select(Deal)).all()) == 6
    assert imports.progress_of(batch).imported == 6


def test_a_row_on_which_we_fail_is_answered_and_the_next_one_comes(session, people: People, monkeypatch) -> None:
    batch = accept(people, table(GOOD, ("XS-2", *GOOD[1:6], "13900002222", "")))
    answered, failed = deal_imports.answer_row, []

    def fails_once(row_id: int) -> None:
        if not failed:
            failed.append(row_id)
            raise ZeroDivisionError
        answered(row_id)

    monkeypatch.setattr(deal_imports, "answer_row", fails_once)
    importing.run(batch.id)
    states = session.execute(select(ImportRow.state, ImportRow.problem).order_by(ImportRow.number)).all()
    assert [tuple(one) for one in states] == [("refused", "row_failed"), ("imported", None)]


def test_two_files_with_the_same_new_deals_at_the_same_moment_make_each_once(app, session, people: People) -> None:
    rows = table(*((f"XS-{number}", *GOOD[1:6], f"139000011{number:02}", "") for number in range(8)))
    batches = [accept(people, rows).id, accept(people, rows).id]
    start = threading.Barrier(2)

    def work(batch_id: int) -> None:
        with app.app_context():
            start.wait()
            importing.run(batch_id)

    threads = [threading.Thread(target=work, args=(batch_id,)) for batch_id in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = session.scalars(select(ImportRow.state)).all()
    assert (states.count("imported"), states.count("present")) == (8, 8)
    assert len(session.scalars(select(Deal)).all()) == len(session.scalars(select(DealEvent)).all()) == 8


def test_who_sent_the_file_is_told_once_when_it_is_finished(session, people: People) -> None:
    batch = accept(people, table(GOOD))
    for _ in range(2):
        importing.run(batch.id)
    notice = session.scalars(select(Notice).where(Notice.kind == "deal.import_finished")).one()
    assert notice.user_id == people.users["cai"]
    assert notice.facts == {"reference": batch.reference, "imported": 1, "present": 0, "refused": 0}
    verbs = session.scalars(select(HistoryEntry.verb).where(HistoryEntry.subject_type == "import_batches")).all()
    assert sorted(verbs) == ["deal.import_begun", "deal.import_finished"]


def test_an_unfinished_import_is_taken_up_again(session, people: People) -> None:
    from datetime import timedelta

    batch = accept(people, table(GOOD))
    assert deal_imports.unfinished(now=batch.created_at) == []
    assert deal_imports.unfinished(now=batch.created_at + timedelta(minutes=3)) == [batch.id]
    importing.run(batch.id)
    assert deal_imports.unfinished(now=batch.created_at + timedelta(minutes=3)) == []


def test_the_answers_run_nothing_in_a_spreadsheet(session, people: People, app) -> None:
    bad = ("=cmd|' /C calc'!A0", *GOOD[1:])
    batch = accept(people, table(bad, ("@SUM(1)", "退房", *GOOD[2:])))
    importing.run(batch.id)
    with app.test_request_context():
        content = answers_file(imports.answers_of(batch, most=None)).decode("utf-8-sig")
    assert "'=cmd" in content and "'@SUM" in content and "\n=" not in content and ",=" not in content
    assert "13900001111" not in content and "张三" not in content


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "\ra", " =1", "＝1"])
def test_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    assert harmless("XS-1") == "XS-1"
