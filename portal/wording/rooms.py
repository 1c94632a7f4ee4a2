"""The rooms of the portal as a person with roles in several of them chooses between them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.models.users import DISTRIBUTOR_ROLES, HQ_ROLES, SITE_ROLES, User
from portal.wording.people import ROLE_WORDS


@dataclass(frozen=True)
class Room:
    """A room, the person's roles in it and their words, and what is done there."""

    label: LazyString
    icon: str
    says: LazyString
    roles: tuple[str, ...]

    @property
    def words(self) -> str:
        return " / ".join(str(ROLE_WORDS[role]) for role in self.roles)


_ROOMS = (
    (_l("分销商"), "users-group", _l("报备客户，查看保护期，申请延期。"), DISTRIBUTOR_ROLES),
    (_l("案场"), "building-store", _l("登记到访，审核，签批，录入。"), SITE_ROLES),
    (_l("集团"), "building-skyscraper", _l("延期审批，分销商与项目，账号与权限。"), HQ_ROLES),
)


def rooms_of(user: User) -> tuple[Room, ...]:
    """The rooms in which ``user`` has a role."""
    held = [(*words, tuple(role for role in roles if role in user.roles)) for *words, roles in _ROOMS]
    return tuple(Room(label, icon, says, roles) for label, icon, says, roles in held if roles)
