"""What a filing costs when it is written the usual way and does nothing else: Flask, Flask-Login, Flask-WTF, the ORM.

``/file`` loads the person of the session, checks the CSRF token, looks up the person's company and whether the company holds
the customer already, adds a filing, its key and a history entry, and commits. No form, no sealing, no rules, no lock, no
document: nothing that a filing of Jieding does besides.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy import DateTime, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={datetime: DateTime(timezone=True), dict[str, Any]: JSONB})


db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()


class Distributor(Base):
    __tablename__ = "floor_distributors"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]


class User(UserMixin, Base):
    __tablename__ = "floor_users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    distributor_id: Mapped[int] = mapped_column(ForeignKey("floor_distributors.id"))

    distributor: Mapped[Distributor] = relationship()


class Key(Base):
    __tablename__ = "floor_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("floor_filings.id"))
    fingerprint: Mapped[bytes]


class Filing(Base):
    __tablename__ = "floor_filings"

    id: Mapped[int] = mapped_column(primary_key=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("floor_distributors.id"))
    broker_id: Mapped[int] = mapped_column(ForeignKey("floor_users.id"))
    name: Mapped[str]
    phone: Mapped[str]
    note: Mapped[str | None]
    filed_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    keys: Mapped[list[Key]] = relationship()


class Entry(Base):
    __tablename__ = "floor_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int]
    verb: Mapped[str]
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str]
    at: Mapped[datetime]


app = Flask(__name__)
app.config["SECRET_KEY"] = secrets.token_hex(32)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
db.init_app(app)
login_manager.init_app(app)
CSRFProtect(app)


@login_manager.user_loader
def load(user_id: str) -> User | None:
    return db.session.get(User, int(user_id))


@app.get("/enter/<int:user>")
def enter(user: int) -> str:
    """Sign in; the answer is the CSRF token."""
    login_user(db.get_or_404(User, user))
    return generate_csrf()


@app.post("/file")
@login_required
def file() -> ResponseReturnValue:
    broker = cast(User, current_user)
    phone, now = request.form["phone"], datetime.now(UTC).replace(microsecond=0)
    print_ = hashlib.blake2b(phone.encode(), digest_size=16).digest()
    if broker.distributor.status != "active" or _held(broker, print_, now):
        abort(409)
    filing = Filing(
        distributor_id=broker.distributor_id,
        broker_id=broker.id,
        name=request.form["name"],
        phone=phone,
        filed_at=now,
        ends_at=now + timedelta(days=7),
        keys=[Key(fingerprint=print_)],
    )
    db.session.add(filing)
    db.session.flush()
    facts = {"reference": filing.id, "until": filing.ends_at.isoformat()}
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()
    db.session.add(Entry(actor_id=broker.id, verb="filed", subject_id=filing.id, facts=facts, digest=digest, at=now))
    number = filing.id
    db.session.commit()
    return redirect(f"/filings/{number}", 303)


def _held(broker: User, print_: bytes, now: datetime) -> bool:
    own = select(Filing).join(Filing.keys).where(Key.fingerprint == print_, Filing.ends_at > now)
    return db.session.scalar(own.where(Filing.distributor_id == broker.distributor_id).limit(1)) is not None
