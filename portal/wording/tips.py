"""How far a case is, as a whistle-blower may know it: never who, never what follows."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.models import Finding

_STAGES: dict[str, tuple[LazyString, LazyString]] = {
    "reported": (_l("已收到。"), _l("渠道部还没有受理。")),
    "investigating": (_l("正在调查。"), _l("渠道部已受理，正在核实。")),
    "explanation_asked": (_l("正在调查。"), _l("渠道部已受理，正在核实。")),
    "confirmed": (_l("已查实。"), _l("处理由公司决定，不在这里公开。")),
    "unfounded": (_l("已结案。"), _l("现有材料不能查实；有新的线索请另行举报。")),
}


def stage_of(finding: Finding) -> tuple[str, str]:
    """Bold words and the rest."""
    strong, rest = _STAGES[finding.state]
    return str(strong), str(rest)
