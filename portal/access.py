"""Who may do what: one table of permissions by role, one decorator for routes, one rule for bound roles.

The table is the specification: the page "权限表" prints it and a test walks every route against it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import abort
from flask_login import current_user

from portal.models.users import User

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a person may do. The value is the key of its words in the permission table page."""

    USE_OWN_ACCOUNT = "use_own_account"
    FILE_CUSTOMER = "file_customer"
    SEE_OWN_REGISTRATIONS = "see_own_registrations"
    ASK_EXTENSION = "ask_extension"
    CLAIM_DEAL = "claim_deal"
    SEE_OWN_RULINGS = "see_own_rulings"
    MANAGE_BROKERS = "manage_brokers"
    REGISTER_ARRIVAL = "register_arrival"
    RECORD_WALK_IN = "record_walk_in"
    SEE_SITE_BOARD = "see_site_board"
    AUDIT_VISIT = "audit_visit"
    CLASSIFY_BULK = "classify_bulk"
    CORRECT_CUSTOMER = "correct_customer"
    SIGN_OFF_VISIT = "sign_off_visit"
    EXCUSE_LATE_FILING = "excuse_late_filing"
    GIVE_OPINION = "give_opinion"
    ENTER_CUSTOMER = "enter_customer"
    SEE_SITE_REGISTRATIONS = "see_site_registrations"
    SEE_SITE_DEALS = "see_site_deals"
    RECORD_DEAL = "record_deal"
    RECORD_RELATION = "record_relation"
    SEE_EVIDENCE = "see_evidence"
    SEE_CASES = "see_cases"
    RULE_DEAL = "rule_deal"
    SEE_INBOX = "see_inbox"
    DECIDE_EXTENSION = "decide_extension"
    SEE_ALL_DEALS = "see_all_deals"
    REDETERMINE = "redetermine"
    SEND_TIP = "send_tip"
    REPORT_BREACH = "report_breach"
    SEE_FINDINGS = "see_findings"
    DECIDE_FINDING = "decide_finding"
    DECIDE_APPEAL = "decide_appeal"
    SEE_SPOT_CHECKS = "see_spot_checks"
    RUN_SPOT_CHECKS = "run_spot_checks"
    HAND_OVER_CASE = "hand_over_case"
    SEE_ALERTS = "see_alerts"
    ANSWER_FINDING = "answer_finding"
    COMPLAIN = "complain"
    RECORD_COMPLAINT = "record_complaint"
    SEE_COMPLAINTS = "see_complaints"
    HANDLE_COMPLAINT = "handle_complaint"
    SEE_COMPANY = "see_company"
    ASK_EXIT = "ask_exit"
    SEE_CARE = "see_care"
    KEEP_CARE = "keep_care"
    SEE_ALL_REGISTRATIONS = "see_all_registrations"
    SEE_CONTRACTS = "see_contracts"
    MANAGE_CONTRACTS = "manage_contracts"
    REVIEW_CONTRACT = "review_contract"
    SIGN_CONTRACT = "sign_contract"
    SIGN_OWN_CONTRACT = "sign_own_contract"
    SEE_DISTRIBUTORS = "see_distributors"
    SEE_ENFORCEMENTS = "see_enforcements"
    RELEASE_COMMISSION = "release_commission"
    SEE_COMMISSION_DECISIONS = "see_commission_decisions"
    CHANGE_DISTRIBUTOR_STATUS = "change_distributor_status"
    SEE_APPLICATIONS = "see_applications"
    REVIEW_APPLICATION = "review_application"
    SCORE_APPLICATION = "score_application"
    GIVE_DEPARTMENT_OPINION = "give_department_opinion"
    SIGN_APPLICATION = "sign_application"
    SEE_DELEGATIONS = "see_delegations"
    DELEGATE = "delegate"
    OVERRIDE_BLACKLIST = "override_blacklist"
    KEEP_PARTNER_FILE = "keep_partner_file"
    SEE_MESSAGES = "see_messages"
    MANAGE_USERS = "manage_users"
    MANAGE_DISTRIBUTORS = "manage_distributors"
    MANAGE_PROJECTS = "manage_projects"
    MANAGE_POLICIES = "manage_policies"
    BACKTEST_POLICY = "backtest_policy"
    SEE_BACKTESTS = "see_backtests"
    SEE_POLICIES = "see_policies"
    SEE_PERMISSION_TABLE = "see_permission_table"
    SEE_DISCLOSURE_TABLE = "see_disclosure_table"
    SEE_JOBS = "see_jobs"
    SEE_HISTORY = "see_history"
    REVEAL_PERSONAL_DATA = "reveal_personal_data"


