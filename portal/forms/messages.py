"""The field into which a broker pastes a message."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from portal.forms.texts import Needed, Plain, values_of

LONGEST = 4000


class MessageForm(FlaskForm):
    """A WeChat message as it was sent, emoji and all: it is evidence, so nothing in it is tidied."""

    text = TextAreaField(_l("微信报备原文"), [Needed(_l("请先粘贴一段报备消息。")), Plain(LONGEST, lines=True)])

    def values(self) -> dict[str, Any]:
        return values_of(self)
