"""A second filer reads exactly what a first filer reads, in wording, shape and time (RE-Q30)."""

from __future__ import annotations

import re
import time
from itertools import count

from tests.distributor.conftest import NEW, reference_in, send, typed
from tests.fixtures import csrf_of
from tests.likeness import assert_as_long, statements_of

FORBIDDEN = ("重复", "已被占用", "冲突", "排队", "名次")
_numbers = count(1)
ROUNDS = 25


def test_the_receipts_are_the_same_apart_from_ones_own_data(browse) -> None:
    first = _receipt(browse("ana"), "13911110001")
    second = _receipt(browse("ben"), "13911110001")
    assert _without_own_data(first) == _without_own_data(second)
    assert not any(word in second for word in FORBIDDEN)


def test_the_redirects_are_the_same_apart_from_the_number(browse) -> None:
    first = send(browse("ana"), phone="13911110002")
    second = send(browse("ben"), phone="13911110002")
    assert first.status_code == second.status_code == 303
    assert _shape(first.headers) == _shape(second.headers)
    assert first.data == second.data


def test_the_customers_page_is_the_same_apart_from_ones_own_data(browse) -> None:
    pages = []
    for name in ("ana", "ben"):
        client = browse(name)
        reference = reference_in(send(client, phone="13911110003"))
        pages.append(client.get(f"/distributor/customers/{reference}").get_data(as_text=True))
    assert _without_own_data(pages[0]) == _without_own_data(pages[1])


def test_a_second_filing_asks_the_database_the_same_as_a_first(app, browse) -> None:
    asked = []
    tokens = {client: csrf_of(client, NEW) for client in (browse("ana"), browse("ben"))}
    for phone in ("13911110004", "13911110005"):
        for client, token in tokens.items():
            with statements_of(app) as statements:
                _timed(client, phone, token)
            asked.append(statements)
    # The first customer only warms caches up.
    assert asked[2] == asked[3]


def test_a_second_filing_takes_as_long_as_a_first(browse) -> None:
    """Interleaved, so that whatever else the machine does falls on both alike; a burst of it gets another try."""
    ana, ben = browse("ana"), browse("ben")
    tokens = {id(client): csrf_of(client, NEW) for client in (ana, ben)}

    def measure() -> tuple[list[float], list[float]]:
        firsts, seconds = [], []
        for number in range(ROUNDS):
            phone = f"13922{next(_numbers):06}"
            leader, follower = (ana, ben) if number % 2 else (ben, ana)
            firsts.append(_timed(leader, phone, tokens[id(leader)]))
            seconds.append(_timed(follower, phone, tokens[id(follower)]))
        return firsts, seconds

    assert_as_long(measure, within=1.35)


def _timed(client, phone: str, token: str) -> float:
    form = typed(phone=phone) | {"csrf_token": token}
    begun = time.perf_counter()
    answer = client.post(NEW, data=form)
    taken = time.perf_counter() - begun
    assert answer.status_code == 303
    return taken


def _receipt(client, phone: str) -> str:
    reference = reference_in(send(client, phone=phone))
    return client.get(f"/distributor/filings/{reference}/receipt").get_data(as_text=True)


def _without_own_data(page: str) -> str:
    """The page without number, QR code, times, token, and who is signed in."""
    for pattern in (
        r"YQ-\d{4}-[0-9A-Z]{6}",
        r'<svg class="qr".*?</svg>',
        r'name="csrf_token" value="[^"]*"',
        r'hx-headers="[^"]*"',
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\+\d\d:\d\d)?",
        r"\d\d:\d\d",
        r"\d+ (天|小时|分钟?)( \d+ (小时|分))?",
        r"安娜|本恩|甲渠道|乙渠道",
        r"\?v=[0-9a-f]+",
        r'(x|x1|x2|cx|width)="[\d.]+%"',
    ):
        page = re.sub(pattern, "·", page, flags=re.DOTALL)
    return page


def _shape(headers) -> list[tuple[str, str]]:
    return sorted(
        (name, re.sub(r"YQ-\d{4}-[0-9A-Z]{6}", "·", value))
        for name, value in headers.items()
        if name not in {"Date", "Set-Cookie"}
    )
