"""Who of a distributor can sign in, and to do what, where the cooperation itself closes the door and not the account."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.models import Distributor, User
from portal.rules.exits import is_former, may_come_in


@dataclass(frozen=True, slots=True)
class Door:
    """What its people can still do, since the status began; ``since`` holds the place of the date."""

    since: LazyString
    rest: LazyString
    clause: str


#: The states in which its people cannot do everything that their accounts allow.
DOORS: dict[str, Door] = {
    "suspended": Door(_l("%(since)s 起暂停合作。"), _l("人员可以登录查看，不能报备和申请。"), "DM-12.1"),
    "exited": Door(_l("%(since)s 起合作结束。"), _l("只有负责人可以登录，查看和签字，直到结案。"), "DM-12.7"),
    "terminated": Door(_l("%(since)s 起合作结束。"), _l("只有负责人可以登录，查看和签字，直到结案。"), "DM-12.7"),
    "blacklisted": Door(_l("%(since)s 起列入黑名单。"), _l("全部人员不能登录。"), "RE-5.4"),
    "closed": Door(_l("%(since)s 结案。"), _l("全部人员不能登录。"), "DM-12.7"),
}
_SHUT = ("disabled", _l("不能登录"))
_TO_SIGN = ("waiting", _l("可查看、签字"))
_TO_READ = ("waiting", _l("只能查看"))


def barred(user: User, distributor: Distributor | None) -> tuple[str, LazyString] | None:
    """The look and the word for an account that its distributor's status holds back; None where it does not."""
    if distributor is None or distributor.status not in DOORS:
        return None
    if not may_come_in(distributor.status, owner="owner" in user.roles):
        return _SHUT
    return _TO_SIGN if is_former(distributor.status) else _TO_READ
