"""How the person signed in is named on every page, and which frame fits the work."""

from __future__ import annotations

from flask import g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.models.users import ROLES, User
from portal.navigation import Person, navigation
from portal.rules.exits import is_former

ROLE_WORDS: dict[str, LazyString] = {
    "broker": _l("经纪人"),
    "owner": _l("渠道负责人"),
    "reception": _l("前台"),
    "back_office": _l("案场后台"),
    "consultant": _l("置业顾问"),
    "site_leader": _l("案场负责人"),
    "hq_channel": _l("渠道部"),
    "department_manager": _l("部门经理"),
    "general_manager": _l("总经理"),
    "legal": _l("法务"),
    "customer_service": _l("集团客服"),
    "finance": _l("财务"),
    "administrator": _l("管理员"),
    "auditor": _l("审计"),
}


def roles_in_order(user: User) -> tuple[str, ...]:
    """The roles of a person, the distributor's first, then the site's, then headquarters'."""
    return tuple(role for role in ROLES if role in user.roles)


def place_of(user: User) -> str:
    """The company of a distributor's people, the projects of site staff, the group for everybody else."""
    if user.distributor is not None:
        return user.distributor.name
    names = dict.fromkeys(grant.project.name for grant in user.grants if grant.project is not None)
    return "、".join(names) if names else str(_l("集团"))


def menu_of(user: User) -> tuple[str, ...]:
    """Whose menu the person has: the owner of a company that has left has one of its own (DM-12.7)."""
    left = user.distributor is not None and is_former(user.distributor.status_at(g.page_now))
    return ("former_owner",) if left else roles_in_order(user)


@navigation.identify
def person_signed_in() -> Person | None:
    """The person of this request. Reception alone works on the tablet frame; whoever does more gets the desk's."""
    if not current_user or not current_user.is_authenticated:
        return None
    roles = roles_in_order(current_user)
    words = " / ".join(str(ROLE_WORDS[role]) for role in roles)
    roles = menu_of(current_user)
    frame = "tablet" if roles == ("reception",) else "desk"
    return Person(current_user.name, words, place_of(current_user), roles, frame)
