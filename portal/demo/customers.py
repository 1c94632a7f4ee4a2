"""Invented customers: numbers that belong to nobody, ID numbers of a place that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from stdnum.cn import ric, uscc

from portal.demo.cast import BUYERS, GIVEN, PLACES, SURNAMES
from portal.services.customers import Customer

_MOBILE = ("130", "133", "135", "138", "150", "158", "178", "186", "188", "199")
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def customers(random: Random) -> Iterator[tuple[Customer, bool]]:
    """One invented customer after another, each with the filer's word whether local."""
    number = 0
    while True:
        number += 1
        place, local = random.choice(PLACES)
        yield _customer(random, number, place), local


def _customer(random: Random, number: int, place: str) -> Customer:
    company = random.choice(BUYERS) if number % 11 == 0 else None
    return Customer(
        name=random.choice(SURNAMES) + random.choice(GIVEN),
        phone=f"+86{random.choice(_MOBILE)}0000{number * 37 % 10000:04}",
        id_number=id_number(random) if number % 3 == 0 else None,
        company=company,
        company_code=registration_code(random, "91") if company else None,
        residence=place,
    )


def id_number(random: Random) -> str:
    """A resident ID of the invented place 990101 with the right check character."""
    day = f"{random.randint(1962, 2001)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    body = f"990101{day}{random.randint(0, 999):03}"
    return body + str(ric.calc_check_digit(body + "0"))


def registration_code(random: Random, kind: str = "91") -> str:
    """A unified social credit code with the right check character."""
    body = f"{kind}330106" + "".join(random.choice(_CODE_CHARACTERS) for _ in range(9))
    return body + str(uscc.calc_check_digit(body))
