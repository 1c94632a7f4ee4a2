"""The front end keeps its own rules: icons exist, files are what they claim, words are translated, nothing is inline."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

from portal.commands import translations
from portal.navigation import navigation
from portal.wording import failures, refusals, statuses

PORTAL = Path(translations.__file__).parents[1]
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
SPRITE = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (PORTAL / "static/vendor/icons.svg").read_text("utf-8")))
CHINESE = re.compile(r"[\u3400-\u9fff]")
#: The gallery shows sample people; what they are called is data.
SAMPLES = PORTAL / "templates" / "components"
REAL = [path for path in TEMPLATES if SAMPLES not in path.parents]
#: Words that are the same in both languages.
SAME_EVERYWHERE = {"PDF", "QR", "ID", "SHA", "Excel", "JSON", "IP", "J", "K", "P", "F"}


def _name(path: Path) -> str:
    return str(path.relative_to(PORTAL))


def _python_files() -> Iterator[Path]:
    return (path for path in PORTAL.rglob("*.py") if "__pycache__" not in path.parts)


def _icons_in(text: str) -> set[str]:
    named = re.findall(r"\bicon\('([a-z0-9-]+)'|\bicon=[\"']([a-z0-9-]+)[\"']|'icon': '([a-z0-9-]+)'", text)
    return {name for groups in named for name in groups if name}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    named = {name for path in (*TEMPLATES, *_python_files()) for name in _icons_in(path.read_text("utf-8"))}
    named |= set(statuses.ICONS.values()) | navigation.icons()
    assert named - SPRITE == set()


def test_vendored_files_are_those_that_versions_names() -> None:
    folder = PORTAL / "static" / "vendor"
    lines = [line.split() for line in (folder / "VERSIONS").read_text("utf-8").splitlines()[3:]]
    stated = {line[0]: line[4] for line in lines}
    actual = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in stated}
    assert actual == stated
    assert {path.name for path in folder.iterdir()} == {*stated, "VERSIONS", "LICENCES"}


def test_no_page_uses_a_rule_of_tablers_that_was_left_out() -> None:
    """setup/vendor-frontend.sh keeps what pages use; after a class was used for the first time it must run again."""
    left_out = set((PORTAL.parent / "setup/tabler-left-out.txt").read_text("utf-8").split())
    own = set(re.findall(r"\.([a-z][a-zA-Z0-9_-]*)", (PORTAL / "static/site.css").read_text("utf-8")))
    written = [path.read_text("utf-8") for path in (*TEMPLATES, *_python_files())]
    used = {
        word
        for text in written
        for group in re.findall(r'class="([^"]*)"', text)
        for word in re.findall(r"[\w-]+", group)
    }
    assert used & left_out - own == set()
    assert "accordion" in left_out and "form-control" not in left_out


def test_the_style_sheets_load_nothing_that_the_page_shuts_out() -> None:
    """An inline picture is against img-src 'self': a browser would complain, and not draw it."""
    for sheet in ("vendor/tabler.min.css", "site.css"):
        assert re.findall(r"url\((?!#)[^)]*\)", (PORTAL / "static" / sheet).read_text("utf-8")) == [], sheet


INLINE = {
    "inline style": r"<[a-z][^>]*\sstyle=",
    "event attribute": r"<[a-z][^>]*\son[a-z]+=",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "style sheet": r"<style",
}


def test_templates_have_nothing_inline() -> None:
    assert {f"{_name(path)}: {what}" for path in TEMPLATES for what in _inline(path)} == set()


def _inline(path: Path) -> set[str]:
    """What stands in a template and belongs into a file; printed documents alone bring their style along."""
    text = path.read_text("utf-8")
    found = {what for what, how in INLINE.items() if re.search(how, text)}
    return found - {"style sheet"} if "documents" in path.parts else found


@cache
def _in_code() -> Mapping[translations.Message, list[str]]:
    """Every message; read once, because reading means parsing the whole portal."""
    return translations.messages_in_code()


@cache
def _findings() -> translations.Findings:
    return translations.compare(_in_code())


def test_everything_said_has_an_english_translation() -> None:
    assert _findings().missing == []


def test_no_fragment_repeats_another_nor_loses_a_placeholder() -> None:
    assert _findings().repeated == []
    assert _findings().broken == []


def test_chinese_in_templates_goes_through_gettext() -> None:
    assert {f"{_name(path)}: {words}" for path in REAL for words in _untranslatable(path)} == set()


def _untranslatable(path: Path) -> Iterator[str]:
    """The Chinese of a template that no catalog would ever see."""
    for _line, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(path.read_text("utf-8")):
        said = kind == "string" and CHINESE.search(value) and ast.literal_eval(value) in _said_in_code()
        if kind in {"data", "string"} and CHINESE.search(value) and not said:
            yield value.strip()


@cache
def _said_in_code() -> frozenset[str]:
    return frozenset(text for message in _in_code() for text in _texts(message.ids))


def _texts(ids: translations.Ids) -> tuple[str, ...]:
    return ids if isinstance(ids, tuple) else (ids,)


class _Words(HTMLParser):
    """The words of a template that stand outside every Jinja expression."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += re.findall(r"[A-Za-z]{2,}", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"aria-label", "title", "placeholder", "alt", "data-tip"}:
                self.words += re.findall(r"[A-Za-z]{2,}", value or "")


def test_no_template_says_anything_in_english_only() -> None:
    assert {f"{_name(path)}: {word}" for path in REAL for word in _bare_words(path) - SAME_EVERYWHERE} == set()


def _bare_words(path: Path) -> set[str]:
    without_classes = re.sub(r"\{% block (?:body|main)_class %\}.*?\{% endblock %\}", "", path.read_text("utf-8"))
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", without_classes, flags=re.S)
    reader = _Words()
    reader.feed(plain)
    return set(reader.words)


def _refusal_reasons() -> Iterator[tuple[str, str]]:
    for path in _python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node) == "Refusal" and node.args:
                reason = node.args[0]
                if isinstance(reason, ast.Constant):
                    yield str(reason.value), f"{_name(path)}:{node.lineno}"


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_every_refusal_has_words() -> None:
    speechless = [f"{reason} ({place})" for reason, place in _refusal_reasons() if reason not in refusals.REASONS]
    assert speechless == []


def test_every_failure_says_what_happened_what_was_kept_and_what_to_do() -> None:
    for code in (400, 403, 404, 405, 409, 413, 418, 419, 422, 429, 500, 502, 503):
        words = failures.words_for(code, posted=True)
        assert all((str(words.title), str(words.happened), str(words.kept), str(words.next)))
