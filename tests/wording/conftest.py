"""A request in either language, without a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask_babel import Babel

from portal.commands.translations import FRAGMENTS


@pytest.fixture(scope="session")
def small_app() -> Flask:
    """An application that can do nothing but translate."""
    app = Flask("wording")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FRAGMENTS.parent)
    Babel(app, locale_selector=lambda: app.config.get("LOCALE", "zh_Hans_CN"))
    return app


@pytest.fixture
def reading(small_app: Flask) -> Callable[[str], AbstractContextManager[None]]:
    """``with reading("en"):`` everything inside is said in that language."""

    @contextmanager
    def in_language(locale: str) -> Iterator[None]:
        small_app.config["LOCALE"] = locale
        with small_app.test_request_context():
            yield

    return in_language
