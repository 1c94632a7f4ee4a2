"""What the history and the notices say about contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.wording import contracts

HISTORY: dict[str, LazyString] = {
    "contract.carried_over": _l("登记线下已签的合同 %(reference)s。"),
    "contract.drafted": _l("起草合同 %(reference)s：%(kind)s。"),
    "contract.changed": _l("修改合同 %(reference)s 的草稿。"),
    "contract.submitted": _l("合同 %(reference)s 送法务审核。"),
    "contract.returned": _l("合同 %(reference)s 审核退回修改。"),
    "contract.cleared": _l("合同 %(reference)s 审核通过，文本定稿，开始签署。"),
    "contract.side_signed": _l("合同 %(reference)s：%(side)s已签（%(method)s）。"),
    "contract.signed": _l("合同 %(reference)s 双方签署完毕，有效至 %(until)s。"),
    "contract.withdrawn": _l("合同 %(reference)s 撤回，不再签署。"),
    "contract.ended": _l("合同 %(reference)s 提前终止，止于 %(until)s。"),
    "contract.renewal_decided": _l("合同 %(reference)s 的续签决定：%(renewal)s。"),
    "contract_template.drafted": _l("起草合同模板 %(name)s 第 %(version)s 版。"),
    "contract_template.changed": _l("修改合同模板 %(name)s 第 %(version)s 版。"),
    "contract_template.submitted": _l("合同模板 %(name)s 第 %(version)s 版送法务审核。"),
    "contract_template.returned": _l("合同模板 %(name)s 第 %(version)s 版审核退回。"),
    "contract_template.in_force": _l("合同模板 %(name)s 第 %(version)s 版审核通过，开始使用。"),
    "distributor.contracted": _l("合同签署完毕，待渠道部启用。"),
}
VALUES: dict[str, Mapping[Any, LazyString]] = {
    "side": contracts.SIDES,
    "renewal": contracts.RENEWALS,
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "contract.to_review": (_l("合同 %(reference)s 等待法务审核。"), _l("由没有参与起草的法务审核。")),
    "contract.no_reviewer": (
        _l("合同 %(reference)s 送审了，没有人能审核。"),
        _l("没有可用的法务账号，或者法务自己动过文本。请为另一位法务开通账号；别的岗位不会代审。"),
    ),
    "contract_template.to_review": (_l("合同模板 %(reference)s 等待法务审核。"), _l("由没有参与起草的法务审核。")),
    "contract_template.no_reviewer": (
        _l("合同模板 %(reference)s 送审了，没有人能审核。"),
        _l("没有可用的法务账号，或者法务自己动过文本。请为另一位法务开通账号；别的岗位不会代审。"),
    ),
    "contract.returned": (_l("合同 %(reference)s 审核退回修改。"), _l("打开看审核意见，改后再送审。")),
    "contract.to_sign": (_l("合同 %(reference)s 可以签署了。"), _l("文本已经定稿，请阅读后签署。")),
    "contract.signed": (_l("合同 %(reference)s 双方已签署。"), _l("打开可以下载签好的合同。")),
    "contract.ending": (_l("合同 %(reference)s 将于 %(until)s 到期。"), _l("到期没有续签的，不能再报备。")),
    "contract.expired": (_l("合同 %(reference)s 已到期。"), _l("止于 %(until)s；没有别的有效合同就不能报备。")),
    "contract.ended": (_l("合同 %(reference)s 提前终止。"), _l("止于 %(until)s，之后不能再按这份合同报备。")),
    "contract.to_renew": (_l("合同 %(reference)s 拟续签。"), _l("原合同至 %(until)s；续签合同起草后请签署。")),
    "contract.not_renewed": (_l("合同 %(reference)s 到期不再续签。"), _l("合作至 %(until)s，理由可以向渠道部了解。")),
}
