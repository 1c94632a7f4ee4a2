"""Naming a deputy: in whose place, whom, from which day to which, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from portal.forms.contracts import Day
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, tidy
from portal.models import User
from portal.wording.delegations import MATTERS


class DelegationForm(FlaskForm):
    """``offer`` says first who can be chosen; people are named by their logins."""

    refusal: Any = None
    place = SelectField(_l("代谁签批"), [Needed(_l("请选择代谁签批。"))])
    deputy = SelectField(_l("由谁代"), [Needed(_l("请选择代理人。"))])
    first_day = DateField(_l("第一天"), [Day()])
    last_day = DateField(_l("最后一天"), [Day()])
    reason = TextAreaField(
        _l("授权事由"), [Needed(_l("请写明事由。")), Plain(300, lines=True), Printable()], filters=[tidy]
    )

    def offer(self, places: Sequence[tuple[str, User]], people: Sequence[User]) -> None:
        """Who can delegate what, and who can be named."""
        self.places = {f"{matter}:{person.login}": (matter, person) for matter, person in places}
        self.people = {person.login: person for person in people}
        self.place.choices = [SelectChoice(key, _words(*pair)) for key, pair in self.places.items()]
        named = [SelectChoice(login, person.name) for login, person in self.people.items()]
        self.deputy.choices = [SelectChoice("", _l("请选择")), *named]

    def values(self) -> dict[str, Any]:
        matter, principal = self.places[self.place.data]
        return {
            "matter": matter,
            "principal": principal,
            "deputy": self.people[self.deputy.data],
            "first_day": self.first_day.data,
            "last_day": self.last_day.data,
            "reason": self.reason.data,
        }


class EndForm(FlaskForm):
    """A button alone."""

    refusal: Any = None

    def values(self) -> dict[str, Any]:
        return {}


def _words(matter: str, person: User) -> str:
    return f"{person.name} · {MATTERS[matter]}"
