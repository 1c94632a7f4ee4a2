"""The words of documents in another language, without an application or a request."""

from __future__ import annotations

import functools
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from portal.documents.values import Locale

_CATALOGS = Path(__file__).resolve().parent.parent / "translations"


@functools.cache
def translations_for(locale: Locale) -> NullTranslations:
    """Chinese is the source and needs no catalog; any other locale is read from the fragments of its folder.

    The fragments are read instead of the compiled catalog, so that a print cannot depend on whether that is fresh;
    all of them, since a word that several rooms use stands in one only.
    """
    if locale == "zh_Hans_CN":
        return NullTranslations()
    merged = Catalog(locale=locale)
    for path in sorted((_CATALOGS / locale).glob("*.po")):
        _add(merged, path)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def _add(merged: Catalog, path: Path) -> None:
    with path.open("rb") as file:
        for message in read_po(file, locale=merged.locale):
            if message.id:
                merged[message.id] = message
