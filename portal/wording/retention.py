"""How long what about partners is kept, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.rules.retention import RETENTIONS

_APPRAISED = _l("会计档案的凭证；到期由人鉴定，未了结的不能销毁，系统只提醒，不自行销毁。")
#: Kind -> what it is, and why it is kept so long.
KINDS: dict[str, tuple[LazyString, LazyString]] = {
    "accounts": (_l("账号里的姓名、登录名和手机号"), _l("合作的请求权三年时效（民法典第 188 条）；到期由系统清除。")),
    "partner_file": (
        _l("档案里的法定代表人、联系人、手机号和账户"),
        _l("同上；列入黑名单的，保留不能还原的指纹，防止换名再来。"),
    ),
    "identity_papers": (_l("身份证明的影印件"), _l("只证明人，不是凭证；随人的信息一起由系统清除。")),
    "contracts": (_l("合同、证照和附件"), _APPRAISED),
    "settlements": (_l("结算单、处罚和终止通知"), _APPRAISED),
    "registrations": (_l("报备、到访和成交"), _l("属于项目，证明客户是谁带来的；按项目的期限，不随分销商清除。")),
    "history": (_l("历史记录和封存"), _l("不含个人信息；断了链就证明不了其余的记录。")),
}


def values_of() -> dict[str, Any]:
    """What the page of retention shows beside the partners."""
    return {"kinds": KINDS, "retentions": RETENTIONS}
