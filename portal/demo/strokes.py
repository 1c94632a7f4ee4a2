"""Signatures for the demo: a hand that moves on, with some loops."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import Any

_WIDTH, _HEIGHT = 300, 120


def scribble(random: Random) -> dict[str, Any]:
    """Strokes as the signature pad stores them, [x, y, milliseconds]: some curves from left to right."""
    return {"width": _WIDTH, "height": _HEIGHT, "strokes": [_stroke(random, part) for part in range(4)]}


def _stroke(random: Random, part: int) -> list[list[float]]:
    left, middle = 30 + part * 60, random.uniform(45, 75)
    turns, tall = random.uniform(0.6, 1.8), random.uniform(12, 32)
    steps = [step / 14 for step in range(15)]
    return [
        [
            round(left + 52 * step + 9 * cos(2 * pi * turns * step), 1),
            round(middle + tall * sin(2 * pi * turns * step + part), 1),
            (part * 15 + number) * 18,
        ]
        for number, step in enumerate(steps)
    ]
