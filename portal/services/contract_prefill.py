"""What a new contract begins with: the fields of the distributor's last one, else what its file and the projects say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.models import Contract, Distributor, PartnerFile, Project, db
from portal.services.contract_texts import typed_fields

_USUAL = {
    "mode": "渠道分销：乙方推介客户，甲方与客户签约",
    "settlement_day": "10",
    "payment_days": "15",
    "confidentiality_years": "2",
}


def for_distributor(distributor: Distributor) -> dict[str, Any]:
    """The fields as far as they are known, by their names."""
    return _USUAL | _of_group() | _of_file(distributor) | _of_last(distributor)


def _of_group() -> dict[str, str]:
    """The last contract of anybody knows how the company is called; before the first one, the projects do."""
    last = db.session.scalar(select(Contract).where(Contract.fields.is_not(None)).order_by(Contract.id.desc()).limit(1))
    if last is not None:
        known = typed_fields(last)
        return {name: known[name] for name in ("company_name", "company_representative", "company_address")}
    names = db.session.scalars(select(Project.group_name).where(Project.group_name != "").distinct()).all()
    return {"company_name": names[0]} if len(names) == 1 else {}


def _of_file(distributor: Distributor) -> dict[str, str]:
    file = db.session.scalar(select(PartnerFile).where(PartnerFile.distributor_id == distributor.id))
    if file is None:
        return {}
    found = {
        "partner_representative": file.legal_name,
        "partner_address": file.invoice_address,
        "territory": file.territory or file.areas,
    }
    return {name: value for name, value in found.items() if value}


def _of_last(distributor: Distributor) -> dict[str, str]:
    query = select(Contract).where(Contract.distributor_id == distributor.id, Contract.fields.is_not(None))
    last = db.session.scalar(query.order_by(Contract.id.desc()).limit(1))
    return typed_fields(last) if last is not None else {}
