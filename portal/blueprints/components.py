"""Every component once, at /_components: the page that people and browser tests look at. Only in debug and in tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, abort, current_app, g, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.access import public
from portal.navigation import Count, Group, Link, Person
from portal.wording import timeline

bp = Blueprint("components", __name__)
#: The gallery's own time, so that its pictures do not change by themselves.
NOW = datetime(2026, 4, 7, 6, 32, 5, tzinfo=UTC)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """One field of each kind."""

    name = StringField(_l("客户姓名"), validators=[InputRequired(), Length(max=40)])
    phone = StringField(
        _l("手机号"), validators=[InputRequired(), Length(min=11, message=_l("手机号是 11 位，现在 10 位。"))]
    )
    project = SelectField(
        _l("项目"),
        choices=[SelectChoice("YQ", "云栖府（杭州）"), SelectChoice("JP", "江畔里（杭州）")],
        validators=[InputRequired()],
    )
    residence = RadioField(
        _l("客户来自"),
        choices=[SelectChoice("local", _l("本地")), SelectChoice("away", _l("外地"))],
        validators=[InputRequired()],
    )
    arrival = RadioField(
        _l("预计到访"),
        choices=[
            SelectChoice("hour", _l("1 小时后")),
            SelectChoice("today", _l("今天下午")),
            SelectChoice("next", _l("明天")),
        ],
    )
    note = TextAreaField(_l("备注"))
    honest = BooleanField(_l("我以自有资源开发此客户，所填属实，并已征得客户同意。"))


def _sample_nav() -> dict[str, Any]:
    here = Link("待办", "inbox", "#a", Count(9, due=True), True, False)
    items = (here, Link("总览", "layout-dashboard", "#b", None, False, False))
    more = (
        Link("分销商", "users", "#c", None, False, False),
        Link("违规认定", "map-pin", "#d", Count(2), False, False),
    )
    middle = Link("报备", "plus", "#e", None, False, True)
    tabs = (items[0], items[1], middle, more[0], more[1])
    who = Person("华静", _l("渠道部"), "青岚置业集团", ("hq_channel",))
    return {"who": who, "nav": (Group(None, items), Group("渠道", more)), "tabs": tabs}


def _lines() -> dict[str, timeline.Timeline]:
    filed, day = datetime(2026, 2, 20, 2, 12, 9, tzinfo=UTC), timedelta(days=1)
    midnight = datetime(2026, 2, 20, 16, tzinfo=UTC)
    visit: dict[str, Any] = {"visit_at": filed + 4 * day, "visit_end": midnight + 49 * day}
    hold_end = midnight + 7 * day
    hold = timeline.draw(filed_at=NOW - 3 * day, hold_end=midnight + 50 * day, now=NOW)
    asked = timeline.draw(
        filed_at=filed, hold_end=hold_end, now=NOW, **visit, ext_end=midnight + 94 * day, asked_at=NOW - 2 * day
    )
    frozen = timeline.draw(filed_at=filed, hold_end=hold_end, now=NOW, **visit, frozen_at=NOW - 20 * day)
    gone = timeline.draw(filed_at=filed, hold_end=hold_end, now=NOW)
    return {"hold": hold, "asked": asked, "frozen": frozen, "gone": gone}


@bp.get("/_components")
@public
def show_components() -> str:
    """The gallery; ``frame=tablet`` and ``frame=public`` show it in the other frames."""
    if not (current_app.debug or current_app.testing):
        abort(404)
    g.page_now = NOW
    form = SampleForm(data={"name": "黄维", "phone": "1390000771", "residence": "local"})
    form.phone.errors = [_l("手机号是 11 位，现在 10 位。")]
    frames = {"tablet": "layout_site_tablet.html", "public": "layout_public.html"}
    layout = frames.get(request.args.get("frame", ""), "layout.html")
    return render_template("components/page.html", layout=layout, form=form, at=NOW, lines=_lines(), **_sample_nav())


def register(app: Flask) -> None:
    """Add the gallery."""
    app.register_blueprint(bp)
