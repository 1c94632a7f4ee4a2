"""What the pad recorded becomes ink, and nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.documents.signatures import BOX, PEN, BrokenStrokes, Point, Signature, ink
from tests.documents import examples

SIGNED = examples.VISIT.signatures[0]


def test_ink_fills_the_box_whatever_the_glass() -> None:
    larger = replace(
        SIGNED,
        width=2900,
        height=1200,
        strokes=tuple(tuple(Point(p.x * 10, p.y * 10) for p in s) for s in SIGNED.strokes),
    )
    for signature in (SIGNED, larger):
        drawing = ink(signature)
        width, height = map(float, drawing.view_box.split()[2:])
        assert drawing.pen * min(BOX[0] / width, BOX[1] / height) == pytest.approx(PEN, rel=0.02)


def test_tiny_writing_is_enlarged_but_not_to_a_blot() -> None:
    dot = replace(SIGNED, strokes=((Point(10, 10),),))
    width, height = map(float, ink(dot).view_box.split()[2:])
    assert width >= 0.3 * SIGNED.width
    assert height >= 0.3 * SIGNED.height
    assert ink(dot).path == "M10 10l0.01 0"


def test_stroke_starts_and_ends_where_the_pen_did() -> None:
    line = replace(SIGNED, strokes=((Point(1, 2), Point(3, 4), Point(5, 6.25)),))
    assert ink(line).path == "M1 2Q3 4 4 5.1L5 6.2"


def test_drawn_signature_without_strokes_is_refused() -> None:
    with pytest.raises(BrokenStrokes):
        Signature(role="customer", name="田静", state="drawn", at=SIGNED.at)


@pytest.mark.parametrize(("state", "at"), [("pending", SIGNED.at), ("paper", None), ("refused", None)])
def test_only_a_pending_signature_has_no_time(state: str, at: object) -> None:
    with pytest.raises(ValueError, match="time"):
        Signature(role="broker", name="高明", state=state, at=at)  # type: ignore[arg-type]
