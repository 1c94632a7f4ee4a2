"""Forms about other people's accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.forms.editions import EditionForm
from portal.forms.printable import Printable
from portal.forms.texts import Needed, Plain, row_number, tidy, values_of
from portal.rules.roles import DISTRIBUTOR_ROLES, HQ_ROLES, SITE_ROLES
from portal.services.accounts import Grant, grant_value


def _read_grant(value: str) -> Grant:
    role, _, project_id = value.partition("@")
    return role, int(project_id) if project_id else None


class GrantsField(SelectMultipleField):
    """Check boxes for roles; those of a site once per project."""

    data: list[str] | None
    widget = ListWidget(prefix_label=False)
    #: In the order in which the page draws them.
    site_roles, hq_roles = SITE_ROLES, HQ_ROLES
    option_widget = CheckboxInput()

    def offer(self, roles: Sequence[str], project_ids: Sequence[int]) -> None:
        """Take ``roles`` as choices, site roles for each of ``project_ids``."""
        site = [grant_value(role, number) for role in roles if role in SITE_ROLES for number in project_ids]
        rest = [grant_value(role) for role in roles if role not in SITE_ROLES]
        self.choices = [SelectChoice(value) for value in rest + site]

    def pre_validate(self, form: FlaskForm) -> None:
        known = {choice.value for choice in self.choices or ()}
        chosen = self.data or []
        self.data = [value for value in chosen if value in known]


class PersonForm(FlaskForm):
    """Name and phone."""

    name = StringField(_l("姓名"), [Needed(_l("请填写姓名。")), Plain(40), Printable()], filters=[tidy])
    phone = StringField(_l("手机号"), [Plain(40)], filters=[tidy])

    def values(self) -> dict[str, Any]:
        return values_of(self)


class ChangePersonForm(EditionForm, PersonForm):
    """Name and phone of an account that exists."""


class BrokerForm(PersonForm):
    """A new broker of the owner's company."""

    login = StringField(_l("登录名"), [Needed(_l("请填写登录名，用手机号最方便。")), Plain(100)], filters=[tidy])


class RolesForm(PersonForm):
    """Name, phone and roles of an account that exists. Distributors' people keep to distributors' roles."""

    grants = GrantsField(_l("岗位"))

    def offer(self, project_ids: Sequence[int], *, of_distributor: bool) -> None:
        """Offer the roles that this account can have."""
        self.grants.offer(DISTRIBUTOR_ROLES if of_distributor else SITE_ROLES + HQ_ROLES, project_ids)

    def values(self) -> dict[str, Any]:
        return super().values() | {"grants": [_read_grant(value) for value in self.grants.data or ()]}


class ChangeAccountForm(EditionForm, RolesForm):
    """An account as it is to be, opened with what it is."""


class AccountForm(RolesForm):
    """A new account: for a distributor, a site or the group."""

    login = StringField(_l("登录名"), [Needed(_l("请填写登录名，用手机号最方便。")), Plain(100)], filters=[tidy])
    distributor_id = SelectField(_l("所属分销商"), coerce=row_number, validate_choice=False)

    def offer_all(self, project_ids: Sequence[int], distributors: Sequence[tuple[int, str]]) -> None:
        """Offer every role and every distributor."""
        self.grants.offer(DISTRIBUTOR_ROLES + SITE_ROLES + HQ_ROLES, project_ids)
        self.distributor_id.choices = [
            SelectChoice(0, _l("不属于分销商")),
            *(SelectChoice(*one) for one in distributors),
        ]

    def validate_distributor_id(self, field: SelectField) -> None:
        known = {choice.value for choice in field.choices}
        field.data = field.data if field.data in known else 0

    def values(self) -> dict[str, Any]:
        return super().values() | {"distributor_id": self.distributor_id.data or None}
