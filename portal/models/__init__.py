"""Tables, their constraints, and their translation into the facts that the rules read."""

from portal.models.alerts import Alert
from portal.models.applications import (
    Application,
    ApplicationSignature,
    Inquiry,
    Invitation,
    Opinion,
    Remark,
    Score,
)
from portal.models.arrival_notices import ArrivalNotice
from portal.models.backtests import Backtest
from portal.models.base import Base, db
from portal.models.care import Appointment, Assessment, CareContact, ClassChange
from portal.models.care_tasks import CareTask
from portal.models.claims import Claim, ClaimFile
from portal.models.commission_holds import CommissionHold
from portal.models.complaints import Complaint, ComplaintProgress, ComplaintRound
from portal.models.contracts import Contract, ContractProject, ContractSignature, ContractTemplate
from portal.models.deals import BuyerKey, Deal, DealBuyer, DealEvent
from portal.models.delegations import Delegation
from portal.models.distributors import Distributor
from portal.models.documents import Document
from portal.models.drafts import FilingDraft
from portal.models.enforcements import Enforcement, EnforcementEffect, EnforcementStep
from portal.models.exits import Exit, ExitDuty, ExitHandover, ExitSignature
from portal.models.extensions import Extension
from portal.models.files import StoredFile
from portal.models.findings import Explanation, Finding, FindingFile, Sanction
from portal.models.history import HistoryEntry, HistorySeal
from portal.models.imports import ImportBatch, ImportRow
from portal.models.notices import Notice
from portal.models.one_time_codes import OneTimeCode
from portal.models.outgoing_messages import OutgoingMessage
from portal.models.partner_files import PartnerFile, PartnerPaper
from portal.models.policies import Policy, ProjectPolicy
from portal.models.projects import Project
from portal.models.prospects import Prospect, ProspectContact, ProspectEvaluation
from portal.models.records import CompanyRecord, RecordKey
from portal.models.registrations import (
    Classification,
    Correction,
    FormerKey,
    IdentityLock,
    PastedMessage,
    Registration,
    RegistrationKey,
)
from portal.models.relations import Relation, RelationKey
from portal.models.rulings import Ruling, RulingParty
from portal.models.spot_checks import CheckedDeal, CheckTry, SpotCheck
from portal.models.users import RoleGrant, SignInAttempts, User
from portal.models.visits import Signature, SlipRefusal, Visit

__all__ = [
    "Alert",
    "Application",
    "ApplicationSignature",
    "Appointment",
    "ArrivalNotice",
    "Assessment",
    "Backtest",
    "Base",
    "BuyerKey",
    "CareContact",
    "CareTask",
    "CheckTry",
    "CheckedDeal",
    "Claim",
    "ClaimFile",
    "ClassChange",
    "Classification",
    "CommissionHold",
    "CompanyRecord",
    "Complaint",
    "ComplaintProgress",
    "ComplaintRound",
    "Contract",
    "ContractProject",
    "ContractSignature",
    "ContractTemplate",
    "Correction",
    "Deal",
    "DealBuyer",
    "DealEvent",
    "Delegation",
    "Distributor",
    "Document",
    "Enforcement",
    "EnforcementEffect",
    "EnforcementStep",
    "Exit",
    "ExitDuty",
    "ExitHandover",
    "ExitSignature",
    "Explanation",
    "Extension",
    "FilingDraft",
    "Finding",
    "FindingFile",
    "FormerKey",
    "HistoryEntry",
    "HistorySeal",
    "IdentityLock",
    "ImportBatch",
    "ImportRow",
    "Inquiry",
    "Invitation",
    "Notice",
    "OneTimeCode",
    "Opinion",
    "OutgoingMessage",
    "PartnerFile",
    "PartnerPaper",
    "PastedMessage",
    "Policy",
    "Project",
    "ProjectPolicy",
    "Prospect",
    "ProspectContact",
    "ProspectEvaluation",
    "RecordKey",
    "Registration",
    "RegistrationKey",
    "Relation",
    "RelationKey",
    "Remark",
    "RoleGrant",
    "Ruling",
    "RulingParty",
    "Sanction",
    "Score",
    "SignInAttempts",
    "Signature",
    "SlipRefusal",
    "SpotCheck",
    "StoredFile",
    "User",
    "Visit",
    "db",
]
