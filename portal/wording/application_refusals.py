"""The words of refusals about applications, partner files, one-time codes and messages; see portal/wording/refusals.py."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_NOTHING = _l("什么都没有改动。")
_TYPED = _l("您填的内容都还在。")
_LOOK_AGAIN = _l("重新打开这一页，看过现在的状态再决定。")

APPLICATIONS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    # one-time codes and messages
    "code_just_sent": (_l("一分钟内已经发过一次验证码。"), _TYPED, _l("请稍等一分钟再获取。")),
    "codes_too_many": (_l("一小时内获取验证码的次数过多。"), _TYPED, _l("请一小时后再试。")),
    "message_is_sent": (_l("这条消息已经发出，内容不再保留。"), _NOTHING, _LOOK_AGAIN),
    "message_stays": (_l("这条消息现在不能重新发送。"), _NOTHING, _LOOK_AGAIN),
    # the applicant
    "invitation_is_used": (
        _l("这个邀请链接已经用过，或者过了有效时间。"),
        _NOTHING,
        _l("用邀请发到的邮箱或手机获取验证码，即可继续。"),
    ),
    "application_is_sent": (
        _l("申请已经提交，现在不能修改。"),
        _l("已提交的内容都在。"),
        _l("需要补正时，会退回给您修改。"),
    ),
    "application_is_erased": (
        _l("这份申请的保存期已满，填写的内容已经清除。"),
        _NOTHING,
        _l("可以用同一个邮箱或手机重新申请。"),
    ),
    "application_incomplete": (_l("还有内容没有填完。"), _TYPED, _l("补齐下面列出的内容再提交。")),
    "application_code_open": (
        _l("这个统一社会信用代码已有一份申请在办理。"),
        _TYPED,
        _l("用那份申请的邮箱或手机继续；不是贵司提交的，请联系渠道部。"),
    ),
    "application_not_rejected": (_l("这个邮箱或手机的申请没有被拒绝，不能另行申请。"), _NOTHING, _LOOK_AGAIN),
    "paper_stays": (_l("这份材料已经核对，不能撤回。"), _NOTHING, _LOOK_AGAIN),
    # the review
    "application_not_there": (_l("申请现在不在这一步。"), _NOTHING, _LOOK_AGAIN),
    "partner_matches_blacklist": (
        _l("申请人与已列入黑名单的 %(name)s 相符。"),
        _NOTHING,
        _l("总经理写明理由准许后才能继续。"),
    ),
    "nothing_to_override": (_l("现在没有要准许的黑名单相符项。"), _NOTHING, _LOOK_AGAIN),
    "override_needs_a_reason": (_l("准许继续须写明理由。"), _TYPED, _l("写明依据再确认。")),
    "return_needs_a_remark": (_l("退回须至少写明一处要改什么。"), _TYPED, _l("在要改的内容旁写明。")),
    "paper_is_checked": (_l("这份材料已经核对，或已有更新的一份。"), _NOTHING, _LOOK_AGAIN),
    "paper_needs_its_seal": (_l("营业执照没有加盖公章，不能通过。"), _TYPED, _l("核对原件上的公章，或退回补正。")),
    "paper_is_over": (_l("材料已过有效期，不能通过。"), _TYPED, _l("写明原因，退回补正，请对方交仍然有效的。")),
    "paper_needs_a_remark": (_l("不合格须写明原因。"), _TYPED, _l("写明缺什么、怎么补。")),
    "paper_not_accepted": (_l("还有必交的材料没有核对通过。"), _NOTHING, _l("先核对材料。")),
    "checklist_incomplete": (_l("准入条件还没有逐项确认。"), _NOTHING, _l("逐项确认，或退回补正。")),
    "inquiry_missing": (_l("调查、面谈或考察还没有记录齐。"), _NOTHING, _l("补上缺的记录。")),
    "inquiry_in_the_future": (_l("日期晚于今天。"), _TYPED, _l("填写实际进行的日期。")),
    "group_too_small": (_l("评审组至少 %(least)s 人。"), _TYPED, _l("再指定成员。")),
    "not_in_the_group": (_l("您不在这份申请的评审组里。"), _NOTHING, _l("由审查人指定成员。")),
    "sheet_is_filled": (_l("您已经评过分，提交后不能修改。"), _NOTHING, _LOOK_AGAIN),
    "scores_missing": (_l("评审组还有成员没有评分。"), _NOTHING, _l("请等成员评完。")),
    "opinions_missing": (_l("相关部门还没有给齐意见。"), _NOTHING, _l("请等财务和集团客服给意见。")),
    "no_department": (_l("您不代表要给意见的部门。"), _NOTHING, _LOOK_AGAIN),
    "opinion_needs_a_reason": (_l("给意见须写明理由。"), _TYPED, _l("写明理由再提交。")),
    "department_has_spoken": (_l("本部门已经给过意见。"), _NOTHING, _LOOK_AGAIN),
    "own_scores": (_l("您是评审组成员，不能由您确认评分。"), _TYPED, _l("请渠道部另一位同事确认。")),
    # the decision and what follows
    "signature_out_of_turn": (_l("现在不是您签批的时候。"), _NOTHING, _l("先由部门经理签批，再由总经理签批。")),
    "signature_by_reviewer": (_l("您审查过这份申请，不能由您签批。"), _TYPED, _l("请另一位签批人签批。")),
    "signature_by_the_same": (_l("两次签批不能是同一个人。"), _TYPED, _l("请另一位签批人签批。")),
    "signature_needs_a_reason": (_l("签批须写明理由。"), _TYPED, _l("理由会告知申请人。")),
    "distributor_name_taken": (_l("已有同名的分销商，不能再建一家。"), _NOTHING, _l("核对是不是同一家，再作决定。")),
    "distributor_code_taken": (
        _l("这个统一社会信用代码已属于另一家分销商。"),
        _NOTHING,
        _l("核对是不是同一家，再作决定。"),
    ),
    "partner_not_contracted": (_l("只有签好合同、还没启用的分销商可以启用。"), _NOTHING, _LOOK_AGAIN),
    "entry_needs_a_folder": (_l("启用前须写明纸质材料放在哪里。"), _TYPED, _l("写明文件夹的位置。")),
}
