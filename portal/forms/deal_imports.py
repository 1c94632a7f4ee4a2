"""A file of the developer's sales system."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from portal.forms.arrivals import OnceKey, new_key
from portal.services.sheet_files import LARGEST_FILE


class ImportForm(FlaskForm):
    """One table; what it is, is told from its content."""

    table = FileField(_l("CSV 或 Excel 文件"))
    submission_key = HiddenField(validators=[OnceKey()], default=new_key)

    def validate_table(self, field: Field) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("请选择要导入的文件。"))
        # One byte more than is taken, so that the service can tell what is too large.
        self.content, self.named = field.data.stream.read(LARGEST_FILE + 1), field.data.filename

    def values(self) -> dict[str, Any]:
        return {"content": self.content, "name": self.named, "submission_key": self.submission_key.data}
