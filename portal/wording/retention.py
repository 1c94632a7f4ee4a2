"""How long what about partners is kept, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.rules.retention import ABANDONED_DAYS, REJECTED_YEARS, RETENTIONS
from portal.wording.applications import STATES

_APPRAISED = _l("会计档案的凭证；到期由人鉴定，未了结的不能销毁，系统只提醒，不自行销毁。")
#: Kind -> what it is, and why it is kept so long.
KINDS: dict[str, tuple[LazyString, LazyString]] = {
    "accounts": (
        _l("账号里的姓名、登录名和手机号，联系记录里的对方姓名"),
        _l("合作的请求权三年时效（民法典第 188 条）；到期由系统清除。"),
    ),
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


#: The same for what came to nothing: what it is, how long it is kept, why.
APPLICATIONS: tuple[tuple[LazyString, LazyString, LazyString], ...] = (
    (
        _l("未通过的申请：填写的内容、材料、联系方式和调查记录"),
        _l("决定后 %(number)d 年", number=REJECTED_YEARS),
        _l("对拒绝的请求权三年时效（民法典第 188 条）；到期由系统清除，编号、评分、决定和理由保留。"),
    ),
    (
        _l("没有提交、没有补正的申请，没有打开的邀请"),
        _l("最后改动或邀请失效后 %(number)d 天", number=ABANDONED_DAYS),
        _l("没有人据此作过决定；到期由系统清除，申请人随时可以重新申请。"),
    ),
)


def values_of() -> dict[str, Any]:
    """What the page of retention shows beside the partners."""
    return {"kinds": KINDS, "retentions": RETENTIONS, "of_applications": APPLICATIONS, "application_states": STATES}
