"""What every answer carries and every request is held to: headers, cookies, sizes, rates; and logs without numbers."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import NotFound

from portal.config import Settings
from portal.models import db
from portal.services.reveals import OutOfScope

_CONTENT = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; frame-src 'none'; "
    "object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NO_DEVICES = "camera=({camera}), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"
#: The room whose pages read QR codes with the camera; nobody else needs one.
_CAMERA_ROOM = "site"
_HSTS = "max-age=31536000; includeSubDomains"

_MEGABYTE = 1024 * 1024
#: A photographed slip is the largest thing sent; strokes and pasted messages are the largest fields.
LIMITS = {"MAX_CONTENT_LENGTH": 12 * _MEGABYTE, "MAX_FORM_MEMORY_SIZE": 2 * _MEGABYTE, "MAX_FORM_PARTS": 500}

_GAP = r"[\s\-.]?"
_ID_NUMBER = rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)"
_PHONE = rf"(?<!\d)(?:(?:\+|00)86{_GAP})?1[3-9](?:{_GAP}\d){{9}}(?!\d)|\+\d{{1,3}}(?:{_GAP}\d){{7,12}}(?!\d)"
_NUMBERS = re.compile(rf"{_ID_NUMBER}|{_PHONE}")


def masked(text: str) -> str:
    """``text`` with phone and resident ID numbers blotted out, whatever their spelling."""
    return _NUMBERS.sub("[number]", text)


def register(app: Flask) -> None:
    """Put the rules of this module on ``app``; the limits are set where no setting has been made stricter."""
    settings: Settings = app.extensions["settings"]
    app.config.update(LIMITS)
    if settings.cookie_secure:
        # The prefix makes browsers refuse a cookie of this name that another host or plain HTTP has set.
        app.config["SESSION_COOKIE_NAME"] = "__Host-jieding"
    app.after_request(_finish(settings.cookie_secure))
    # A second lock behind the views' own scope; what is out of scope does not exist.
    app.register_error_handler(OutOfScope, lambda _: app.handle_user_exception(NotFound()))
    app.register_error_handler(DataError, _lead_nowhere(app))
    keep_numbers_out_of_logs()


def _lead_nowhere(app: Flask) -> Callable[[DataError], ResponseReturnValue]:
    """The database knows no text with a NUL: an address that has one and is looked up leads nowhere. All else is a failure."""

    def answer(error: DataError) -> ResponseReturnValue:
        if "\0" not in request.path and not any("\0" in value for value in request.args.values()):
            raise error
        db.session.rollback()
        return app.handle_user_exception(NotFound())

    return answer


def _finish(secure: bool) -> Callable[[Response], Response]:
    def finish(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        camera = "self" if request.blueprint == _CAMERA_ROOM else ""
        response.headers["Permissions-Policy"] = _NO_DEVICES.format(camera=camera)
        if secure:
            response.headers["Strict-Transport-Security"] = _HSTS
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    return finish


def keep_numbers_out_of_logs() -> None:
    """From now on no log record of this process shows a phone or ID number, in its message or in its traceback."""
    make = logging.getLogRecordFactory()
    if getattr(make, "keeps_numbers_out", False):
        return

    def make_masked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = masked(logging.Formatter().formatException(record.exc_info))
        return record

    make_masked.keeps_numbers_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_masked)
