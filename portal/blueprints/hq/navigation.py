"""Where the people of headquarters can go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.navigation import Item, Section, navigation

ACCOUNTS = Item(
    _l("账号"),
    "users",
    "hq.list_accounts",
    covers=("hq.show_account", "hq.create_account", "hq.change_account", "hq.reset_password"),
)
DISTRIBUTORS = Item(
    _l("分销商"),
    "building-store",
    "hq.list_distributors",
    covers=("hq.show_distributor", "hq.create_distributor", "hq.change_distributor", "hq.change_distributor_status"),
)
PROJECTS = Item(
    _l("项目"),
    "building-community",
    "hq.list_projects",
    covers=("hq.show_project", "hq.create_project", "hq.change_project"),
)
PERMISSIONS = Item(_l("权限表"), "table", "hq.show_permissions")
ME = Item(_l("我的"), "user-circle", "account.show_account", covers=("account.change_password",))

navigation.add("administrator", Section((ACCOUNTS, DISTRIBUTORS, PROJECTS)), Section((PERMISSIONS,), _l("规则与记录")))
navigation.set_tabs("administrator", ACCOUNTS, DISTRIBUTORS, PROJECTS, PERMISSIONS, ME)
navigation.add("hq_channel", Section((DISTRIBUTORS,), _l("渠道")))
navigation.add("auditor", Section((PERMISSIONS,)))