P = Permission
_EVERYBODY = frozenset({P.USE_OWN_ACCOUNT, P.SEE_POLICIES, P.SEND_TIP})
_FILER = frozenset({P.FILE_CUSTOMER, P.SEE_OWN_REGISTRATIONS, P.ASK_EXTENSION, P.REVEAL_PERSONAL_DATA, P.SEE_EVIDENCE})
_CLAIMANT = frozenset({P.CLAIM_DEAL, P.SEE_OWN_RULINGS, P.COMPLAIN})
_COMPLAINTS = frozenset({P.RECORD_COMPLAINT, P.SEE_COMPLAINTS, P.HANDLE_COMPLAINT})
_SITE_BACK = frozenset(
    {
        P.SEE_SITE_BOARD,
        P.SEE_SITE_REGISTRATIONS,
        P.REVEAL_PERSONAL_DATA,
        P.SEE_SITE_DEALS,
        P.SEE_EVIDENCE,
        P.SEE_CASES,
    }
)

_CONTRACTS = frozenset({P.SEE_CONTRACTS, P.SIGN_CONTRACT})
#: May be named as a deputy, and then signs (DO-Q2).
_DEPUTY = frozenset({P.SEE_INBOX, P.SEE_APPLICATIONS, P.SIGN_APPLICATION, P.SEE_DELEGATIONS})
_SIGNER = _DEPUTY | {P.DELEGATE}
_SPEAKER = _DEPUTY | {P.SCORE_APPLICATION, P.GIVE_DEPARTMENT_OPINION}

