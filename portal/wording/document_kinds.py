"""The names of documents."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

KINDS: dict[str, LazyString] = {
    "filing_slip": _l("报备单"),
    "visit_slip": _l("带客确认单"),
    "extension_approval": _l("延期批复"),
    "ruling": _l("归属裁定书"),
    "ruling_extract": _l("归属裁定摘录"),
    "contract": _l("分销合同（签署文本）"),
    "contract_signed": _l("分销合同（已签署）"),
    "explanation_request": _l("说明通知书"),
    "penalty_notice": _l("处罚通知书"),
    "staff_letter": _l("案场人员处理函"),
    "evidence_package": _l("移送材料"),
    "exit_approval": _l("退出批复"),
    "termination_letter": _l("终止合作通知书"),
    "settlement": _l("合作结算单"),
}
"""Each kind of portal.models.documents.DOCUMENT_KINDS."""
