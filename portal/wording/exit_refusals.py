"""The refusals of endings: reason -> what happened, what was kept, what to do."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_NOTHING = _l("什么都没有改动。")
_TYPED = _l("您填的内容都还在。")
_LOOK_AGAIN = _l("重新打开这一页，看过现在的状态再决定。")

EXITS: dict[str, tuple[LazyString, LazyString, LazyString]] = {
    "exit_too_soon": (
        _l("退出须提前 %(days)s 天申请，最早到 %(ends_at)s。"),
        _TYPED,
        _l("把最后一天改到这一天或以后。"),
    ),
    "exit_too_far": (_l("退出日期不能晚于 %(days)s 天以后。"), _TYPED, _l("改成更近的日期。")),
    "exit_not_open": (_l("这份退出或终止档案现在不能这样办理。"), _NOTHING, _LOOK_AGAIN),
    "exit_of_others": (_l("这份退出申请不是贵司的。"), _NOTHING, _LOOK_AGAIN),
    "termination_proposed": (
        _l("已有同事提出终止与这家分销商的合作。"),
        _TYPED,
        _l("打开那份提议，由您确认或不采纳。"),
    ),
    "termination_by_its_proposer": (_l("您提出的终止，不能由您确认。"), _TYPED, _l("请另一位同事确认。")),
    "nothing_to_hand_over": (_l("没有正在进行的客户需要决定。"), _NOTHING, _LOOK_AGAIN),
    "nothing_to_sign": (_l("现在没有要贵司签字的内容。"), _NOTHING, _LOOK_AGAIN),
    "duty_is_counted": (_l("这一项由系统核对，不能手工办结。"), _NOTHING, _l("把未办的事办完，它会自己变成已办。")),
    "waiver_needs_a_reason": (_l("免除一项须写明理由。"), _TYPED, _l("写明理由再提交。")),
    "settlement_before_the_end": (_l("合作结束以后才能出具或签署结算单。"), _NOTHING, _l("等退出生效。")),
    "settlement_signed": (_l("结算单已经签字，不能更改。"), _NOTHING, _LOOK_AGAIN),
    "exit_duties_open": (
        _l("还有 %(number)s 项未尽义务，不能结案。"),
        _NOTHING,
        _l("逐项办完或写明理由免除，再结案。"),
    ),
}
