"""The words of messages that leave the portal, in the language of whoever gets them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from portal.models import OutgoingMessage


@dataclass(frozen=True, slots=True)
class Words:
    """What the administrator calls the kind, its subject and text, and the facts that they need."""

    name: LazyString
    subject: LazyString
    text: LazyString
    facts: frozenset[str]


_CODE = frozenset({"code", "about"})
_LETTER = frozenset({"reference", "link"})

KINDS: dict[str, Words] = {
    "code_apply": Words(
        _l("申请验证码"),
        _l("申请成为分销商的验证码"),
        _l("您的验证码是 %(code)s，10 分钟内有效。不是您本人操作，请不要理会，也不要告诉任何人。"),
        _CODE,
    ),
    "code_contract": Words(
        _l("签约验证码"),
        _l("签署合同的验证码"),
        _l("您正在签署合同 %(about)s，验证码是 %(code)s，10 分钟内有效。不是您本人操作，请不要告诉任何人。"),
        _CODE,
    ),
    "application_invited": Words(
        _l("申请邀请"),
        _l("邀请您申请成为分销商"),
        _l("请打开这个链接填写申请，链接只能使用一次，%(until)s 前有效：\n%(link)s"),
        frozenset({"until", "link"}),
    ),
    "application_received": Words(
        _l("申请已收到"),
        _l("申请 %(reference)s 已收到"),
        _l("申请 %(reference)s 已收到。进度随时可以查询：\n%(link)s"),
        _LETTER,
    ),
    "application_returned": Words(
        _l("申请退回补正"),
        _l("申请 %(reference)s 需要补正"),
        _l("申请 %(reference)s 有需要补正的内容，已填的都保留着。请打开查看：\n%(link)s"),
        _LETTER,
    ),
    "application_decided": Words(
        _l("申请结果"),
        _l("申请 %(reference)s 已有结果"),
        _l("申请 %(reference)s 已有结果。请打开查看：\n%(link)s"),
        _LETTER,
    ),
    "owner_account": Words(
        _l("负责人账号"),
        _l("您的渠道负责人账号"),
        _l("登录名：%(login)s\n初始密码：%(password)s\n首次登录须更改密码：\n%(link)s"),
        frozenset({"login", "password", "link"}),
    ),
}

CHANNELS = {"email": _l("电子邮件"), "sms": _l("短信")}
STATES = {"waiting": _l("等待发送"), "sent": _l("已发送"), "failed": _l("没有发出")}
FAILURES = {
    "email": {
        "refused": _l("对方邮箱不收"),
        "unreachable": _l("邮件服务器连不上"),
        "in_doubt": _l("发送两次都中断了，可能已经发出"),
        "expired": _l("过了有效时间，不再发送"),
    },
    "sms": {
        "refused": _l("短信网关不收这条短信"),
        "unreachable": _l("短信网关连不上"),
        "in_doubt": _l("短信网关两次都没有答复，可能已经发出"),
        "expired": _l("过了有效时间，不再发送"),
    },
}


def compose(message: OutgoingMessage) -> tuple[str, str]:
    """Subject and text of a message that has not been sent. Raises KeyError for an unknown kind."""
    words, facts = KINDS[message.kind], json.loads(message.facts or "{}")
    with force_locale(message.locale):
        return str(words.subject) % facts, str(words.text) % facts
