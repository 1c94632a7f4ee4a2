"""Where the people of headquarters can go; the order follows the day's work."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_login import current_user

from portal.access import Permission, may
from portal.blueprints.hq.scope import waiting_now
from portal.navigation import Count, Item, Section, navigation
from portal.queries import complaints, exits
from portal.wording import page_now


def _count_inbox() -> Count | None:
    waiting = waiting_now()
    number = sum(one.number for one in waiting)
    return Count(number, due=any(one.overdue for one in waiting)) if number else None


def _count_findings() -> Count | None:
    number = _waiting("finding")
    return Count(number, due=True) if number else None


def _count_alerts() -> Count | None:
    number = _waiting("alert")
    return Count(number) if number else None


def _count_complaints() -> Count | None:
    number, late = complaints.waiting(page_now())
    return Count(number, due=late) if number else None


def _count_applications() -> Count | None:
    number = _waiting("application")
    return Count(number, due=True) if number else None


def _count_exits() -> Count | None:
    number = exits.waiting() if may(current_user, Permission.CHANGE_DISTRIBUTOR_STATUS) else 0
    return Count(number, due=True) if number else None


def _waiting(kind: str) -> int:
    return sum(one.number for one in waiting_now() if one.kind == kind)


INBOX = Item(
    _l("待办"),
    "inbox",
    "hq.show_inbox",
    covers=("hq.show_extension", "hq.decide_extension"),
    count=_count_inbox,
)
OVERVIEW = Item(_l("总览"), "layout-dashboard", "hq.show_dashboard")
REGISTRATIONS = Item(
    _l("报备与保护"),
    "address-book",
    "hq.list_registrations",
    covers=("hq.show_registration", "hq.reveal_registration"),
)
RULINGS = Item(
    _l("成交与裁定"),
    "gavel",
    "hq.list_rulings",
    covers=("hq.show_case", "hq.report_finding", "hq.decide_finding", "hq.redetermine"),
)
FINDINGS = Item(
    _l("违规认定"),
    "map-pin",
    "hq.list_findings",
    covers=(
        "hq.show_finding",
        "hq.report_breach",
        "hq.change_finding",
        "hq.change_sanction",
        "hq.decide_appeal",
        "hq.record_receipt",
        "hq.take_up_finding",
        "hq.identify_party",
        "hq.propose_handover",
        "hq.open_contact",
    ),
    count=_count_findings,
)
COMPLAINTS = Item(
    _p("list", "投诉"),
    "message-2",
    "hq.list_complaints",
    covers=(
        "hq.show_complaint",
        "hq.change_complaint",
        "hq.reveal_complaint",
        "hq.record_complaint",
        "hq.show_complaint_causes",
    ),
    count=_count_complaints,
)
ALERTS = Item(_l("预警"), "alert-triangle", "hq.list_alerts", covers=("hq.set_alert_aside",), count=_count_alerts)
SPOT_CHECKS = Item(
    _l("抽查"),
    "clipboard-check",
    "hq.list_spot_checks",
    covers=("hq.show_spot_check", "hq.draw_spot_check", "hq.ask_customer", "hq.close_spot_check"),
)
REPORT = Item(_l("报告违规"), "flag", "hq.report_breach")
APPLICATIONS = Item(
    _l("分销商申请"),
    "file-plus",
    "hq.list_applications",
    covers=("hq.show_application", "hq.invite_applicant", "hq.review_application", "hq.score_application"),
    count=_count_applications,
)
MESSAGES = Item(_l("待发消息"), "mail", "hq.list_messages", covers=("hq.reveal_message",))
ACCOUNTS = Item(
    _l("账号"),
    "users",
    "hq.list_accounts",
    covers=("hq.show_account", "hq.create_account", "hq.change_account", "hq.reset_password"),
)
DISTRIBUTORS = Item(
    _p("list", "分销商"),
    "building-store",
    "hq.list_distributors",
    covers=("hq.show_distributor", "hq.create_distributor", "hq.change_distributor", "hq.change_distributor_status"),
)
CARE = Item(
    _l("级别与维护"),
    "star",
    "hq.list_care",
    covers=(
        *("hq.show_care", "hq.change_care", "hq.show_assessment", "hq.change_assessment"),
        *("hq.list_prospects", "hq.note_prospect", "hq.show_prospect", "hq.change_prospect"),
        *("hq.list_care_tasks", "hq.show_care_task", "hq.finish_care_task"),
    ),
)
ENFORCEMENTS = Item(
    _l("执行记录"),
    "clipboard-list",
    "hq.list_enforcements",
    covers=("hq.show_enforcement", "hq.release_commission"),
)
COMMISSIONS = Item(_l("佣金决定"), "report-money", "hq.list_commission_decisions")
EXITS = Item(
    _l("退出与终止"),
    "logout",
    "hq.list_exits",
    covers=("hq.show_exit", "hq.show_retention"),
    count=_count_exits,
)
PROJECTS = Item(
    _p("list", "项目"),
    "building-community",
    "hq.list_projects",
    covers=("hq.show_project", "hq.create_project", "hq.change_project"),
)
POLICIES = Item(
    _l("报备规则"),
    "file-text",
    "account.list_policies",
    covers=("account.show_policy", "hq.draft_policy", "hq.publish_policy", "hq.give_policy"),
)
BACKTESTS = Item(_l("规则试算"), "history", "hq.list_backtests", covers=("hq.show_backtest", "hq.try_policy"))
PERMISSIONS = Item(_l("权限表"), "table", "hq.show_permissions")
DISCLOSURE = Item(_l("披露表"), "eye-off", "hq.show_disclosure")
ME = Item(_l("我的"), "user-circle", "account.show_account", covers=("account.change_password",))
_FIND = Item(_l("查找"), "search", REGISTRATIONS.endpoint, covers=REGISTRATIONS.covers)

navigation.add("hq_channel", Section((INBOX, OVERVIEW)), Section((REGISTRATIONS, RULINGS), _l("业务")))
navigation.add(
    "hq_channel",
    Section(
        (APPLICATIONS, DISTRIBUTORS, CARE, FINDINGS, ALERTS, SPOT_CHECKS, EXITS, ENFORCEMENTS, COMMISSIONS, COMPLAINTS),
        _l("渠道"),
    ),
    Section((POLICIES, BACKTESTS, DISCLOSURE), _l("规则与记录")),
)
navigation.set_tabs("hq_channel", INBOX, OVERVIEW, _FIND, DISTRIBUTORS, ME)
navigation.add("administrator", Section((ACCOUNTS, DISTRIBUTORS, PROJECTS, ENFORCEMENTS, MESSAGES)))
navigation.add("administrator", Section((POLICIES, BACKTESTS, PERMISSIONS, DISCLOSURE), _l("规则与记录")))
navigation.set_tabs("administrator", ACCOUNTS, DISTRIBUTORS, PROJECTS, POLICIES, ME)
navigation.add(
    "auditor",
    Section((OVERVIEW, REGISTRATIONS, RULINGS)),
    Section(
        (
            *(APPLICATIONS, DISTRIBUTORS, CARE, FINDINGS, ALERTS, SPOT_CHECKS),
            *(EXITS, ENFORCEMENTS, COMMISSIONS, COMPLAINTS),
        ),
        _l("渠道"),
    ),
)
navigation.add("auditor", Section((POLICIES, BACKTESTS, PERMISSIONS, DISCLOSURE), _l("规则与记录")))
navigation.set_tabs("auditor", OVERVIEW, _FIND, RULINGS, POLICIES, ME)
navigation.add("customer_service", Section((COMPLAINTS, INBOX, REPORT, APPLICATIONS)))
navigation.add("finance", Section((INBOX, COMMISSIONS, APPLICATIONS)))
for _role in ("department_manager", "general_manager"):
    navigation.add(_role, Section((INBOX, APPLICATIONS)))
navigation.add("legal", Section((INBOX,)))
for _role in ("customer_service", "finance", "department_manager", "general_manager"):
    navigation.add(_role, Section((POLICIES,)))
navigation.add("general_manager", Section((FINDINGS,), _l("渠道")))
navigation.set_tabs("customer_service", COMPLAINTS, INBOX, REPORT, POLICIES, ME)
navigation.set_tabs("finance", INBOX, COMMISSIONS, APPLICATIONS, POLICIES, ME)
for _role in ("department_manager", "general_manager"):
    navigation.set_tabs(_role, INBOX, APPLICATIONS, POLICIES, ME)
for _role in ("broker", "owner"):
    navigation.add(_role, Section((POLICIES,), _l("规则")))
