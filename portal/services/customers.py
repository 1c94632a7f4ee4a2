"""The customer as a command carries it: clean values, their keys, and the columns they are kept in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from portal import crypto
from portal.rules.customers import StrongKey, national_phone, strong_keys
from portal.rules.search import search_words
from portal.services import identities


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Clean values: the phone in E.164, ID and registration code in one spelling, the residence a GB/T 2260 code."""

    name: str
    phone: str | None = None
    id_number: str | None = None
    company: str | None = None
    company_code: str | None = None
    residence: str | None = None

    @property
    def keys(self) -> tuple[StrongKey, ...]:
        return strong_keys(phone=self.phone, id_number=self.id_number, company_code=self.company_code)

    @property
    def fingerprints(self) -> identities.Fingerprints:
        return identities.fingerprints(self.keys)

    def columns(self) -> dict[str, str | None]:
        """The sealed columns that registrations and company records have in common."""
        return {
            "customer_name": self.name,
            "phone": self.phone,
            "id_number": self.id_number,
            "company": self.company,
            "company_code": self.company_code,
        }

    def changed(self, changes: dict[str, Any]) -> Customer:
        """The customer with some fields corrected."""
        return replace(self, **changes)

    def differences(self, other: Customer) -> tuple[str, ...]:
        """Which fields differ, by name."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name))


def customer_of(row: Any) -> Customer:
    """The customer of a registration or a company record as it is now."""
    return Customer(
        name=row.customer_name,
        phone=row.phone,
        id_number=row.id_number,
        company=row.company,
        company_code=row.company_code,
        residence=getattr(row, "residence", None),
    )


def search_tokens(customer: Customer) -> list[int]:
    """The keyed tokens by which the customer is found in lists."""
    phone = None if customer.phone is None else national_phone(customer.phone)
    return sorted(crypto.search_token(word) for word in search_words(customer.name, customer.company, phone=phone))
