"""Forms of one's own account: sign in, change the password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo

from portal.forms.texts import Needed, Plain, tidy, values_of


class SignInForm(FlaskForm):
    """Login (a phone number in any spelling, or a name) and password."""

    login = StringField(_l("手机号或登录名"), [Needed(_l("请填写手机号或登录名。")), Plain(100)], filters=[tidy])
    password = PasswordField(_l("密码"), [Needed(_l("请填写密码。")), Plain(200)])

    def values(self) -> dict[str, Any]:
        return values_of(self)


class ChangePasswordForm(FlaskForm):
    """The present password and the new one twice."""

    present_password = PasswordField(_l("现在的密码"), [Needed(_l("请填写现在的密码。")), Plain(200)])
    new_password = PasswordField(_l("新密码"), [Needed(_l("请填写新密码。")), Plain(200)])
    new_password_again = PasswordField(
        _l("再输一次新密码"),
        [Needed(_l("请再输一次新密码。")), EqualTo("new_password", _l("两次输入的新密码不一样。"))],
    )

    def values(self) -> dict[str, Any]:
        return values_of(self, "new_password_again")
