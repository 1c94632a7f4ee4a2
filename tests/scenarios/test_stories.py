"""The stories: our own, one per clause at least, and those of the shared collection when they are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.models import Project, db
from portal.scenarios.rehearsal import Result, rehearse
from portal.scenarios.runner import FIELDS
from portal.scenarios.stories import StoryError, read_story, story_files
from portal.scenarios.verbs import VERBS

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "scenarios"


def known(path: Path) -> bool:
    """Whether the story uses only verbs of this portal; later regimes bring more."""
    try:
        read_story(path, FIELDS)
    except StoryError as error:
        return "unknown verb" not in str(error)
    return True


def shared_stories() -> list[Path]:
    return [path for path in story_files((str(SHARED),)) if known(path)] if SHARED.is_dir() else []


@pytest.fixture(scope="module")
def results(app: Flask) -> Iterator[dict[str, Result]]:
    with app.app_context():
        played = rehearse([*story_files((str(HERE / "clauses"),)), *shared_stories()])
    yield {result.path: result for result in played}


@pytest.mark.parametrize("path", story_files((str(HERE / "clauses"),)), ids=lambda path: path.stem)
def test_our_stories_come_out_as_written(results: dict[str, Result], path: Path) -> None:
    result = results[str(path)]
    assert (result.error, result.failures) == (None, ())
    assert result.passed > 0


@pytest.mark.parametrize("path", shared_stories() or [pytest.param(None, marks=pytest.mark.skip("not here"))], ids=str)
def test_the_shared_stories_come_out_as_written(results: dict[str, Result], path: Path) -> None:
    result = results[str(path)]
    assert (result.error, result.failures) == (None, ())


def test_a_wrong_expectation_fails(app: Flask, tmp_path: Path) -> None:
    story = (HERE / "clauses" / "re-2.8-hold-of-seven-days.yaml").read_text(encoding="utf-8")
    path = tmp_path / "wrong.yaml"
    path.write_text(story.replace('until: "2028-03-03 23:59:59"', 'until: "2028-03-02 23:59:59"'), encoding="utf-8")
    with app.app_context():
        (result,) = rehearse([path])
    assert len(result.failures) == 1
    assert "F1.until" in result.failures[0]


def test_nothing_of_a_rehearsal_is_left_behind(app: Flask, session) -> None:
    rehearse([HERE / "clauses" / "re-2.12-once-and-ninety-days.yaml"])
    assert session.scalar(db.select(db.func.count()).select_from(Project)) == 0
    left = session.execute(db.text("SELECT count(*) FROM pg_database WHERE datname LIKE 'rehearsal_%'")).scalar_one()
    assert left == 0


STEP = '- {id: F1, at: "2026-03-02 10:00", do: file, by: 甲渠道, customer: {name: 张三, phone: "13800001000"}}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenario: 1\nsteps: [", "not YAML"),
        ("- 1", "not a story"),
        ("scenario: 2\nsteps: []", "scenario must be 1"),
        ("scenario: 1\nsteps: []", "steps: there are none"),
        (f"scenario: 1\ncolour: red\nsteps:\n  {STEP}", "'colour'"),
        (f"scenario: 1\nsteps:\n  {STEP.replace('do: file', 'do: dance')}", "step F1: do: unknown verb 'dance'"),
        (f"scenario: 1\nsteps:\n  {STEP.replace('by:', 'buy:')}", "step F1: buy"),
        (f"scenario: 1\nsteps:\n  {STEP.replace('10:00', '25:00')}", "step F1: at"),
        (f"scenario: 1\nsteps:\n  {STEP}\n  {STEP}", "step F1: id: used twice"),
        (f"scenario: 1\nsteps:\n  {STEP}\n  {STEP.replace('F1', 'F2').replace('10:00', '09:59')}", "step F2: at"),
        (f"scenario: 1\nsteps:\n  {STEP}\nexpect: {{F9: {{result: accepted}}}}", "expect: F9"),
        (f"scenario: 1\nproject: {{timezone: Mars/Base}}\nsteps:\n  {STEP}", "timezone"),
    ],
)
def test_what_is_no_story_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoryError, match=r"story\.yaml") as error:
        read_story(path, FIELDS)
    assert words in str(error.value)


def test_every_verb_of_the_format_names_its_fields() -> None:
    assert all(taken for _, taken in VERBS.values())
