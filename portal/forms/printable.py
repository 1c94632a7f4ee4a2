"""What may stand in a field that others will read and that is printed: words, no pictures, no web code."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import ValidationError

_MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|&[a-zA-Z]+;|&#\d+;")
_SIGNS = frozenset("℃㎡°©®™№")
_IN_NAMES = frozenset(" ·・.•-'’（）()，,、/&")


class Printable:
    """No web code, no emoji: they cannot be printed on a slip."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text: str = field.data or ""
        if _MARKUP.search(text):
            raise ValidationError(_("含有网页代码（“<…>”），请只写文字。"))
        picture = next((sign for sign in text if is_picture(sign)), None)
        if picture is not None:
            raise ValidationError(_("“%(sign)s”打印不出来，请只写文字。", sign=picture))


class PersonName:
    """A person's name or how the person is called (张先生): letters of any script, no digits."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text: str = field.data or ""
        if not text.strip():
            return
        if any(unicodedata.category(sign) == "Nd" for sign in text):
            raise ValidationError(_("姓名里有数字。手机号请填在手机号一栏。"))
        if not any(unicodedata.category(sign)[0] == "L" for sign in text):
            raise ValidationError(_("请填写客户姓名或称呼，如“张三”“张先生”。"))
        if any(unicodedata.category(sign)[0] not in "LM" and sign not in _IN_NAMES for sign in text):
            raise ValidationError(_("姓名里有不能用的符号，请只写姓名。"))


def is_picture(sign: str) -> bool:
    """Emoji, dingbats and the invisible signs that join them."""
    return unicodedata.category(sign) in {"So", "Cf"} and sign not in _SIGNS
