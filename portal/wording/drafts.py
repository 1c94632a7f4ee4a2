"""The words of the marks beside what was read from a message."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

#: The fields of the filing form as the marks name them, in the order of the form.
MARK_WORDS: dict[str, LazyString] = {
    "project": _l("项目"),
    "name": _l("姓名"),
    "phone": _l("手机号"),
    "residence": _l("客户来自"),
    "planned_at": _l("到访时间"),
    "company_name": _l("购房公司"),
    "id_number": _l("证件号"),
    "party_size": _l("人数"),
    "note": _l("同来的人"),
}
