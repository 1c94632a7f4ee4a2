"""The refusals of care and complaints: reason -> what happened, what was kept, what to do."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_NOTHING = _l("什么都没有改动。")
_TYPED = _l("您填的内容都还在。")
_LOOK_AGAIN = _l("重新打开这一页，看过现在的状态再决定。")

CARE: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "class_needs_a_reason": (_l("定级须写明理由。"), _TYPED, _l("写明依据再提交，分销商会看到。")),
    "class_unchanged": (_l("这家分销商已是这一级。"), _NOTHING, _l("级别没有变化时不用重新定级。")),
    "class_a_needs_two": (_l("A 级分销商须有客户经理和副经理。"), _TYPED, _l("先指定两个人，再定为 A 级。")),
    "deputy_is_the_owner": (_l("客户经理和副经理须是两个人。"), _TYPED, _l("另选一位。")),
    "contact_in_the_future": (_l("联系时间晚于现在。"), _TYPED, _l("按实际联系的时间填写。")),
    "prospect_not_spoken_to": (_l("还没有联系过对方。"), _NOTHING, _l("先联系、问清需求，再邀请申请。")),
    "prospect_not_evaluated": (
        _l("还没有填写客户评估表。"),
        _NOTHING,
        _l("先评估市场潜力、信誉和合作意愿，再邀请申请。"),
    ),
    "evaluation_incomplete": (_l("客户评估表没有填完。"), _TYPED, _l("三项各评 0 到 100 分，并写明理由。")),
    "care_task_is_done": (_l("这件已经完成。"), _NOTHING, _LOOK_AGAIN),
    "care_task_needs_words": (_l("还没有写完整。"), _TYPED, _l("写明发现；报告还须写明改进措施。")),
    "prospect_not_open": (_l("这家潜在分销商现在不能这样办理。"), _NOTHING, _LOOK_AGAIN),
    "assessment_score_missing": (_l("每项指标都须有 0 到 100 的评分。"), _TYPED, _l("补齐评分再提交。")),
    "assessment_needs_words": (_l("除评分外，还须用文字写明。"), _TYPED, _l("写明依据再提交。")),
    "assessment_step": (_l("这份评审表现在不能这样办理。"), _NOTHING, _LOOK_AGAIN),
    "care_partner_gone": (
        _l("与这家分销商的合作已经结束，不再定级、指定客户经理。"),
        _TYPED,
        _l("合作恢复以后再办理。"),
    ),
    "assessment_partner_gone": (
        _l("与这家分销商的合作已经结束，评审不再进行。"),
        _TYPED,
        _l("合作恢复以后可以接着评。"),
    ),
    "assessment_by_its_scorer": (_l("您评的分，不能由您确认。"), _TYPED, _l("请另一位同事确认。")),
    "complaint_channel": (_l("这个来源不能由您登记。"), _TYPED, _l("核对投诉从哪里来。")),
    "complaint_step": (_l("这件投诉现在不能这样办理。"), _NOTHING, _LOOK_AGAIN),
    "complaint_without_progress": (_l("只有办理中的复杂投诉要告知进展。"), _TYPED, _LOOK_AGAIN),
    "complaint_needs_words": (_l("须写明经过和答复。"), _TYPED, _l("写完整再提交。")),
    "complaint_waits_for_a_word": (
        _l("投诉人可以在 %(ends_at)s 前说明是否满意。"),
        _NOTHING,
        _l("记下投诉人的评价，或期满后再结案。"),
    ),
    "reopening_needs_words": (_l("没有解决的，须写明还有什么没解决。"), _TYPED, _l("写明后再提交。")),
    "knowingly_false_is_of_partners": (
        _l("客户的投诉不作“明知不实”认定。"),
        _TYPED,
        _l("查无实据的，选“不属实”。"),
    ),
    "complaint_names_no_distributor": (_l("这件投诉没有确定是哪家分销商。"), _NOTHING, _l("受理时选定分销商。")),
    "complaint_handed_over": (_l("这件投诉已转为违规线索。"), _NOTHING, _LOOK_AGAIN),
    "complaint_disclosed": (_l("投诉人已同意公开姓名。"), _NOTHING, _LOOK_AGAIN),
}
