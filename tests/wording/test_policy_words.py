"""A policy speaks every parameter it has, its numbers move with the values, and it cites only its own clauses."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from portal.rules.policies import preset, with_parameters
from portal.rules.policy_parameters import CHOICES, leaves, orders_of
from portal.wording.policies import chapters_of, spoken, spoken_paths, title_of
from portal.wording.policy_values import LABELS, differences

PRESETS = sorted(path.name.removesuffix(".yaml") for path in (resources.files("portal.rules") / "presets").iterdir())
PARAMETERS = [(code, dotted) for code in PRESETS for dotted, _value in leaves(preset(code))]


def text_of(document: dict[str, Any], locale: str) -> str:
    with force_locale(locale):
        lines = [title_of(document)]
        return "\n".join([*lines, *(said.words for chapter in spoken(document) for said in chapter.sentences)])


def another(dotted: str, value: Any) -> Any:
    """A value of the same kind that is not this one, even where only one is allowed today."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2
    if isinstance(value, list):
        return (
            [30, 3] if dotted.startswith("reminders.") else list(next(o for o in orders_of(dotted) if list(o) != value))
        )
    return next((one for one in CHOICES.get(dotted, ()) if one != value), f"{value}X")


@pytest.mark.parametrize(("code", "dotted"), PARAMETERS)
def test_every_parameter_is_spoken_and_has_a_label(code: str, dotted: str) -> None:
    assert dotted in spoken_paths()
    assert dotted in LABELS


@pytest.mark.parametrize(("code", "dotted"), PARAMETERS)
def test_what_is_said_moves_with_the_value(app: Flask, code: str, dotted: str) -> None:
    document = preset(code)
    changed = with_parameters(document, {dotted: another(dotted, dict(leaves(document))[dotted])})
    with app.test_request_context():
        assert any(text_of(document, locale) != text_of(changed, locale) for locale in ("zh_Hans_CN", "en"))


def test_numbers_stand_in_both_languages(app: Flask) -> None:
    changed = with_parameters(
        preset("RE"), {"hold.days": 11, "extension.cap_days": 123, "penalties.first_offence": 77777}
    )
    with app.test_request_context():
        for locale in ("zh_Hans_CN", "en"):
            text = text_of(changed, locale)
            assert "11" in text and "123" in text and "¥77,777.00" in text


def test_an_unknown_parameter_is_listed_rather_than_left_out(app: Flask) -> None:
    document = {**preset("RE"), "moon": {"phase": 3}}
    with app.test_request_context():
        assert "moon.phase: 3" in text_of(document, "zh_Hans_CN")


def test_another_regime_cites_none_of_the_core_clauses(app: Flask) -> None:
    document = {**preset("RE"), "code": "XX"}
    with app.test_request_context():
        cited = {clause for chapter in spoken(document) for said in chapter.sentences for clause in said.clauses}
        own = {clause for chapter in spoken(preset("RE")) for said in chapter.sentences for clause in said.clauses}
    assert cited == set() and "RE-2.8" in own and "RE-2.12" in own


def test_a_parameter_that_the_regime_lacks_is_not_spoken_of(app: Flask) -> None:
    document = {name: value for name, value in preset("RE").items() if name != "circle"}
    with app.test_request_context():
        assert "300" not in text_of(document, "zh_Hans_CN")


def test_every_editable_parameter_has_its_place_in_the_form(app: Flask) -> None:
    with app.test_request_context():
        placed = [path for _title, paths in chapters_of(preset("RE")) for path in paths]
    assert len(placed) == len(set(placed))
    assert {"hold.days", "reminders.hold", "call_back.share", "lock.tie_break"} <= set(placed)
    assert "code" not in placed and "lock.basis" not in placed


def test_differences_are_in_words(app: Flask) -> None:
    document = preset("RE")
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        changed = with_parameters(
            document, {"lead_time.excusable": False, "call_back.share": 0.25, "reminders.hold": []}
        )
        assert differences(document, changed) == [
            ("报备过晚可以例外批准", "是", "否"),
            ("回访的比例", "50%", "25%"),
            ("报备保护到期前几天提醒", "2、1", ""),
        ]
