"""Every cell of the disclosure table, looked for on real pages: what it says is seen is there, what it denies is nowhere."""

from __future__ import annotations

from itertools import product

import pytest

from portal.rules.disclosure import COLUMNS, TABLE, Phase, Seen
from portal.rules.roles import DISTRIBUTOR_ROLES
from tests.disclosure.looking import READERS, RIVAL, SAID, STRANGER, UNIT, Case, build
from tests.distributor.conftest import words_of

MASKED, WHOLE = "166****3391", ("16600003391", "166 0000 3391")
Marks = tuple[str, ...] | None

#: What a page for the company shows when it shows the fact.
OF_COMPANY: dict[str, Marks] = {
    "registration": ("first", MASKED),
    "other_exists": ("甲渠道", "乙渠道", MASKED),
    "other_name": ("甲渠道", "乙渠道", MASKED),
    "number_of_registrations": ("first", "second", MASKED),
    "deal_event": ("at", "认购"),
    "unit": (UNIT,),
    "amount": ("3,482,600",),
    "deal_owner": (UNIT, "甲渠道"),
    "claim": (SAID["ben"],),
    "ruling": ("ruling", UNIT, "甲渠道", "乙渠道"),
    "ruling_extract": ("lost", UNIT),
    "clause": (UNIT, "RE-8.6"),
}
#: The same for Ana's company and for Ben's: what is one's own (None: there is none), what is the other's.
OF_FIRST: dict[str, tuple[Marks, Marks]] = {
    "registration": (("first",), ("second",)),
    "other_exists": (None, ("second",)),
    "other_name": (None, ("乙渠道",)),
    "number_of_registrations": (None, ("first", "second")),
    "deal_event": (("at", "认购"), None),
    "unit": ((UNIT,), None),
    "amount": (None, ("3,482,600",)),
    "deal_owner": (("成交归属贵司",), ("成交不归属贵司",)),
    "claim": ((SAID["ana"],), (SAID["ben"],)),
    "ruling": (None, ("ruling",)),
    "ruling_extract": (("won",), ("lost",)),
    "clause": (("won", "RE-8.6"), None),
}
OF_SECOND: dict[str, tuple[Marks, Marks]] = OF_FIRST | {
    "registration": (("second",), ("first",)),
    "other_exists": (None, ("first",)),
    "other_name": (None, ("甲渠道",)),
    "unit": (None, (UNIT,)),
    "deal_owner": (("成交不归属贵司",), ("成交归属贵司",)),
    "claim": ((SAID["ben"],), (SAID["ana"],)),
    "ruling_extract": (("lost",), ("won",)),
    "clause": (("lost", "RE-8.6"), None),
}
_built: dict[Phase, Case] = {}


@pytest.fixture
def case(request: pytest.FixtureRequest, phase: Phase) -> Case:
    """Built once for each phase: what everybody reads does not change from cell to cell."""
    if phase not in _built:
        app, stage, browse = (request.getfixturevalue(name) for name in ("app", "stage", "browse"))
        _built[phase] = build(app, stage, browse, phase)
    return _built[phase]


@pytest.mark.parametrize(("phase", "fact", "role"), list(product(Phase, TABLE, COLUMNS)))
def test_a_cell_says_what_is_seen(case: Case, phase: Phase, fact: str, role: str) -> None:
    expected, reader = TABLE[fact][phase][role], READERS[role]
    if fact == "buyer_phone":
        assert _phone(case, reader) is expected
    elif role in DISTRIBUTOR_ROLES:
        assert _by_distributor(case, reader, OF_FIRST[fact]) is _possible(expected, OF_FIRST[fact])
        assert _by_distributor(case, RIVAL, OF_SECOND[fact]) is _possible(expected, OF_SECOND[fact])
    else:
        assert case.finds(reader, OF_COMPANY[fact]) is (expected is Seen.YES)


@pytest.mark.parametrize("phase", list(Phase))
def test_the_staff_of_another_project_reads_nothing_of_the_case(case: Case, phase: Phase) -> None:
    for mark in (*case.marks.values(), MASKED, UNIT, *SAID.values()):
        assert mark == case.marks.get("at") or not case.finds(STRANGER, (mark,)), mark


@pytest.mark.parametrize("phase", list(Phase))
def test_nobody_reads_a_whole_number_unasked(case: Case, phase: Phase) -> None:
    for reader in case.pages:
        assert not any(case.finds(reader, (number,)) for number in WHOLE), reader


@pytest.mark.parametrize("name", ["hua", "ada", "aud"])
def test_the_page_prints_every_cell(browse, name) -> None:
    page = words_of(browse(name).get("/hq/disclosure"))
    cells = [seen for rows in TABLE.values() for row in rows.values() for seen in row.values()]
    # Once in the key, once in each cell; "不可见" contains "可见".
    assert page.count("只见本公司的") >= cells.count(Seen.OWN)
    assert page.count("不可见") >= cells.count(Seen.NO)


@pytest.mark.parametrize("name", ["ana", "bo", "kit", "fin"])
def test_others_do_not_open_the_page(browse, name) -> None:
    assert browse(name).get("/hq/disclosure").status_code == 403


def _phone(case: Case, reader: str) -> Seen:
    if any(case.finds(reader, (number,)) for number in WHOLE):
        return Seen.YES
    return Seen.MASKED if case.finds(reader, (MASKED,)) else Seen.NO


def _by_distributor(case: Case, reader: str, marks: tuple[Marks, Marks]) -> Seen:
    own, others = marks
    if case.finds(reader, others):
        return Seen.YES
    return Seen.OWN if case.finds(reader, own) else Seen.NO


def _possible(expected: Seen, marks: tuple[Marks, Marks]) -> Seen:
    """Where one has nothing of one's own there is nothing to see."""
    return Seen.NO if expected is Seen.OWN and marks[0] is None else expected
