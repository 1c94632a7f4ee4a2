"""The words for values that a command could not take (portal/services/unacceptable.py)."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.services.unacceptable import Unacceptable

WORDS: dict[str, LazyString] = {
    "too_short": _l("密码至少 10 个字符。"),
    "too_long": _l("密码最多 128 个字符。"),
    "is_the_login": _l("密码不能是登录名，也不能只比登录名多几个字符。"),
    "too_common": _l("这个密码太常见，别人容易猜到。几个不相干的词连起来就好。"),
    "same_as_before": _l("新密码和现在的一样，请换一个。"),
    "wrong_password": _l("现在的密码不正确。"),
    "login_taken": _l("这个登录名已有人使用，请换一个。"),
}


def describe(problem: Unacceptable) -> str:
    """The sentence under the field. KeyError for a reason without words."""
    return str(WORDS[problem.reason]) % problem.facts
