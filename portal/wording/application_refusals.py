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
}
