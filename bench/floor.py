"""What a filing costs at least in this stack: a filing's statements with nothing else around them.

``/file`` reads the session and the user's row, checks the CSRF token, looks up distributor and
rivals, writes lock, filing, key and history and commits, with Core statements that are built once. No form, no sealing,
no rules, no document, no session of the ORM.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from typing import Any

from flask import Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import create_engine, text

_USER = text("SELECT id, name, distributor_id FROM floor_users WHERE id = :id")
_DISTRIBUTOR = text("SELECT status FROM floor_distributors WHERE id = :id FOR SHARE")
_LOCK = text(
    "INSERT INTO floor_locks VALUES (:print, clock_timestamp()) ON CONFLICT (fingerprint) DO UPDATE"
    " SET last_at = clock_timestamp() RETURNING last_at"
)
_RIVALS = text(
    "SELECT f.id FROM floor_keys k JOIN floor_filings f ON f.id = k.filing_id WHERE k.fingerprint = :print AND ends_at > :now"
)
_FILE = text(
    "INSERT INTO floor_filings (distributor_id, broker_id, name, phone, note, filed_at, ends_at)"
    " VALUES (:company, :user, :name, :phone, :note, :now, :now + interval '7 days') RETURNING id"
)
_KEY = text("INSERT INTO floor_keys (filing_id, fingerprint) VALUES (:id, :print)")
_HISTORY = text(
    "INSERT INTO floor_history (actor_id, verb, subject_id, facts, digest, at)"
    " VALUES (:user, 'filed', :id, CAST(:facts AS jsonb), :digest, :now)"
)

app = Flask(__name__)
app.config["SECRET_KEY"] = secrets.token_hex(32)
CSRFProtect(app)
engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"), pool_size=8)


@app.get("/enter/<int:user>")
def enter(user: int) -> str:
    """Sign in; the answer is the CSRF token."""
    session["user"] = user
    return generate_csrf()


@app.post("/file")
def file() -> ResponseReturnValue:
    phone = request.form["phone"]
    print_ = hashlib.blake2b(phone.encode(), digest_size=16).digest()
    with engine.begin() as connection:
        user = connection.execute(_USER, {"id": session["user"]}).one()
        connection.execute(_DISTRIBUTOR, {"id": user.distributor_id}).one()
        now = connection.execute(_LOCK, {"print": print_}).scalar_one()
        connection.execute(_RIVALS, {"print": print_, "now": now}).all()
        filing: dict[str, Any] = {"company": user.distributor_id, "user": user.id, "now": now, "phone": phone}
        number = connection.execute(_FILE, filing | {"name": request.form["name"], "note": None}).scalar_one()
        connection.execute(_KEY, {"id": number, "print": print_})
        facts = json.dumps({"reference": number, "until": now.isoformat()})
        entry = {"user": user.id, "id": number, "facts": facts, "now": now}
        connection.execute(_HISTORY, entry | {"digest": hashlib.sha256(facts.encode()).hexdigest()})
    return redirect(f"/filings/{number}", 303)
