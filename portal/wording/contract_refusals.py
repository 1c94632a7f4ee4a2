"""The words of refusals about contracts: what happened, what was kept, what to do."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_NOTHING = _l("什么都没有改动。")
_TYPED = _l("您填的内容都还在。")
_AGAIN = _l("重新打开这一页，看过现在的状态再决定。")

REASONS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "contract_step_not_possible": (_l("合同现在的状态不能这样办理。"), _NOTHING, _AGAIN),
    "template_step_not_possible": (_l("这个模板版本现在不能这样办理。"), _NOTHING, _AGAIN),
    "contract_partner_gone": (
        _l("与这家分销商的合作已经终止，或正在退出，不能订立合同。"),
        _NOTHING,
        _l("重新合作须先重新申请。"),
    ),
    "contract_reviewed_by_its_drafter": (
        _l("这份文本里有您写的内容，不能由您审核。"),
        _TYPED,
        _l("请另一位法务审核。"),
    ),
    "contract_text_changed": (
        _l("要签署的文本和您看到的不一致，签署没有进行。"),
        _NOTHING,
        _l("重新打开合同，从头读过再签。"),
    ),
    "contract_template_missing": (
        _l("没有审核通过的合同模板。"),
        _TYPED,
        _l("先在“合同模板”里起草，由法务审核后使用。"),
    ),
    "contract_policies_differ": (
        _l("所选项目适用的规则违约金额不同，不能写进同一份合同。"),
        _TYPED,
        _l("按规则把项目分成几份合同。"),
    ),
    "contract_not_a_draft": (
        _l("合同已经送审或开始签署，不能修改。"),
        _NOTHING,
        _l("要修改的，请审核人退回，或撤回后重拟。"),
    ),
    "contract_not_in_force": (_l("这份合同现在没有履行，或不是定期合同，不能这样办理。"), _NOTHING, _AGAIN),
    "contract_term_over": (_l("合同期限至 %(ends_at)s，已经过去。"), _NOTHING, _l("改好期限再办理。")),
    "contract_not_open_to_sign": (_l("这份合同现在不能签署。"), _NOTHING, _AGAIN),
    "contract_partly_signed": (
        _l("已有一方在系统里签署，不能再改用纸质签署。"),
        _NOTHING,
        _l("请另一方也在系统里签，或撤回后重拟。"),
    ),
    "no_signing_certificate": (
        _l("没有安装公司的签名证书，不能电子签署。"),
        _NOTHING,
        _l("请管理员安装证书，或打印后双方在纸上签署、上传扫描件。"),
    ),
    "no_contact_for_code": (
        _l("渠道档案里没有这种联系方式，验证码发不出去。"),
        _NOTHING,
        _l("请渠道部补全档案，或在纸上签署。"),
    ),
    "contract_replaced": (
        _l("这份合同已有补充合同接替，不能再变更。"),
        _TYPED,
        _l("打开接替的补充合同，在那一份上起草变更。"),
    ),
    "contract_renewed": (
        _l("这份合同已经续签。"),
        _TYPED,
        _l("要改续签后的条款，对续签合同起草补充合同。"),
    ),
    "renewal_not_decided": (_l("还没有决定续签这份合同。"), _NOTHING, _l("先作续签审查，写明理由。")),
    "renewal_under_way": (_l("续签合同已经起草，决定不能再改。"), _NOTHING, _l("先撤回续签合同。")),
    "template_incomplete": (
        _l("模板还缺 %(missing)s 项必备条款，不能送审。"),
        _NOTHING,
        _l("对照条款清单补全。"),
    ),
}
