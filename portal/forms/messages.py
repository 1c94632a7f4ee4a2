"""The field into which a broker pastes a message."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from portal.forms.texts import Needed, Plain, values_of

LONGEST = 4000
PLACE = re.compile(r"[0-9]{1,3}", re.ASCII)


class MessageForm(FlaskForm):
    """A WeChat message as it was sent, emoji and all: it is evidence, so nothing in it is tidied."""

    text = TextAreaField(_l("微信报备原文"), [Needed(_l("请先粘贴一段报备消息。")), Plain(LONGEST, lines=True)])

    def values(self) -> dict[str, Any]:
        return values_of(self)


class SpareNumberForm(FlaskForm):
    """Which of the numbers that were left over, by its place in the draft."""

    place = HiddenField()

    def validate_place(self, field: Field) -> None:
        if not PLACE.fullmatch(field.data or ""):
            raise ValidationError(_("这一页的提交标记不对，请重新打开再提交。"))

    def values(self) -> dict[str, Any]:
        return {"place": int(self.place.data or "0")}
