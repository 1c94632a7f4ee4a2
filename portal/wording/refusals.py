"""The words of refusals: reason code -> what happened, what was kept, what to do.

Every ``Refusal("…")`` in the code has an entry.

Sentences may name facts of the refusal: ``%(ends_at)s``. An instant is shown in the zone of the fact ``zone``, the exclusive
end of a period (a fact whose name ends in ``ends_at``) as its last covered minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.rules.refusal import Refusal
from portal.wording import times
from portal.wording.application_refusals import APPLICATIONS
from portal.wording.care_refusals import CARE
from portal.wording.contract_refusals import REASONS as CONTRACTS
from portal.wording.delegations import REFUSALS as DELEGATIONS
from portal.wording.exit_refusals import EXITS

Sentences = tuple[LazyString, LazyString, LazyString]


@dataclass(frozen=True)
class Words:
    """A refusal as people read it: three sentences, the clause that decided, the number of what is in the way."""

    happened: str
    kept: str
    next: str
    clause: str | None
    reference: str | None = None


NOTHING = _l("什么都没有改动。")
TYPED = _l("您填的内容都还在。")
LOOK_AGAIN = _l("重新打开这一页，看过现在的状态再决定。")

REASONS: dict[str, Sentences] = {
    **APPLICATIONS,
    **CARE,
    **CONTRACTS,
    **DELEGATIONS,
    **EXITS,
    # who asks
    "no_distributor": (_l("您的账号不属于任何分销商，不能报备。"), TYPED, _l("请联系渠道部开通。")),
    "distributor_blacklisted": (_l("贵司已列入黑名单，不能再报备、带客或申请。"), NOTHING, _l("有异议请联系渠道部。")),
    "distributor_suspended": (
        _l("贵司已暂停合作，现在不能报备或申请；已有的保护继续到期满。"),
        NOTHING,
        _l("恢复合作后再办，请联系渠道部。"),
    ),
    "distributor_not_yet_active": (
        _l("贵司的合同尚未办妥，还不能报备。"),
        NOTHING,
        _l("双方签署、渠道部启用后即可报备；可在“我的公司”查看进度。"),
    ),
    "distributor_terminated": (_l("与贵司的合作已终止，不能再报备、带客或申请。"), NOTHING, _l("有异议请联系渠道部。")),
    "no_contract": (_l("贵司没有覆盖该项目的有效合同，不能报备。"), TYPED, _l("请与渠道部签订或续签合同后再报备。")),
    "project_takes_no_filings": (_l("这个项目现在不接受新的报备。"), TYPED, _l("请选择另一个项目。")),
    "commission_not_held": (_l("这宗佣金已经放行。"), NOTHING, LOOK_AGAIN),
    "partner_step_not_possible": (
        _l("该分销商现在的状态不能这样变更。"),
        NOTHING,
        _l("刷新页面，看它现在可以办什么。"),
    ),
    "distributor_left": (_l("贵司已退出合作，不能报备或申请。"), NOTHING, _l("重新合作请联系渠道部。")),
    # accounts
    "own_account_stays": (_l("不能停用自己的账号。"), NOTHING, _l("请另一位管理员办理。")),
    "last_administrator_stays": (_l("这是最后一位可用的管理员，不能停用。"), NOTHING, _l("先给另一个人管理员岗位。")),
    "own_password_is_changed": (_l("自己的密码不用重置。"), NOTHING, _l("在“我的账号”里更改密码。")),
    # filing
    "phone_needed": (_l("个人客户须有完整的手机号。"), TYPED, _l("补上手机号再提交。")),
    "already_filed": (
        _l("您已报备过这位客户，保护仍有效，编号 %(reference)s，至 %(ends_at)s。"),
        _l("原来的保护不变，也不重新计时。"),
        _l("打开原来的报备查看；到期后可以重新报备。"),
    ),
    "cooling_off": (_l("这位客户的报备刚过期，%(free_at)s 起才能重新报备。"), TYPED, _l("到时再提交。")),
    "announce_after_end": (
        _l("这份报备已经到期或结束，不能再通知到访。"),
        TYPED,
        _l("重新报备后再约到访。"),
    ),
    "announce_in_the_past": (_l("通知的到访时间已经过去。"), TYPED, _l("改成之后的时间再通知。")),
    "announce_beyond_the_end": (
        _l("通知的到访时间晚于保护到期时间。"),
        TYPED,
        _l("改成到期之前的时间；到期之后的到访不算这份报备。"),
    ),
    "nothing_filed": (_l("没有可用的报备。"), NOTHING, _l("先报备，再到访。")),
    "changed_meanwhile": (
        _l("您打开这一页之后，这里的内容又改过一次。"),
        TYPED,
        _l("对照现在保存着的；仍要用您填的，再保存一次。"),
    ),
    "changed_while_read": (_l("您打开这一页之后，这里的内容又改过一次。"), TYPED, LOOK_AGAIN),
    "nothing_corrected": (_l("没有改动任何内容。"), NOTHING, _l("改好要更正的内容再提交。")),
    "reveal_needs_a_reason": (_l("查看完整号码须选原因，查看会留痕。"), NOTHING, _l("选一个原因再看。")),
    # partnership
    "only_active_is_suspended": (_l("只有合作中的分销商可以暂停。"), NOTHING, LOOK_AGAIN),
    "already_blacklisted": (_l("这家分销商已在黑名单。"), NOTHING, LOOK_AGAIN),
    "only_stopped_is_reinstated": (_l("这家分销商正在合作，不需要恢复。"), NOTHING, LOOK_AGAIN),
    # policies
    "policy_in_the_past": (_l("规则的生效时间已经过去。"), TYPED, _l("生效时间改到现在以后；已有的登记不受影响。")),
    "no_policy_in_force": (_l("这个项目现在没有生效的规则。"), NOTHING, _l("请管理员先发布规则。")),
    "policy_unchanged": (_l("没有改动任何参数，不用发布新的版本。"), TYPED, _l("改好参数再看差别。")),
    "policy_published_meanwhile": (
        _l("您拟定期间，别人发布了第 %(version)s 版。"),
        TYPED,
        _l("看过和新版本的差别再发布。"),
    ),
    "backtests_open": (
        _l("您已有 %(most)s 个试算还没有算完。"),
        TYPED,
        _l("等其中一个算完，或先停止一个。"),
    ),
    # excuses
    "nothing_to_excuse": (_l("这次到访没有可以例外批准的过晚报备。"), NOTHING, LOOK_AGAIN),
    "excuse_after_hold": (_l("到访时报备保护已经过期，不能例外批准。"), NOTHING, _l("由分销商重新报备。")),
    "excuse_declined_before": (
        _l("这次到访已经有不批准例外的决定，原因已告知分销商。"),
        NOTHING,
        _l("仍要例外的，写明原因批准。"),
    ),
    "policy_excuses_nobody": (_l("本项目的规则不允许例外批准。"), NOTHING, _l("按自然到访处理。")),
    "excuse_needs_signed_visit": (_l("带客确认单还没有签齐，不能例外批准。"), NOTHING, _l("先签带客确认单。")),
    "excuse_after_deal": (_l("客户已经认筹、认购或签约，不能再例外批准。"), NOTHING, LOOK_AGAIN),
    "excuse_against_record": (_l("公司有早于报备的来电来访记录，不能例外批准。"), NOTHING, _l("按审核结果处理。")),
    # classification
    "classify_ended": (_l("这份登记已经结束，不能认定大宗。"), NOTHING, LOOK_AGAIN),
    "classify_before_visit": (_l("客户还没有到访，不能认定大宗。"), NOTHING, _l("首次到访签单后再认定。")),
    "classify_frozen": (_l("归属已锁定，不能再改大宗认定。"), NOTHING, LOOK_AGAIN),
    "classify_after_end": (_l("保护期已结束，不能再认定大宗。"), NOTHING, LOOK_AGAIN),
    "classify_asked_upon": (_l("分销商已按大宗申请延期，不能撤回大宗认定。"), NOTHING, _l("由渠道部决定延期申请。")),
    # extensions
    "extension_after_end": (_l("保护期已结束，不能再申请延期。"), TYPED, _l("可以重新报备这位客户。")),
    "extension_once": (_l("延期只有一次，这位客户已申请过。"), NOTHING, _l("查看原来的申请。")),
    "extension_lapsed": (_l("合作已终止，这份延期申请随之失效。"), NOTHING, LOOK_AGAIN),
    "extension_decided": (_l("这份延期申请已经决定过。"), NOTHING, LOOK_AGAIN),
    "extension_of_frozen": (_l("归属已锁定，不需要延期。"), NOTHING, LOOK_AGAIN),
    "extension_before_visit": (_l("客户还没有到访，不能申请大宗延期。"), TYPED, _l("首次到访并认定大宗后再申请。")),
    "extension_before_entry": (
        _l("到访流程还没有录入完成，不能申请延期。"),
        TYPED,
        _l("案场录入后再申请；等待期间照常受保护。"),
    ),
    "extension_needs_bulk": (_l("案场还没有认定为大宗客户，不能申请延期。"), TYPED, _l("请案场先认定。")),
    # deals
    "buyer_needs_a_key": (_l("购房人须有完整的手机号、证件号或统一社会信用代码。"), TYPED, _l("补上一项再提交。")),
    "deal_event_in_the_future": (_l("成交时间晚于现在。"), TYPED, _l("按实际付款或签字的时间填写。")),
    "deal_event_recorded": (_l("这一步已经登记过。"), NOTHING, LOOK_AGAIN),
    "deal_event_out_of_order": (
        _l("成交依次为认筹、认购、签约、网签，时间也须先后一致。"),
        TYPED,
        _l("核对这一步和它的时间。"),
    ),
    "online_signing_without_signing": (
        _l("还没有登记认筹、认购或签约，不能只登记网签。"),
        TYPED,
        _l("先登记前面的步骤。"),
    ),
    # relatives
    "relative_needs_a_key": (_l("亲属双方都须有完整的手机号或证件号。"), TYPED, _l("补上一项再提交。")),
    "relative_of_oneself": (_l("亲属双方是同一个人。"), TYPED, _l("核对两边的号码。")),
    "relation_withdrawn": (_l("这条亲属关系已经撤回。"), NOTHING, LOOK_AGAIN),
    # claims and rulings
    "claim_too_late": (
        _l("撞单申请期至 %(ends_at)s，已经结束，不再受理。"),
        _l("您的报备和记录不受影响。"),
        _l("有客户投诉或恶意抢单线索的，可以向渠道部提出。"),
    ),
    "claim_closed": (_l("这份申请已经有结论，不再收证据。"), NOTHING, _l("有新情况的，可以向渠道部提出。")),
    "claims_too_many": (
        _l("按号码提出的申请太多，现在不再受理。"),
        TYPED,
        _l("过一小时再提交；登记过的客户可以从客户页面提出，不受此限。"),
    ),
    "claim_of_online_signing": (
        _l("网签不另开申请期，申请须在认筹、认购或签约后提出。"),
        _l("您的报备和记录不受影响。"),
        _l("有客户投诉或恶意抢单线索的，可以向渠道部提出。"),
    ),
    "redetermination_needs_a_finding": (
        _l("重新确定归属须先有查实的客户投诉或恶意抢单。"),
        NOTHING,
        _l("先完成调查并认定。"),
    ),
    "redetermination_needs_a_reason": (_l("重新确定归属须写明理由。"), TYPED, _l("写明依据再签发。")),
    "registration_not_considered": (_l("这份登记不在本案之内。"), NOTHING, _l("从参与裁定的登记中选择。")),
    "decided_anew_stays": (
        _l("这笔成交已由渠道部查实后重新确定归属，裁定 %(reference)s。"),
        NOTHING,
        _l("有新的线索请报告渠道部。"),
    ),
    "near_match_needs_a_reason": (_l("认可近似号码须写明理由。"), TYPED, _l("写明依据再裁定。")),
    "not_a_near_match": (
        _l("这份登记的号码不是只差一字，不能认可。"),
        TYPED,
        _l("只有差一字的号码可以认可，其余按规则裁定。"),
    ),
    "ruled_meanwhile": (_l("这件成交已有新的裁定 %(reference)s。"), TYPED, LOOK_AGAIN),
    "finding_by_its_reporter": (_l("您报告了这件事，不能由您查实。"), TYPED, _l("请另一位同事查实。")),
    "finding_decided": (_l("这件事已经有结论。"), NOTHING, LOOK_AGAIN),
    "finding_needs_a_reason": (_l("查实与否须写明依据。"), TYPED, _l("写明调查经过和依据。")),
    "finding_kind_opens_nothing": (_l("只有客户投诉和恶意抢单可以打开重新确定归属。"), TYPED, _l("选择其中一种。")),
    # breaches
    "breach_names_nobody": (_l("没有写明是谁违规。"), TYPED, _l("选择分销商；案场人员写明项目组。")),
    "breach_in_the_future": (_l("发生时间晚于现在。"), TYPED, _l("按实际发生的时间填写。")),
    "breach_not_open": (_l("这件线索已有认定或正在说明，不能再这样办理。"), NOTHING, LOOK_AGAIN),
    "breach_of_own_staff": (_l("案场人员的违规不向分销商要求说明。"), NOTHING, _l("由渠道部直接调查认定。")),
    "handover_not_open": (_l("只有认定成立的案场人员违规可以移送，且只提一次。"), NOTHING, LOOK_AGAIN),
    "handover_by_its_proposer": (_l("您提出的移送，不能由您决定。"), TYPED, _l("请另一位同事决定。")),
    "alert_decided": (_l("这条预警已经办理。"), NOTHING, LOOK_AGAIN),
    "explanation_prolonged_once": (_l("说明期限已经延长过一次。"), NOTHING, _l("到期后按现有材料认定。")),
    "explanation_of_others": (_l("这件线索不是向贵司提出的。"), NOTHING, LOOK_AGAIN),
    "explanation_answered": (_l("贵司已经说明过，提交后不能修改。"), NOTHING, LOOK_AGAIN),
    "explanation_too_late": (
        _l("说明期限至 %(ends_at)s，已经结束。"),
        _l("您写的内容没有提交。"),
        _l("有异议的，收到认定后可以申诉。"),
    ),
    "explanation_still_open": (
        _l("分销商的说明期限至 %(ends_at)s，还没有结束。"),
        NOTHING,
        _l("等分销商说明，或期满后再认定。"),
    ),
    "breach_about_nothing": (_l("没有这个编号的登记或成交。"), TYPED, _l("核对编号，或留空。")),
    "sanction_not_open": (_l("这项处理现在不能这样办理。"), NOTHING, LOOK_AGAIN),
    "sanction_needs_a_reason": (_l("处理与否须写明理由。"), TYPED, _l("写明理由再确认。")),
    "notice_not_received": (_l("处理通知还没有确认收到。"), TYPED, _l("先确认收到，再申诉。")),
    "appeal_too_late": (_l("申诉期限至 %(ends_at)s，已经结束。"), _l("您写的内容没有提交。"), LOOK_AGAIN),
    # spot checks
    "nothing_to_check": (_l("这些日子里没有分销商的成交，没有可抽的。"), TYPED, _l("换一段日期，或放宽项目和分销商。")),
    "answer_needs_its_words": (_l("客户作了回答，还没有写下原话。"), TYPED, _l("逐字写下客户怎么说的。")),
    "customer_has_answered": (_l("这位客户已经回答过，首答不会改变。"), TYPED, _l("又说了什么，可以再记一次回答。")),
    "spot_check_is_open": (_l("还有 %(waiting)s 笔没有问到，不能出报告。"), TYPED, _l("逐笔问完，再出报告。")),
    "spot_check_is_closed": (_l("这次抽查已经出了报告。"), _l("您写的内容没有提交。"), LOOK_AGAIN),
    "checked_deal_was_replaced": (_l("这一笔三次没有问到，已经换抽。"), _l("您写的内容没有提交。"), LOOK_AGAIN),
    "appeal_by_its_finder": (_l("您报告或认定了这一件，不能由您决定申诉。"), TYPED, _l("请没有经办过的同事决定。")),
    "appeal_by_its_confirmer": (_l("您确认了这项处理，不能由您决定申诉。"), TYPED, _l("请另一位同事决定。")),
    # the flow of a visit
    "already_audited": (_l("这次到访已经审核过。"), NOTHING, LOOK_AGAIN),
    "not_audited_yet": (_l("这次到访还没有审核通过，不能签批。"), NOTHING, _l("等案场后台审核。")),
    "already_signed_off": (_l("这次到访已经签批过。"), NOTHING, LOOK_AGAIN),
    "own_audit": (_l("您审核过这次到访，不能自己签批。"), NOTHING, _l("请另一位案场负责人签批。")),
    "not_signed_off_yet": (_l("这次到访还没有签批，不能录入。"), NOTHING, _l("等案场负责人签批。")),
    "already_entered": (_l("这位客户已经录入，渠道来源不能更改。"), NOTHING, LOOK_AGAIN),
    "registration_ended": (_l("这份登记已经结束，流程不能继续。"), NOTHING, LOOK_AGAIN),
    # the visit slip
    "slip_without_filing": (_l("这次到访没有可用的报备，不签带客确认单。"), NOTHING, _l("按自然到访登记。")),
    "slip_already_signed": (_l("这份带客确认单已经签齐。"), NOTHING, LOOK_AGAIN),
    "slip_not_open": (_l("这次到访已有结果，不能再签带客确认单。"), NOTHING, LOOK_AGAIN),
    "slip_of_another_day": (_l("带客确认单须在到访当日签字。"), NOTHING, _l("客户再次到访时重新登记。")),
    "slip_changed": (
        _l("打开这一页之后，这份带客确认单的内容改过。"),
        _l("这次的没有记下，已签的都还在。"),
        _l("请这一位对照现在的内容再签。"),
    ),
    "party_already_signed": (_l("这一位已经签过，签后不可修改。"), NOTHING, _l("请下一位签字。")),
    "party_already_declined": (
        _l("这一位今天已经拒签过，原因已记下。"),
        _l("先记下的原因不变。"),
        _l("改变主意时可以直接签字。"),
    ),
    "visit_not_registered": (_l("前台还没有登记到访并签齐带客确认单。"), NOTHING, _l("先在前台登记、签字。")),
}

TOO_MANY_CLAIMS = Refusal("claims_too_many")


def _readable(name: str, value: Any, zone: ZoneInfo) -> Any:
    if not isinstance(value, datetime):
        return value
    return times.until(value, zone) if name.endswith("ends_at") else times.moment(value, zone)


def describe(refusal: Refusal) -> Words:
    """The three sentences of a refusal, in the reader's language. Raises KeyError for a reason without words."""
    zone = ZoneInfo(str(refusal.facts.get("zone", times.PORTAL_ZONE)))
    facts = {name: _readable(name, value, zone) for name, value in refusal.facts.items()}
    happened, kept, advice = (str(sentence) % facts for sentence in REASONS[refusal.reason])
    return Words(happened, kept, advice, refusal.clause, refusal.facts.get("reference"))