PERMISSIONS: dict[str, frozenset[Permission]] = {
    "broker": _EVERYBODY | _FILER | _CLAIMANT,
    "owner": _EVERYBODY
    | _FILER
    | _CLAIMANT
    | {P.MANAGE_BROKERS, P.KEEP_PARTNER_FILE, P.SEE_COMPANY, P.ANSWER_FINDING, P.ASK_EXIT}
    | {P.SIGN_OWN_CONTRACT},
    "reception": _EVERYBODY
    | {P.SEE_SITE_BOARD, P.REGISTER_ARRIVAL, P.RECORD_WALK_IN, P.REVEAL_PERSONAL_DATA, P.RECORD_COMPLAINT},
    "back_office": _EVERYBODY
    | _SITE_BACK
    | {P.AUDIT_VISIT, P.CLASSIFY_BULK, P.CORRECT_CUSTOMER, P.RECORD_WALK_IN, P.RECORD_RELATION, P.RULE_DEAL}
    | {P.REPORT_BREACH, P.RECORD_COMPLAINT},
    "consultant": _EVERYBODY
    | {
        P.SEE_SITE_BOARD,
        P.ENTER_CUSTOMER,
        P.RECORD_WALK_IN,
        P.REVEAL_PERSONAL_DATA,
        P.SEE_SITE_DEALS,
        P.RECORD_DEAL,
    },
    "site_leader": _EVERYBODY
    | _SITE_BACK
    | {P.SIGN_OFF_VISIT, P.EXCUSE_LATE_FILING, P.GIVE_OPINION, P.CLASSIFY_BULK, P.RECORD_WALK_IN}
    | {P.REPORT_BREACH, P.RECORD_COMPLAINT},
    "hq_channel": _EVERYBODY
    | _COMPLAINTS
    | _CONTRACTS
    | _DEPUTY
    | {
        P.MANAGE_CONTRACTS,
        P.SEE_CARE,
        P.KEEP_CARE,
        P.REVIEW_APPLICATION,
        P.SCORE_APPLICATION,
        P.DECIDE_EXTENSION,
        P.SEE_ALL_REGISTRATIONS,
        P.SEE_ALL_DEALS,
        P.REDETERMINE,
        P.REPORT_BREACH,
        P.SEE_FINDINGS,
        P.DECIDE_FINDING,
        P.DECIDE_APPEAL,
        P.SEE_SPOT_CHECKS,
        P.RUN_SPOT_CHECKS,
        P.HAND_OVER_CASE,
        P.SEE_ALERTS,
        P.BACKTEST_POLICY,
        P.SEE_BACKTESTS,
        P.SEE_DISTRIBUTORS,
        P.CHANGE_DISTRIBUTOR_STATUS,
        P.SEE_ENFORCEMENTS,
        P.RELEASE_COMMISSION,
        P.SEE_COMMISSION_DECISIONS,
        P.REVEAL_PERSONAL_DATA,
        P.SEE_EVIDENCE,
        P.SEE_DISCLOSURE_TABLE,
    },
    "department_manager": _EVERYBODY | _SIGNER | {P.SEE_CONTRACTS},
    "general_manager": _EVERYBODY | _SIGNER | _CONTRACTS | {P.OVERRIDE_BLACKLIST, P.SEE_FINDINGS, P.DECIDE_APPEAL},
    "legal": _EVERYBODY | {P.SEE_INBOX, P.SEE_CONTRACTS, P.REVIEW_CONTRACT},
    "customer_service": _EVERYBODY | _SPEAKER | _COMPLAINTS | {P.REPORT_BREACH},
    "finance": _EVERYBODY | _SPEAKER | {P.SEE_COMMISSION_DECISIONS},
    "administrator": _EVERYBODY
    | {
        P.SEE_DELEGATIONS,
        P.DELEGATE,
        P.MANAGE_USERS,
        P.SEE_CONTRACTS,
        P.MANAGE_CONTRACTS,
        P.SEE_MESSAGES,
        P.SEE_DISTRIBUTORS,
        P.SEE_ENFORCEMENTS,
        P.MANAGE_DISTRIBUTORS,
        P.MANAGE_PROJECTS,
        P.MANAGE_POLICIES,
        P.BACKTEST_POLICY,
        P.SEE_BACKTESTS,
        P.SEE_PERMISSION_TABLE,
        P.SEE_DISCLOSURE_TABLE,
        P.SEE_JOBS,
    },
    "auditor": _EVERYBODY
    | {
        P.SEE_CARE,
        P.SEE_CONTRACTS,
        P.SEE_COMPLAINTS,
        P.SEE_ALL_REGISTRATIONS,
        P.SEE_ALL_DEALS,
        P.SEE_APPLICATIONS,
        P.SEE_DELEGATIONS,
        P.SEE_DISTRIBUTORS,
        P.SEE_ENFORCEMENTS,
        P.SEE_COMMISSION_DECISIONS,
        P.SEE_SPOT_CHECKS,
        P.SEE_FINDINGS,
        P.SEE_ALERTS,
        P.SEE_BACKTESTS,
        P.SEE_HISTORY,
        P.SEE_PERMISSION_TABLE,
        P.SEE_EVIDENCE,
        P.SEE_DISCLOSURE_TABLE,
    },
}


class HasRoles(Protocol):
    """Whoever may or may not: a person, or what stands for everybody with the same roles."""

    @property
    def roles(self) -> frozenset[str]: ...


def may(user: HasRoles, permission: Permission) -> bool:
    """Whether one of the person's roles carries ``permission`` (in whatever project: scope is checked on the object)."""
    return any(permission in PERMISSIONS[role] for role in user.roles)


def may_in(user: User, permission: Permission, project_id: int) -> bool:
    """Whether the person has ``permission`` in this project: site roles only where they are granted."""
    return any(
        permission in PERMISSIONS[grant.role] and grant.project_id in (None, project_id) for grant in user.grants
    )


def projects_for(user: User, permission: Permission) -> frozenset[int]:
    """The projects in which a site role of the person carries ``permission``."""
    return frozenset(
        grant.project_id for grant in user.grants if grant.project_id and permission in PERMISSIONS[grant.role]
    )


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a route: sign-in first, then the permission; 403 otherwise. Marks the view for the route walk."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                from portal.extensions import login_manager

                return login_manager.unauthorized()
            if not may(current_user, permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.required_permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a route that needs no sign-in, so that the route walk knows it is meant."""
    view.required_permission = None  # type: ignore[attr-defined]
    return view
