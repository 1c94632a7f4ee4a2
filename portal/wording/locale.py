"""Which language a person reads: the one chosen in this session, else the account's, else the browser's."""

from __future__ import annotations

from flask import Flask, current_app, has_request_context, request, session
from flask_login import current_user

from portal.extensions import babel

LOCALES = {"zh_Hans_CN": "简体中文", "en": "English"}
"""The languages of the portal, each by its own name; the first is the source."""

SESSION_KEY = "locale"


def choose() -> str:
    """The locale of this request; the installation's outside of requests."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    wanted = session.get(SESSION_KEY) or getattr(current_user, "locale", None)
    if wanted in LOCALES:
        return str(wanted)
    # Chinese first: only a browser that prefers English to Chinese gets English.
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "zh-Hans-CN", "zh-TW", "zh-HK", "en"])
    return "en" if best == "en" else default


def remember(locale: str) -> bool:
    """Keep the choice in the session; False for a language that the portal does not speak."""
    if locale not in LOCALES:
        return False
    session[SESSION_KEY] = locale
    return True


def register(app: Flask) -> None:
    """Bind Flask-Babel. Translations live in portal/translations, compiled by ``flask translations compile``."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", app.extensions["settings"].default_locale)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    babel.init_app(app, locale_selector=choose)
