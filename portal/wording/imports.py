"""The words of imports: columns, answers, why a row was not taken; and the answers as a table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import openpyxl
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from openpyxl.utils import get_column_letter

from portal.models import ImportRow
from portal.queries.imports import Answer
from portal.rules.deal_rows import COLUMNS, EVENTS, NEEDED
from portal.wording.refusals import REASONS

STATES: dict[str, LazyString] = {
    "waiting": _l("等待"),
    "imported": _l("新登记"),
    "present": _l("已有"),
    "refused": _l("未收"),
}
LOOKS = {"waiting": "queued", "imported": "done", "present": "issued", "refused": "failed"}
"""Row state -> state of the status chip."""
PROBLEMS: dict[str, LazyString] = {
    "cell_empty": _l("这一格不能空。"),
    "cell_too_long": _l("这一格太长。"),
    "cell_unreadable": _l("这一格有看不见的字符。"),
    "event_unknown": _l("步骤只有认筹、认购、签约、网签。"),
    "time_unreadable": _l("时间读不懂，请写成 2026-04-07 16:00 或 2026-04-07。"),
    "amount_unreadable": _l("金额读不懂，请写数字，最多两位小数，单位元。"),
    "phone_unreadable": _l("手机号读不懂或不完整。"),
    "id_number_unsound": _l("身份证号的出生日期或校验位不对；Excel 里请把这一列设为文本。"),
    "id_number_unreadable": _l("证件号只有字母和数字，5 到 20 位。"),
    "company_code_unsound": _l("统一社会信用代码校验不通过。"),
    "company_needed": _l("有统一社会信用代码时须写公司全称。"),
    "buyer_without_number": _l("购房人须有完整的手机号、证件号或统一社会信用代码。"),
    "buyers_too_many": _l("一步成交最多 8 位购房人。"),
    "buyers_do_not_match": _l("一格里写几位购房人时，每一列的个数须相同，用顿号隔开。"),
    "present_differs": _l("这一步早已登记，内容和这一行不同；已登记的不改。"),
    "row_failed": _l("这一行没有处理成，请稍后单独再导入一次。"),
}
_COLUMN_WORDS: dict[str, LazyString] = {
    "deal": _l("成交编号"),
    "event": _l("步骤"),
    "happened_at": _l("时间"),
    "unit": _l("房号"),
    "amount": _l("金额"),
    "name": _l("购房人"),
    "phone": _l("手机号"),
    "id_number": _l("证件号"),
    "company": _l("购房公司"),
    "company_code": _l("统一社会信用代码"),
}
_HINTS: dict[str, LazyString] = {
    "deal": _l("销售系统里的编号；同一编号的各步是同一笔成交"),
    "event": _l("认筹、认购、签约、网签；同一编号的同一步只登记一次"),
    "happened_at": _l("2026-04-07 16:00；只写日期，按当天最后一刻"),
    "unit": _l("可空"),
    "amount": _l("元，可空，可带千位逗号"),
    "name": _l("几位可写在一格，用顿号隔开；或另加列 购房人2、手机号2……"),
    "phone": _l("完整号码；每位购房人至少有一个号码"),
    "id_number": _l("身份证核对校验位；护照等其他证件照写"),
    "company": _l("公司购房时写全称"),
    "company_code": _l("公司购房时写 18 位"),
}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def column_word(column: str) -> str:
    """What people call a column, with the number of the buyer when it has one."""
    stem = column.rstrip("2345678")
    return f"{_COLUMN_WORDS[stem]}{column[len(stem) :]}"


def columns_told() -> list[tuple[str, str, str, bool]]:
    """The table of columns: Chinese heading, English heading, what belongs there, needed or not."""
    return [(names[0], names[1], str(_HINTS[column]), column in NEEDED) for column, names in COLUMNS.items()]


def template_file() -> bytes:
    """The workbook to fill in: headings in the reader's language, two invented rows of one deal, every cell text."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in _template_rows():
        sheet.append(row)
    for column in range(1, len(COLUMNS) + 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 18
        # Numbers of eighteen digits lose their last ones in cells that are no text.
        for line in range(2, 202):
            sheet[f"{letter}{line}"].number_format = "@"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _template_rows() -> list[list[str]]:
    english = str(get_locale() or "").startswith("en")
    head = [names[1 if english else 0] for names in COLUMNS.values()]
    steps = [EVENTS[kind][1 if english else 0] for kind in ("deposit", "signing")]
    name = "Zhang San" if english else "张三"
    rest = ["3-1201", "50000", name, "13800000000", "", "", ""]
    return [head, *(["XS-0001", step, f"2026-04-0{day} 10:00", *rest] for day, step in enumerate(steps, start=1))]


def why(row: ImportRow) -> str:
    """Why a row was not taken, in the reader's language; nothing for one that was."""
    if row.problem is None:
        return ""
    words = PROBLEMS.get(row.problem) or REASONS[row.problem][0]
    return _("%(column)s：%(why)s", column=column_word(row.column), why=words) if row.column else str(words)


def answers_file(answers: Iterable[Answer]) -> bytes:
    """The answers as CSV for spreadsheets: UTF-8 with its mark, and no cell that one would run as a formula."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    heads = (_("行"), _("成交编号"), _("步骤"), _("结果"), _("原因"), _("条款"), _("本系统编号"))
    table.writerow(heads)
    for answer in answers:
        row = answer.row
        cells = (answer.deal, answer.event, str(STATES[row.state]), why(row), row.clause or "", answer.reference or "")
        table.writerow([row.number, *(harmless(cell) for cell in cells)])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def harmless(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) else cell
