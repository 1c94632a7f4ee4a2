"""The press: template and values in, PDF/A out. The one place that knows WeasyPrint.

Fonts and style sheet are prepared once per process; nothing is fetched; the same values give the same bytes.
"""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.documents.digest import fact_digest, short_digest
from portal.documents.fontconfig import only_our_fonts
from portal.documents.glyphs import code_points, printable, uncovered
from portal.documents.numbers import mask_numbers, refuse_unmasked
from portal.documents.signatures import ink
from portal.documents.translations import translations_for
from portal.documents.values import Document, Hints, Locale, texts, with_texts
from portal.wording import times

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

_HERE = Path(__file__).resolve().parent
_TEMPLATES = _HERE.parent / "templates" / "documents"
STYLE_SHEET = _HERE / "print.css"
_NUMERALS = "一二三四五六七八九"
#: Pango's font map is not safe for threads, and a web process prints in several.
_ONE_AT_A_TIME = threading.RLock()


class OutsideFetch(ValueError):
    """A template asked for something outside itself. Nothing was printed."""


@dataclass(frozen=True)
class _Press:
    fonts: FontConfiguration
    style: CSS
    fetcher: URLFetcher


@functools.cache
def _press() -> _Press:
    # WeasyPrint looks for system fonts when it is imported, and warns where there are none.
    with only_our_fonts():
        from weasyprint import CSS
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher

        fonts = FontConfiguration()
        # No protocol at all, and a template that asks for something is a fault that must be seen.
        fetcher = URLFetcher(allowed_protocols=(), fail_on_errors=True)
        return _Press(fonts, CSS(filename=STYLE_SHEET, font_config=fonts, url_fetcher=fetcher), fetcher)


def prepare() -> None:
    """Load library, fonts and style sheet, about a second: for a worker before it forks, and for the doctor."""
    with _ONE_AT_A_TIME:
        _press()


def print_document(template: str, values: Document) -> bytes:
    """PDF/A-3u, tagged, of ``values``. Raises UnmaskedNumber, and ValueError for a naive instant."""
    refuse_unmasked(values)
    html = document_html(template, values)
    with _ONE_AT_A_TIME:
        return _pdf(html, f"{values.kind}/{values.number}/{values.locale}")


def _pdf(html: str, identifier: str) -> bytes:
    press = _press()
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    try:
        pdf: bytes = HTML(string=html, url_fetcher=press.fetcher).write_pdf(
            stylesheets=[press.style],
            font_config=press.fonts,
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            pdf_identifier=identifier.encode("utf-8", "backslashreplace"),
        )
    except FatalURLFetchingError as error:  # a BaseException, which would take a worker down with it
        raise OutsideFetch(str(error)) from error
    return pdf


def document_html(template: str, values: Document) -> str:
    """The page before it is set: values masked, made printable and escaped."""
    shown = with_texts(values, _shown)
    zone = ZoneInfo(values.zone)
    return (
        _environment(values.locale)
        .get_template(template)
        .render(
            v=shown,
            digest=short_digest(fact_digest(values)),
            missing=code_points(_missing(values)),
            qr=_qr(values),
            second=functools.partial(times.second, zone=zone),
            moment=functools.partial(times.moment, zone=zone),
            until=functools.partial(_until, zone=zone),
            offset=_offset(values.issued_at, zone),
        )
    )


def _shown(text: str, hints: Hints) -> str:
    return (
        printable(mask_numbers(text), lines=True) if "free_text" in hints else printable(text, lines="exact" in hints)
    )


def _missing(values: Document) -> str:
    """All characters of the document that 〓 stands for, each once."""
    return uncovered("".join(text for _, text, _ in texts(values)))


def _until(end: datetime, zone: ZoneInfo) -> str:
    """The exclusive bound as the last second that counts: 2026-04-14 23:59:59."""
    return times.second(times.last_covered(end), zone)


def _offset(instant: datetime, zone: ZoneInfo) -> str:
    """UTC+08:00"""
    sign = times.in_zone(instant, zone).strftime("%z")
    return f"UTC{sign[:3]}:{sign[3:]}"


def _qr(values: Document) -> Markup:
    title = translations_for(values.locale).gettext("核验二维码")
    code = segno.make_qr(values.verification_url, error="m")
    return Markup(code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None, title=title))


def _ahead(length: timedelta) -> dict[str, int]:
    """Days, hours, minutes and seconds of a lead, which is judged to the second (RE-2.2)."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return {"hours": hours, "minutes": minutes, "seconds": seconds}


@functools.cache
def _environment(locale: Locale) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words: Any = environment
    words.install_gettext_translations(translations_for(locale), newstyle=True)
    numeral = _chinese_numeral if locale == "zh_Hans_CN" else "{}. ".format
    environment.globals.update(numeral=numeral, ink=ink, ahead=_ahead)
    return environment


def _chinese_numeral(number: int) -> str:
    return f"{_NUMERALS[number - 1]}、"
