"""The words of failures: what happened, what was kept, what to do. One entry per status code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

Word: TypeAlias = LazyString | str


@dataclass(frozen=True)
class Failure:
    """A failure in three sentences under a title; ``clause`` when a rule decided.

    ``door``: what opens in a new window, in words, and its endpoint.
    """

    title: Word
    happened: Word
    kept: Word
    next: Word
    clause: str | None = None
    door: tuple[Word, str] | None = None


REFUSED = _l("现在不能这样做")
_NOTHING_CHANGED = _l("什么都没有改动。")
_TYPED_KEPT = _l("您填的内容都还在，没有丢。")

_SIGN_IN = (_l("在新窗口登录"), "account.sign_in")
#: An applicant's form that is sent after the proof of the address has ended.
NOT_PROVED = Failure(
    _l("要重新确认联系方式"),
    _l("离上次输入验证码太久，这次提交没有收到。"),
    _TYPED_KEPT,
    _l("先在新窗口用验证码进入，再回到这一页提交一次。"),
    door=(_l("在新窗口获取验证码"), "public.begin_application"),
)

_WORDS: dict[int, tuple[Word, Word, Word]] = {
    400: (_l("没有读懂这次请求"), _l("送来的内容不完整，或格式不对。"), _l("返回上一页，核对后再提交。")),
    401: (
        _l("登录已结束"),
        _l("您的登录已经结束，这次提交没有收到。"),
        _l("先在新窗口登录，再回到这一页提交一次。"),
    ),
    403: (
        _l("您不能打开这一页"),
        _l("您的角色没有这项权限。"),
        _l("回到首页；需要这项权限，请联系贵司负责人或管理员。"),
    ),
    404: (_l("没有找到"), _l("没有这一页，或者它不属于您。"), _l("核对编号，或从菜单进入。")),
    405: (_l("这个地址不能这样打开"), _l("这一步只能从页面上的按钮进行。"), _l("回到首页，从菜单进入。")),
    409: (_l("内容刚刚变了"), _l("您打开之后，有人先处理了这一项。"), _l("重新打开这一页，看过现在的状态再决定。")),
    413: (_l("文件太大"), _l("送来的内容超过了 12 MB。"), _l("换小一些的文件，再提交一次。")),
    419: (_l("页面放得太久"), _l("这一页的安全标记已经失效，这次提交没有收到。"), _l("再提交一次。")),
    422: (_l("有内容要改"), _l("有些内容不符合要求，这次提交没有收到。"), _l("返回上一页，改好后再提交。")),
    429: (_l("太频繁了"), _l("短时间内请求太多，这一次没有处理。"), _l("等一分钟，再试一次。")),
    500: (
        _l("暂时没能完成"),
        _l("系统没能完成这一步，这次提交没有收到。"),
        _l("再试一次。时间以收到时为准，重复提交不会产生两份。"),
    ),
    503: (_l("系统正在维护"), _l("现在不能处理，这次提交没有收到。"), _l("过几分钟再试。")),
}


def words_for(code: int, *, posted: bool) -> Failure:
    """The failure for a status code; unknown codes read like a 400 or a 500."""
    known = code if code in _WORDS else 500 if code >= 500 else 400
    title, happened, advice = _WORDS[known]
    kept = _TYPED_KEPT if posted and known not in (403, 413) else _NOTHING_CHANGED
    return Failure(title, happened, kept, advice, door=_SIGN_IN if known == 401 else None)


_FIELDS: dict[str, Word] = {
    "name": _l("姓名"),
    "phone": _l("手机号"),
    "id_number": _l("证件号"),
    "company_name": _l("购房公司"),
    "buyer_company_name": _l("购房公司"),
    "reason": _l("理由"),
    "opinion": _l("意见"),
    "note": _l("备注"),
    "text": _l("原文"),
    "source_text": _l("原文"),
    "planned_at": _l("预计到访"),
    "login": _l("登录名"),
}


def labelled(typed: list[tuple[str, str]]) -> list[tuple[Word, str]]:
    """The typed values that have a word people know; the others are given back unseen."""
    return [(_FIELDS[name], value) for name, value in typed if name in _FIELDS]
