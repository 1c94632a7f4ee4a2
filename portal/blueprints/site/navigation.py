"""Where the people of a site can go; the order follows each one's day."""

from __future__ import annotations

from flask import g
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from portal.access import Permission, projects_for
from portal.edge import me
from portal.navigation import Count, Item, Section, navigation
from portal.queries import case_inbox, site_waiting
from portal.wording import page_now


def _waiting_now() -> dict[str, int]:
    """How many of each kind wait for the person: read once for a page, however many places of it show a number."""
    if "site_waiting" not in g:
        g.site_waiting = site_waiting.counts(me(), page_now())
    waits: dict[str, int] = g.site_waiting
    return waits


def _count_inbox() -> Count | None:
    waits = _waiting_now()
    return Count(sum(waits.values()), due=bool(waits.keys() - {"classification"})) if waits else None


def _count_audits() -> Count | None:
    number = _waiting_now().get("audit")
    return Count(number, due=True) if number else None


def _count_classifications() -> Count | None:
    number = _waiting_now().get("classification")
    return Count(number) if number else None


def _count_entries() -> Count | None:
    number = _waiting_now().get("entry")
    return Count(number, due=True) if number else None


def _count_cases() -> Count | None:
    number = case_inbox.count_waiting(projects_for(me(), Permission.SEE_CASES))
    return Count(number, due=True) if number else None


ARRIVALS = Item(
    _l("到访"),
    "calendar-time",
    "site.show_arrivals",
    covers=("site.find_filing", "site.register_*", "site.show_visit", "site.sign_slip", "site.hand_in_paper"),
)
WALK_INS = Item(_l("自然到访"), "walk", "site.record_walk_in")
RECORDS = Item(_l("公司来源登记"), "walk", "site.record_walk_in")
ARCHIVE = Item(_l("日终归档"), "archive", "site.show_archive")
INBOX = Item(
    _l("待办"),
    "inbox",
    "site.show_inbox",
    covers=("site.show_sign_off", "site.show_excuse", "site.show_extension"),
    count=_count_inbox,
)
AUDITS = Item(
    _l("到访审核"),
    "clipboard-check",
    "site.list_audits",
    covers=("site.show_audit", "site.audit_visit"),
    count=_count_audits,
)
CLASSES = Item(
    lazy_pgettext("menu", "大宗认定"),
    "building",
    "site.list_classifications",
    covers=("site.show_classification", "site.classify"),
    count=_count_classifications,
)
REGISTRATIONS = Item(
    _l("客户与报备"),
    "address-book",
    "site.list_registrations",
    covers=("site.show_enforcement", "site.show_registration", "site.correct_customer"),
)
ENTRIES = Item(
    _l("录入"),
    "user-plus",
    "site.list_entries",
    covers=("site.show_entry", "site.enter_customer"),
    count=_count_entries,
)
DEALS = Item(
    _l("成交"),
    "file-certificate",
    "site.list_deals",
    covers=("site.show_deal", "site.record_deal", "site.record_event", "site.import_deals", "site.show_import"),
)
RELATIONS = Item(
    _l("亲属关系"), "users-group", "site.list_relations", covers=("site.record_relation", "site.withdraw_relation")
)
CASES = Item(
    _l("撞单裁定"),
    "gavel",
    "site.list_cases",
    covers=("site.show_case", "site.rule_case", "site.show_claim"),
    count=_count_cases,
)
POLICIES = Item(_l("报备规则"), "file-text", "account.list_policies", covers=("account.show_policy",))
REPORT = Item(_l("报告违规"), "flag", "hq.report_breach")
COMPLAINT = Item(_l("登记投诉"), "message-2", "hq.record_complaint")
_ME = Item(_l("我的"), "user-circle", "account.show_account", covers=("account.change_password",))

navigation.add("reception", Section((ARRIVALS, WALK_INS, ARCHIVE, COMPLAINT)))
navigation.add(
    "back_office",
    Section((AUDITS, CLASSES, CASES, REGISTRATIONS, ARRIVALS, RECORDS, DEALS, RELATIONS, ARCHIVE, REPORT, COMPLAINT)),
)
navigation.add("consultant", Section((ENTRIES, DEALS, ARRIVALS, RECORDS)))
navigation.add(
    "site_leader", Section((INBOX, CLASSES, CASES, REGISTRATIONS, ARRIVALS, RECORDS, DEALS, ARCHIVE, REPORT, COMPLAINT))
)
for _role in ("reception", "back_office", "consultant", "site_leader"):
    navigation.add(_role, Section((POLICIES,), _l("规则")))
navigation.set_tabs("reception", ARRIVALS, WALK_INS, ARCHIVE, _ME)
navigation.set_tabs("back_office", AUDITS, CLASSES, REGISTRATIONS, ARRIVALS, _ME)
navigation.set_tabs("consultant", ENTRIES, DEALS, ARRIVALS, RECORDS, _ME)
# What the leader is asked to classify stands in the inbox.
navigation.set_tabs("site_leader", INBOX, ARRIVALS, CASES, REGISTRATIONS, _ME)
