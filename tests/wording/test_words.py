"""Money, statuses, refusals and failures are said completely in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from portal.rules.refusal import Refusal
from portal.wording import failures, refusals, statuses
from portal.wording.money import money

CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Decimal("50000"), "¥50,000.00"),
        (52000, "¥52,000.00"),
        (Decimal("0.005"), "¥0.01"),
        (Decimal("-1234.5"), "-¥1,234.50"),
        (Decimal("3482600"), "¥3,482,600.00"),
    ],
)
def test_money_is_never_abbreviated(amount: Decimal | int, words: str) -> None:
    assert money(amount) == words


@pytest.mark.parametrize("state", statuses.states())
def test_every_state_has_a_look_and_a_word_in_both_languages(reading, state: str) -> None:
    look = statuses.look_of(state)
    assert look.icon == statuses.ICONS[look.css]
    with reading("zh_Hans_CN"):
        assert CHINESE.search(str(look.word))
    with reading("en"):
        assert not CHINESE.search(str(look.word))


def test_a_state_may_say_its_own_word(reading) -> None:
    assert statuses.look_of("waiting", "已签 2/3").word == "已签 2/3"
    with reading("en"):
        assert str(statuses.look_of("held").word) == "Held"


def test_an_unknown_state_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        statuses.look_of("sideways")


@pytest.mark.parametrize("reason", refusals.REASONS)
def test_every_refusal_is_said_in_both_languages(reading, reason: str) -> None:
    placeholders = {name: "x" for text in refusals.REASONS[reason] for name in re.findall(r"%\((\w+)\)", str(text))}
    with reading("en"):
        words = refusals.describe(Refusal(reason, "RE-2.8", **placeholders))
        assert not CHINESE.search(words.happened + words.kept + words.next)
    with reading("zh_Hans_CN"):
        words = refusals.describe(Refusal(reason, "RE-2.8", **placeholders))
        assert CHINESE.search(words.happened) and CHINESE.search(words.kept) and CHINESE.search(words.next)


def test_a_refusal_says_its_facts_in_the_projects_zone(reading) -> None:
    end = datetime(2026, 4, 10, 16, tzinfo=UTC)
    with reading("zh_Hans_CN"):
        here = refusals.describe(
            Refusal("already_filed", "RE-2.8", reference="YQ-1", ends_at=end, zone="Asia/Shanghai")
        )
        tokyo = refusals.describe(Refusal("already_filed", "RE-2.8", reference="YQ-1", ends_at=end, zone="Asia/Tokyo"))
    assert "YQ-1" in here.happened and "至 2026-04-10 23:59" in here.happened
    assert "至 2026-04-11 00:59" in tokyo.happened
    assert here.clause == "RE-2.8"


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 419, 422, 429, 500, 503])
def test_every_failure_is_said_in_both_languages(reading, code: int) -> None:
    words = failures.words_for(code, posted=True)
    with reading("en"):
        assert not CHINESE.search(f"{words.title}{words.happened}{words.kept}{words.next}")
    with reading("zh_Hans_CN"):
        assert CHINESE.search(f"{words.title}{words.happened}{words.kept}{words.next}")
