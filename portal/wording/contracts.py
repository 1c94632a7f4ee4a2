"""The words of contracts: their kinds and states, what the checklist asks for, how the fields are called."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

#: What stands in the contract itself, always Chinese: no words of the page.
PERIODS: dict[str, str] = {"month": "月", "quarter": "季度", "half_year": "半年", "year": "年"}
DISPUTES: dict[str, str] = {
    "court": "向%(place)s人民法院提起诉讼",
    "arbitration": "提交%(place)s仲裁委员会按其现行规则仲裁，仲裁裁决是终局的，对双方有约束力",
}

PERIOD_WORDS: dict[str, LazyString] = {
    "month": _l("每月"),
    "quarter": _l("每季度"),
    "half_year": _l("每半年"),
    "year": _l("每年"),
}
DISPUTE_WORDS: dict[str, LazyString] = {"court": _l("诉讼"), "arbitration": _l("仲裁")}
TERM_WORDS: dict[int, LazyString] = {
    6: _l("半年"),
    12: _l("一年"),
    24: _l("两年"),
    36: _l("三年"),
}
KINDS: dict[str, LazyString] = {
    "agreement": _l("合作合同"),
    "amendment": _l("补充合同"),
    "renewal": _l("续签合同"),
    "carried_over": _l("线下签署的合同"),
}
#: State or standing -> look of the chip and its word.
STATES: dict[str, tuple[str, LazyString]] = {
    "draft": ("expired", _l("草稿")),
    "review": ("waiting", _l("待法务审核")),
    "signing": ("waiting", _l("待签署")),
    "withdrawn": ("expired", _l("已撤回")),
    "agreed": ("held", _l("已签署，未到期限")),
    "in_force": ("live", _l("履行中")),
    "ending": ("soon", _l("即将到期")),
    "amended": ("expired", _l("已被取代")),
    "expired": ("expired", _l("已到期")),
    "ended": ("void", _l("提前终止")),
}
TEMPLATE_STATES: dict[str, tuple[str, LazyString]] = {
    "draft": ("expired", _l("草稿")),
    "review": ("waiting", _l("待法务审核")),
    "in_force": ("live", _p("template", "使用中")),
    "superseded": ("expired", _l("已被取代")),
}
SIDES: dict[str, LazyString] = {"company": _l("甲方（公司）"), "partner": _l("乙方（分销商）")}
METHODS: dict[str, LazyString] = {
    "account": _l("登录后确认，公司数字证书签名"),
    "glass": _l("手写签名 + 一次性验证码"),
    "paper": _l("纸质签署，扫描留存"),
}
RENEWALS: dict[str, LazyString] = {"renew": _l("续签"), "end": _l("到期不再续签")}
#: What the clause checklist asks for.
ITEMS: dict[str, LazyString] = {
    "parties": _l("合同双方"),
    "mode": _l("合作方式"),
    "product": _l("产品或服务"),
    "territory": _l("项目与区域"),
    "term": _l("合作期限"),
    "goals": _l("合作目标（每期到访与成交）"),
    "plan": _l("推广计划"),
    "orders": _l("报备与订单办理"),
    "price": _l("价格政策与调价、返利"),
    "commission": _l("佣金方案"),
    "settlement": _l("结算"),
    "duties": _l("销售与推广义务"),
    "support": _l("市场支持"),
    "after_sales": _l("售后服务"),
    "breach_filing": _l("报备违约的责任"),
    "breach_interception": _l("截客、翘客的责任"),
    "stop": _l("停止合作的条件与程序"),
    "exit": _l("退出的程序"),
    "confidentiality": _l("保密"),
    "ip": _l("知识产权"),
    "dispute": _l("争议解决"),
    "annex": _l("附件：报备政策"),
}
FIELDS: dict[str, LazyString] = {
    "company_name": _l("甲方名称"),
    "company_representative": _l("甲方代表人"),
    "company_address": _l("甲方地址"),
    "partner_representative": _l("乙方代表人"),
    "partner_address": _l("乙方地址"),
    "mode": _l("合作方式"),
    "territory": _l("推广区域"),
    "target_period": _l("目标按"),
    "target_visits": _l("到访（组）"),
    "target_deals": _l("成交（套）"),
    "price_policy": _l("价格政策的补充约定"),
    "commission_plan": _l("佣金方案"),
    "settlement_day": _l("每月几日前对账"),
    "payment_days": _l("收到发票后几日内付款"),
    "market_support": _l("市场支持的补充约定"),
    "confidentiality_years": _l("合同终止后保密几年"),
    "dispute": _l("争议解决"),
    "dispute_place": _l("法院或仲裁委员会所在地"),
    "contract_number": _l("合同编号"),
    "partner_name": _l("乙方名称"),
    "partner_code": _l("乙方统一社会信用代码"),
    "projects": _l("项目"),
    "starts_on": _l("起始日"),
    "ends_on": _l("到期日"),
    "exit_notice_days": _l("退出须提前几日"),
    "policy_name": _l("附件政策的名称"),
    "circle_radius": _l("禁止拦截的半径"),
    "first_offence": _l("首次截客违约金"),
    "first_offence_capitals": _l("首次截客违约金大写"),
    "damages": _l("报备违约金"),
    "damages_capitals": _l("报备违约金大写"),
    "refund_days": _l("退还佣金的期限"),
}
