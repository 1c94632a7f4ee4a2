"""Slips per second, beside bare WeasyPrint setting the same page in the same process.

    .venv/bin/python -m bench.documents [--rounds N]

The floor is given the finished HTML and keeps its fonts and style sheet, as we do; ours also checks, masks, digests,
draws the QR code, fills the template and takes the lock. Rounds alternate, so that both see the same machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from portal.documents import printing
from portal.documents.filing_slips import FilingSlip, print_filing_slip
from portal.documents.fontconfig import only_our_fonts

_FILED = datetime(2026, 4, 7, 2, 5, 22, tzinfo=UTC)
SLIP = FilingSlip(
    number="YQ-2604-00417",
    group="青岚置业集团",
    project="云栖府",
    issued_at=_FILED,
    rules_version="RE-2026-01",
    policy_version="3",
    verification_url="https://jieding.example/verify/K7QF-2M9X-WT4C",
    customer="黄维",
    phone="139****7716",
    city="杭州",
    distributor="橘灯房产",
    broker="陈立",
    broker_phone="183****1122",
    filed_at=_FILED,
    earliest_arrival=_FILED + timedelta(hours=1),
    held_until=datetime(2026, 4, 14, 16, tzinfo=UTC),
    declaration="以自有资源开发此客户，所填属实，并已征得客户同意。",
    declaration_version="3",
)


def _slip(turn: int) -> FilingSlip:
    return replace(SLIP, number=f"YQ-2604-{turn:05d}")


def _floor() -> Callable[[int], bytes]:
    """Bare WeasyPrint with its own fonts and style sheet, kept."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    with only_our_fonts():
        fonts = FontConfiguration()
    style = CSS(filename=printing.STYLE_SHEET, font_config=fonts)
    pages = [printing.document_html("filing_slip.html", _slip(turn)) for turn in range(10)]

    def put(turn: int) -> bytes:
        pdf: bytes = HTML(string=pages[turn % 10]).write_pdf(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3u", pdf_tags=True, pdf_identifier=b"x"
        )
        return pdf

    return put


def _ours(turn: int) -> bytes:
    return print_filing_slip(_slip(turn))


def _seconds(put: Callable[[int], bytes], turn: int) -> float:
    start = time.perf_counter()
    put(turn)
    return time.perf_counter() - start


def main() -> None:
    """Print the figures as lines of "name: value"."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    start = time.perf_counter()
    size = len(_ours(0))
    first = time.perf_counter() - start
    floor = _floor()
    floor(0)
    times = [(_seconds(_ours, turn), _seconds(floor, turn)) for turn in range(rounds)]
    ours, bare = (statistics.median(column) for column in zip(*times, strict=True))
    sys.stdout.write(
        f"first slip of a process: {first:.2f} s\n"
        f"filing slip, warm: {ours * 1000:.0f} ms, {1 / ours:.1f} slips/s, {size / 1000:.0f} kB\n"
        f"bare WeasyPrint, same page: {bare * 1000:.0f} ms, {1 / bare:.1f} slips/s\n"
        f"ratio to the floor: {bare / ours:.2f} (aim 0.9)\n"
    )


if __name__ == "__main__":
    main()
