"""Every document says all that it was told, in both languages, as archivable PDF, and the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portal.documents.digest import fact_digest, short_digest
from portal.documents.translations import translations_for
from portal.documents.values import Document, Locale, texts
from tests.documents import case_examples, examples
from tests.documents.conftest import Print, print_any

Printed = Callable[[Document], Print]
ORDINARY = (
    examples.FILING,
    examples.VISIT,
    examples.GRANTED,
    examples.REFUSED,
    examples.RULING,
    examples.EXTRACT,
    examples.WON,
    *case_examples.ORDINARY,
)
EXTREME = (
    examples.LONG_FILING,
    examples.LONG_VISIT,
    examples.LONG_GRANTED,
    examples.LONG_RULING,
    *case_examples.EXTREME,
)


def named(values: Document) -> str:
    return f"{values.kind}-{values.number}-{len(repr(values))}"


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("values", ORDINARY + EXTREME, ids=named)
def test_every_value_is_on_paper(printed: Printed, values: Document, locale: Locale) -> None:
    text = printed(replace(values, locale=locale)).text
    bare = replace(values, clauses=None) if hasattr(values, "clauses") else values  # type: ignore[call-arg]
    told = {squeezed(one) for name, one, _ in texts(bare) if one and name != "note"}
    assert {one for one in told if one not in text} == set()


def test_filing_slip_tells_times_to_the_second_and_the_clause_of_each(printed: Printed) -> None:
    text = printed(examples.FILING).text
    for row in (
        "报备时间2026-04-0710:05:22RE-2.1",
        "到访有效2026-04-0711:05:22起，以前台登记时间为准RE-2.2",
        "报备保护2026-04-0710:05:22至2026-04-1423:59:59RE-2.8",
        "未到访到期不延长，可以重新报备RE-2.9",
        "到访后保护45天，自首次到访次日起算RE-2.10",
    ):
        assert row in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "提前3小时10分6秒RE-2.2"),
        ({"lead": "late"}, "报备过晚，按自然到访登记RE-2.4"),
        ({"lead": "unfiled", "filed_at": None, "filing_number": ""}, "无有效报备，按自然到访登记RE-2.4"),
        ({"lead": "excused", "excuse": "电话已确认"}, "不足规定；案场负责人准予：电话已确认"),
        ({"protected_until": None}, "通过后起算RE-2.10"),
    ],
)
def test_visit_slip_says_how_the_filing_stood(printed: Printed, change: dict[str, object], said: str) -> None:
    assert said in printed(replace(examples.VISIT, **change)).text  # type: ignore[arg-type]


def test_the_penalty_notice_says_the_amount_twice_the_dates_and_shows_the_place(printed: Printed) -> None:
    paper = printed(case_examples.PENALTY)
    for said in (
        "违约金：¥50,000.00",
        "大写：人民币伍万元整",
        "依据RE-5.1RE-5.3第1次认定",
        "请于2026-04-1023:59:59前登录确认收到",
        "收到次日起3天内申诉；签发当日收到的，至2026-04-1023:59:59",
        "30.275350,120.156760，距售楼处211.4米RE-5.1",
        "支付期限规则没有规定期限，以双方合同的约定为准",
    ):
        assert said in paper.text, said
    assert len(paper.pages) == 2 and "附：现场位置图" in paper.pages[1] and "211.4米圆内" in paper.pages[1]
    barred = printed(replace(case_examples.PENALTY, measure="blacklist", amount=None)).text
    assert "账号已停用：请于2026-04-1023:59:59前书面确认收到" in barred and "前登录确认收到" not in barred
    far = printed(case_examples.LONG_PENALTY).text
    assert "圆外，超出图幅" in far and "人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元整" in far


def test_a_refund_is_due_within_the_policy_s_days_and_has_no_map(printed: Printed) -> None:
    paper = printed(case_examples.REFUND)
    assert (
        "办结期限收到本通知次日起3天内RE-4.8" in paper.text
        and "支付期限" not in paper.text
        and "违约金" not in paper.text
    )
    assert len(paper.pages) == 1


@pytest.mark.parametrize(
    ("values", "title", "asked", "clause"),
    [
        (case_examples.DISMISSAL, "辞退建议书", "建议立即辞退当事人", "RE-7.2"),
        (case_examples.WARNING, "严重警告通知", "抄送集团中心", "RE-7.4"),
        (case_examples.TRANSFER, "调离与重新评定请求", "重新评定其岗位胜任能力", "RE-7.5"),
    ],
)
def test_letters_about_staff_ask_what_the_clause_asks(
    printed: Printed, values: Document, title: str, asked: str, clause: str
) -> None:
    text = printed(values).text
    assert text.index(title) < text.index(asked) and clause in text


def test_the_evidence_package_lists_every_file_with_its_whole_hash_and_no_reporter(printed: Printed) -> None:
    text = printed(case_examples.PACKAGE).text
    assert case_examples.PACKAGE.evidence[0].sha256 in text and "现场照片.jpg" in text
    assert "报告不公开2026-04-0510:42:00" in text
    assert printed(case_examples.LONG_PACKAGE).text.count("现场照片.jpg") == 60


def test_natural_visit_promises_no_protection(printed: Printed) -> None:
    text = printed(replace(examples.VISIT, lead="late")).text
    assert "不产生分销商的保护期" in text
    assert "2026-05-22" not in text


def test_signatures_are_ink_paper_refusal_or_an_empty_box(printed: Printed) -> None:
    text = printed(examples.LONG_VISIT).text
    assert "拒绝签字：客户不愿在平板上签字" in text
    assert "已在纸质单上签字，原件留存" in text
    assert "签字、日期" in text
    assert printed(examples.VISIT).info("-struct").count("Figure") >= 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "同意延期：保护至2026-05-2423:59:59依据RE-2.11RE-2.12"),
        ({"decided_at": examples.at("2026-04-12 09:00:00")}, "同意追溯至原到期日，其间客户一直受保护。RE-2.11"),
        ({"new_end": None}, "不同意延期：保护仍至2026-04-0923:59:59依据RE-2.11一"),
        (
            {"new_end": None, "decided_at": examples.at("2026-04-12 09:00:00")},
            "不同意延期：保护已于2026-04-0923:59:59届满",
        ),
        ({"reason": ""}, "未另附理由"),
    ],
)
def test_approval_puts_the_result_first(printed: Printed, change: dict[str, object], said: str) -> None:
    assert said in printed(replace(examples.GRANTED, **change)).text  # type: ignore[arg-type]


def test_an_extension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after"):
        replace(examples.GRANTED, new_end=examples.GRANTED.original_end)


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_times_are_those_of_the_zone_and_the_zone_is_named(printed: Printed, values: Document) -> None:
    assert "时区Asia/Shanghai（UTC+08:00）" in printed(values).text
    abroad = printed(replace(values, zone="America/New_York")).text
    assert "America/New_York（UTC-04:00）" in abroad
    assert "2026-04-07" in abroad


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_naive_time_is_refused(values: Document) -> None:
    with pytest.raises(ValueError, match="zone"):
        print_any(replace(values, issued_at=values.issued_at.replace(tzinfo=None)))


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_english_print_has_no_chinese_word_of_ours(values: Document, printed: Printed) -> None:
    # Capital figures are Chinese in every language: it is them that count.
    told = squeezed("".join(one for _, one, _ in texts(values)) + getattr(values, "capitals", ""))
    found = printed(replace(values, locale="en")).text
    ours = [one for one in re.findall(r"[\u4e00-\u9fff]+", found) if one not in told]
    assert ours == []


def test_english_words_are_loaded_without_an_application() -> None:
    assert translations_for("en").gettext("报备单") == "Filing slip"
    assert translations_for("zh_Hans_CN").gettext("报备单") == "报备单"


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_ordinary_document_is_one_page_below_300_kilobytes(printed: Printed, values: Document, locale: Locale) -> None:
    """Apart from the page of its map; the authorities read as many as there are."""
    result = printed(replace(values, locale=locale))
    more = getattr(values, "incident", None) is not None or values.kind == "evidence_package"
    assert len(result.pictures(40)) == len(result.pages) == (2 if more else 1)
    assert len(result.bytes) < 300_000


def unpacked(pdf: bytes) -> bytes:
    """What the compressed streams hold."""
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in streams)


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_file_is_archivable_and_accessible(printed: Printed, values: Document) -> None:
    result = printed(values)
    about, meta, structure = result.info(), result.info("-meta"), result.info("-struct")
    assert re.search(r"Tagged: +yes", about)
    assert values.number in about
    assert "<pdfaid:part>3</pdfaid:part>" in meta or 'pdfaid:part="3"' in meta
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in meta or 'pdfaid:conformance="U"' in meta
    assert b"/GTS_PDFA1" in unpacked(result.bytes)
    for tag in ("H1", "H2", "Table", "TR", "TH", "TD", "Figure"):
        assert re.search(rf"^ *{tag}\b", structure, re.MULTILINE), tag


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_only_our_fonts_are_used_and_they_are_embedded(printed: Printed, values: Document) -> None:
    for line in printed(values).fonts():
        assert re.match(r"[A-Z]{6}\+(Jieding-?Sans|JiedingSans)", line), line
        assert re.search(r"yes +yes +yes", line), line


@pytest.mark.parametrize("values", ORDINARY + EXTREME, ids=named)
def test_qr_code_opens_the_verification_page(printed: Printed, values: Document) -> None:
    assert printed(values).qr_code() == values.verification_url


@pytest.mark.parametrize("values", ORDINARY, ids=named)
def test_seal_line_shows_the_digest_of_the_facts(printed: Printed, values: Document) -> None:
    seal = squeezed(short_digest(fact_digest(values)))
    assert f"事实摘要{seal}规则版本RE-2026-01" in printed(values).text
    assert f"Factdigest{seal}" in printed(replace(values, locale="en")).text


def test_two_page_document_keeps_rows_signatures_and_seal_whole(printed: Printed) -> None:
    first, second = printed(examples.LONG_GRANTED).pages
    assert "1/2" in first and "2/2" in second
    assert examples.GRANTED.number in first and examples.GRANTED.number in second
    assert squeezed(examples.LONG_GRANTED.reason) in first + second
    assert (squeezed(examples.LONG_GRANTED.reason) in first) != (squeezed(examples.LONG_GRANTED.reason) in second)
    assert second.startswith("三、决定决定同意，增加45天")
    assert second.index("决定人华静") < second.index("事实摘要")


def test_signatures_never_stand_on_a_page_without_a_word_of_the_text(printed: Printed) -> None:
    signing = next(page for page in printed(case_examples.LONG_PENALTY).pages if "四、签发" in page)
    assert "决定之前，处理照常执行。" in signing.split("四、签发")[0]


def test_every_page_of_a_list_says_what_its_columns_are(printed: Printed) -> None:
    pages = [page for page in printed(case_examples.LONG_PACKAGE).pages if "image/jpeg" in page]
    assert len(pages) > 2 and all("SHA-256" in page.split("image/jpeg")[0] for page in pages)


@pytest.mark.parametrize("values", [case_examples.PENALTY, case_examples.PACKAGE], ids=named)
def test_a_seal_has_its_room(printed: Printed, values: Document) -> None:
    """A company's seal is some four centimetres across and may reach over a line: its box is three centimetres high."""
    tops = tops_of(printed(values).path)
    assert tops["事实摘要"] - tops["盖章"] > 30 / 25.4 * 72


def tops_of(path: Path) -> dict[str, float]:
    """Where each word begins on its page, in points from the top; the last one where a word stands twice."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    page = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return {word: float(top) for top, word in re.findall(r'yMin="([\d.]+)"[^>]*>([^<]+)</word>', page)}


def test_another_process_elsewhere_prints_the_same_bytes(printed: Printed) -> None:
    program = (
        "import hashlib; from tests.documents import examples; from portal.documents.visit_slips import print_visit_slip;"
        "print(hashlib.sha256(print_visit_slip(examples.VISIT)).hexdigest(), end='')"
    )
    elsewhere = {**os.environ, "TZ": "America/Lima", "LANG": "C", "PYTHONHASHSEED": "1"}
    there = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, env=elsewhere, text=True, encoding="utf-8"
    )
    assert there.stdout == hashlib.sha256(printed(examples.VISIT).bytes).hexdigest()


def test_the_same_values_are_the_same_bytes_also_when_threads_print_at_once(printed: Printed) -> None:
    expected = [printed(values).bytes for values in ORDINARY] * 3
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(print_any, [replace(values) for values in ORDINARY * 3]))
    wrong = {named(values) for values, one, other in zip(ORDINARY * 3, again, expected, strict=True) if one != other}
    assert wrong == set()
