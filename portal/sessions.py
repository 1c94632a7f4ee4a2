"""Who is signed in: what the session cookie says, and whether it still counts at this request.

The cookie holds the person's id, the epoch of the account and the instant until which the session lasts. A raised epoch
(password changed, "sign out everywhere"), a disabled account or a cooperation that is over ends it at the next request.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, current_app, g, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from portal import errors, htmx
from portal.access import Permission, may
from portal.edge import say
from portal.extensions import login_manager
from portal.models import User
from portal.queries import accounts
from portal.rules.exits import is_former, may_come_in
from portal.wording import failures, page_now
from portal.wording.people import ROLE_WORDS

EPOCH, UNTIL = "epoch", "until"
_KEPT_AT_SIGN_IN = ("locale",)
#: Answered without asking who is there: whoever watches over the server hears that the database is away.
_ABOUT_NOBODY = frozenset({None, "static", "public.show_health"})
#: What a person may do before the first password is changed.
_BEFORE_FIRST_CHANGE = frozenset({"account.change_password", "account.sign_out", "account.set_language"})
#: Sent by a form but written nowhere: searched anew after signing in.
_SEARCH = "account.search"
#: What the owner of a company that has left still sends: about its own account, its cases and its file (DM-12.7).
SENT_AFTER_THE_END = frozenset(
    {
        "account.change_password",
        "account.mark_notices_read",
        "account.search",
        "account.set_language",
        "account.sign_out",
        "account.sign_out_everywhere",
        "distributor.appeal_sanction",
        "distributor.explain_finding",
        "distributor.receive_notice",
        "distributor.sign_settlement",
    }
)


def begin(user: User, now: datetime) -> None:
    """Start a session for ``user`` in this response. What the browser had before is forgotten, save the language."""
    kept = {key: session[key] for key in _KEPT_AT_SIGN_IN if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    session[EPOCH] = user.session_epoch
    session[UNTIL] = int((now + _lifetime()).timestamp())
    login_user(user)


def end() -> None:
    """End the session of this browser; its language stays."""
    kept = {key: session[key] for key in _KEPT_AT_SIGN_IN if key in session}
    logout_user()
    session.clear()
    session.update(kept)


def has_left(user: User, now: datetime) -> bool:
    """Whether the cooperation with the person's distributor is over and the person may not be inside (RE-5.4, DM-12.5)."""
    status = status_of(user, now)
    return status is not None and not may_come_in(status, owner="owner" in user.roles)


def is_former_owner(user: User, now: datetime) -> bool:
    """Whether the person owns a company that has left: it may read and answer until its file is closed (DM-12.7)."""
    status = status_of(user, now)
    return status is not None and is_former(status)


def status_of(user: User, now: datetime) -> str | None:
    """The status of the person's distributor at ``now``; None for the company's own people."""
    return None if user.distributor is None else user.distributor.status_at(now)


def partnership_ended(status: str | None) -> ResponseReturnValue:
    """The page that people of a distributor with this status see instead of every other (RE-5.4, DM-12.5).

    A piece of a page cannot say it: htmx goes to the whole one, which ends the session.
    """
    if htmx.wants_fragment():
        return htmx.go(url_for("account.show_home"))
    end()
    return render_template("account/partnership_ended.html", status=status), 403


def _lifetime() -> timedelta:
    return timedelta(hours=current_app.extensions["settings"].session_hours)


@login_manager.user_loader
def _load(user_id: str) -> User | None:
    found = accounts.person_now(int(user_id))
    if found is None:
        return None
    user, g.page_now = found
    g.partnership_ended = status_of(user, g.page_now) if has_left(user, g.page_now) else None
    return user if not g.partnership_ended and _still_counts(user) else None


def _still_counts(user: User) -> bool:
    until = session.get(UNTIL, 0)
    return user.is_active and session.get(EPOCH) == user.session_epoch and page_now().timestamp() < until


@login_manager.unauthorized_handler
def _send_to_sign_in() -> ResponseReturnValue:
    ended = "_user_id" in session
    if ended:
        end()
    if request.endpoint != _SEARCH and errors.typed_values():
        return errors.answer(401, failures.words_for(401, posted=True))
    if ended:
        say(_("您的登录已结束。"), _("请重新登录，然后继续。"), "warn")
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not htmx.wants_fragment() else None
    return htmx.go(url_for("account.sign_in", next=wanted))


def _turn_back() -> ResponseReturnValue | None:
    """Before every page: nobody whose company has left goes on, nobody with a first password goes elsewhere."""
    if request.endpoint in _ABOUT_NOBODY:
        return None
    if not current_user.is_authenticated:
        return partnership_ended(g.partnership_ended) if g.get("partnership_ended") else None
    if current_user.must_change_password and request.endpoint not in _BEFORE_FIRST_CHANGE:
        return htmx.go(url_for("account.change_password"))
    if request.method == "POST" and is_former_owner(current_user, page_now()):
        return None if request.endpoint in SENT_AFTER_THE_END else (render_template("account/read_only.html"), 403)
    return None


def _can(permission: str) -> bool:
    """Whether the person signed in has ``permission`` (its value): pages offer only what would succeed."""
    return may(current_user, Permission(permission))


def register(app: Flask) -> None:
    """Bind the sign-in state to the application; the cookie lasts as long as the session may."""
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=app.extensions["settings"].session_hours)
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    # Address and browser change on a phone; what counts is the epoch and the end, checked at each request.
    login_manager.session_protection = None
    app.before_request(_turn_back)
    app.jinja_env.globals.update(can=_can, role_names=ROLE_WORDS)
