"""The words of endings: kinds, states, duties, hand-over, history and notices."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

KINDS: dict[str, LazyString] = {
    "voluntary": _l("主动退出"),
    "termination": _l("公司终止"),
    "blacklist": _l("列入黑名单"),
}
#: State -> look of its chip and its word.
STATES: dict[str, tuple[str, LazyString]] = {
    "asked": ("waiting", _p("exit", "待公司决定")),
    "proposed": ("waiting", _p("exit", "待另一位确认")),
    "approved": ("soon", _p("exit", "已同意，未到期")),
    "refused": ("refused", _p("exit", "未同意")),
    "taken_back": ("void", _p("exit", "已撤回")),
    "overtaken": ("void", _p("exit", "已被其他决定取代")),
    "in_force": ("expired", _p("exit", "合作已结束，未尽事项办理中")),
    "closed": ("frozen", _p("exit", "已结案")),
}
DUTIES: dict[str, LazyString] = {
    "customers": _l("正在进行的客户"),
    "requests": _l("未决的延期、撞单和投诉"),
    "findings": _l("未结的违规与处理"),
    "commission": _l("佣金与退款结清"),
    "papers": _l("证照、资料和物料交还"),
    "accounts": _l("经纪人账号关闭"),
    "settlement": _l("结算单签字"),
    "confidentiality": _l("客户资料与商业信息的保密承诺"),
}
#: What each duty asks for, in one sentence.
DUTY_SAYS: dict[str, LazyString] = {
    "customers": _l("每一份定好走到期满还是移交；合作结束后，走到期满的到期为止。"),
    "requests": _l("都有决定为止。"),
    "findings": _l("都有结论，应付的已付清为止。"),
    "commission": _l("按结算单核对应付、暂缓和应退的佣金。"),
    "papers": _l("委托书、宣传物料、钥匙和证件交还公司。"),
    "accounts": _l("合作结束时系统关闭；负责人的账号结案时关闭。"),
    "settlement": _l("合作结束后由公司出具，双方签字。"),
    "confidentiality": _l("结束后仍保护客户、不泄露资料，不转让或转包合同。"),
}
DUTY_STATES: dict[str, tuple[str, LazyString]] = {
    "open": ("waiting", _p("duty", "未办")),
    "done": ("live", _p("duty", "已办")),
    "waived": ("void", _p("duty", "免除")),
}
CHOICES: dict[str, LazyString] = {"run_on": _l("走到期满"), "release": _l("移交公司")}
CLAUSE_WORDS: dict[str, LazyString] = {
    "DM-12.2": _l("严重违约，立即停止合作"),
    "DM-12.5": _l("丧失分销商资格，清退"),
    "RE-4.8": _l("违约报备的后果"),
    "CH-14.2": _l("违约措施：终止"),
}
HISTORY: dict[str, LazyString] = {
    "distributor.warned": _l("警告。"),
    "distributor.downgraded": _l("降级。"),
    "distributor.urged": _l("督促：没有达到约定的目标。"),
    "distributor.recovered": _l("解除警告或降级，恢复正常合作。"),
    "distributor.terminated": _l("终止合作 %(reference)s；作废登记 %(voided)s 件。"),
    "distributor.exited": _l("退出生效 %(reference)s；移交登记 %(voided)s 件，其余走到期满。"),
    "exit.asked": _l("申请退出 %(reference)s，合作到 %(until)s 为止。"),
    "exit.taken_back": _l("撤回退出申请 %(reference)s。"),
    "exit.approved": _l("同意退出 %(reference)s，合作到 %(until)s 为止。"),
    "exit.refused": _l("不同意退出 %(reference)s。"),
    "exit.proposed": _l("提出终止合作 %(reference)s，待另一位同事确认。"),
    "exit.dropped": _l("不采纳终止合作的提议 %(reference)s。"),
    "exit.overtaken": _l("%(reference)s 被其他决定取代。"),
    "exit.in_force": _l("%(reference)s 生效，开始办理未尽事项。"),
    "exit.handed_over": _l("%(reference)s 决定 %(number)s 份客户：%(choice)s。"),
    "exit.release_signed": _l("%(reference)s 分销商签字同意移交 %(number)s 份客户。"),
    "exit.duty_ticked": _l("%(reference)s %(duty)s：%(state)s。"),
    "exit.settled_up": _l("%(reference)s 出具结算单。"),
    "exit.settlement_signed": _l("%(reference)s 结算单已签字（%(method)s）。"),
    "exit.closed": _l("%(reference)s 未尽事项办完，结案。"),
    "user.erased": _l("保存期满，账号里的个人信息已清除。"),
    "partner_file.erased": _l("保存期满，档案里的个人信息已清除。"),
    "care.contact_erased": _l("保存期满，联系记录里的对方姓名已清除。"),
    "file.erased": _l("保存期满，证件的影印件已清除。"),
    "application.erased": _l("保存期满，申请 %(reference)s 里的个人信息和材料已清除。"),
    "application.invitation_erased": _l("保存期满，邀请的名称和联系方式已清除。"),
}
#: Facts of the history that are keys of words.
VALUES: dict[str, dict[str, LazyString]] = {
    "duty": DUTIES,
    "choice": CHOICES,
    "state": {state: word for state, (_look, word) in DUTY_STATES.items()},
}
NOTICES: dict[str, tuple[LazyString, LazyString]] = {
    "distributor.warned": (_l("贵司被警告。"), _l("可以照常报备；请联系渠道部整改。")),
    "distributor.urged": (
        _l("公司督促贵司赶上约定的目标。"),
        _l("照常报备；理由和目标见“我的公司”，有困难请联系渠道部。"),
    ),
    "distributor.downgraded": (_l("贵司被降级。"), _l("可以照常报备；请联系渠道部整改。")),
    "distributor.recovered": (_l("贵司的警告或降级已解除。"), _l("恢复正常合作。")),
    "exit.asked": (_l("收到退出申请 %(reference)s。"), _l("希望合作到 %(until)s 为止，请决定。")),
    "exit.taken_back": (_l("退出申请 %(reference)s 已撤回。"), _l("合作照旧。")),
    "exit.approved": (_l("退出申请 %(reference)s 已同意。"), _l("合作到 %(until)s 为止，此前一切照旧。")),
    "exit.refused": (_l("退出申请 %(reference)s 未获同意。"), _l("合作照旧，理由在申请里。")),
    "exit.handover": (_l("%(reference)s 的客户怎样交接有了决定。"), _l("打开逐份看；要移交的须贵司签字才算数。")),
    "exit.settlement": (_l("%(reference)s 的结算单已出具。"), _l("请核对后签字。")),
    "exit.signed": (_l("%(reference)s 分销商已签字。"), _l("打开看签的是什么。")),
    "exit.proposed": (_l("%(reference)s 提议终止合作。"), _l("须另一位同事确认才生效。")),
}
