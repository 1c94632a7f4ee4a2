"""Every form that remembers what it showed is tried without its mark: in test_stale_forms, or in the file that is named."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from flask_wtf import FlaskForm

from portal import forms
from portal.forms.editions import EditionForm, SeenField
from tests.hq.test_stale_forms import DECISIONS, EDITS

TESTS = Path(__file__).resolve().parent.parent
#: Every form that sends back what was shown, and where it is tried without it: the case there, or the file.
TRIED = {
    "ChangeAccountForm": "account",
    "ChangePersonForm": "broker",
    "ChangeDistributorForm": "distributor",
    "ChangeProjectForm": "project",
    "ChangeContractForm": "contract",
    "TemplateForm": "template",
    "CorrectionForm": "customer",
    "IdentifyForm": "party",
    "ReviewForm": "contract",
    "RenewalForm": "renewal",
    "VerdictForm": "breach",
    "PeopleForm": "people",
    "ClassForm": "class",
    "ScoreForm": "scores",
    "PointsForm": "points",
    "GroupForm": "group",
    "DecisionForm": "tests/hq/test_decide_extension.py",
    **dict.fromkeys(("SlipSignatureForm", "PaperSlipForm", "DeclineForm"), "tests/site/test_sign_slip.py"),
    **dict.fromkeys(
        ("CompanyForm", "ContactsForm", "BankForm", "WishesForm", "SendForm"), "tests/public/test_apply.py"
    ),
    "CompanySignForm": "tests/hq/test_contracts.py",
    "PartnerSignForm": "tests/distributor/test_contracts.py",
    "ExitSignatureForm": "tests/distributor/test_exits.py",
    **dict.fromkeys(("HandoverForm", "PaperSettlementForm"), "tests/hq/test_exits.py"),
    "ClassificationForm": "tests/site/test_after_the_visit.py",
    "OpinionForm": "tests/site/test_leader.py",
    "DealEventForm": "tests/site/test_record_deal.py",
    "RulingForm": "tests/site/test_rule_case.py",
    "RedeterminationForm": "tests/hq/test_rulings.py",
}


def test_every_form_with_a_mark_is_tried_without_it() -> None:
    marked = {name for module in pkgutil.iter_modules(forms.__path__) for name in _marked(module.name)}
    assert marked == set(TRIED), "say here where a new form is tried without its mark"
    here = EDITS.keys() | DECISIONS.keys() | {"renewal"}
    assert [name for name, place in TRIED.items() if place not in here and not (TESTS.parent / place).exists()] == []


def _marked(module: str) -> Iterator[str]:
    for name, form in vars(importlib.import_module(f"{forms.__name__}.{module}")).items():
        field = getattr(form, "seen", None) if isinstance(form, type) and issubclass(form, FlaskForm) else None
        if field is not None and name != EditionForm.__name__ and not name.startswith("_"):
            assert field.field_class is SeenField, f"the mark of {name} would be None where it was not sent"
            yield name
