"""Where the people of a distributor can go; the order follows a broker's day."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from portal.edge import me
from portal.navigation import Count, Item, Section, navigation
from portal.queries import drafts


def _count_drafts() -> Count | None:
    number = len(drafts.open_drafts(me()))
    return Count(number, due=True) if number else None


HOME = Item(_l("待办"), "home", "distributor.show_home")
CUSTOMERS = Item(
    _l("我的客户"),
    "address-book",
    "distributor.list_registrations",
    covers=("distributor.show_registration", "distributor.ask_extension", "distributor.reveal_registration"),
)
FILE = Item(
    _l("报备客户"),
    "file-plus",
    "distributor.file_customer",
    covers=("distributor.file_draft", "distributor.paste_message", "distributor.show_receipt"),
)
DRAFTS = Item(_p("menu", "草稿"), "clipboard-list", "distributor.list_drafts", count=_count_drafts)

_FILE_TAB = Item(_p("menu", "报备"), "plus", FILE.endpoint, covers=FILE.covers, main=True)
_CUSTOMERS_TAB = Item(_p("menu", "客户"), "address-book", CUSTOMERS.endpoint, covers=CUSTOMERS.covers)
_ME = Item(_l("我的"), "user-circle", "account.show_account", covers=("account.change_password",))

for _role in ("broker", "owner"):
    navigation.add(_role, Section((HOME, CUSTOMERS, FILE, DRAFTS)))
    navigation.set_tabs(_role, HOME, _CUSTOMERS_TAB, _FILE_TAB, DRAFTS, _ME)
