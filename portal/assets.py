"""Static files: addresses that change with their content, cached for a year, packed once per process."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

_FOR_EVER = "public, max-age=31536000, immutable"
_PACKED_KINDS = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


@lru_cache(maxsize=512)
def _fingerprint(path: Path, changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _packed(path: Path, changed_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)


def _file(filename: str) -> tuple[Path, int] | None:
    path = Path(current_app.static_folder or "") / filename
    return (path, path.stat().st_mtime_ns) if path.is_file() else None


def _add_fingerprint(endpoint: str, values: dict[str, object]) -> None:
    """Give every address of a static file the hash of its content: a changed file has a new address."""
    if endpoint == "static" and "filename" in values:
        found = _file(str(values["filename"]))
        if found is not None:
            values["v"] = _fingerprint(*found)


def _pack(response: Response, filename: str) -> None:
    found = _file(filename)
    if found is None or response.status_code != 200 or response.mimetype not in _PACKED_KINDS:
        return
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.close()
        response.direct_passthrough = False
        response.set_data(_packed(*found))
        response.headers["Content-Encoding"] = "gzip"


def _finish_static(response: Response) -> Response:
    if request.endpoint == "static":
        if "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = _FOR_EVER
        _pack(response, (request.view_args or {}).get("filename", ""))
    return response


def register(app: Flask) -> None:
    """Fingerprint static addresses and serve them packed with a long life."""
    app.url_defaults(_add_fingerprint)
    app.after_request(_finish_static)
