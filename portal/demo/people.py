"""Founding the demo's projects, companies and accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from portal.demo.cast import COMPANIES, GROUP, PASSWORD, PEOPLE, SITES, Person, Site
from portal.demo.customers import registration_code
from portal.models import Distributor, Project, RoleGrant, User, db
from portal.passwords import hash_password
from portal.rules.pinyin import syllables
from portal.rules.policies import preset
from portal.services import contracts, policies

#: Whose paper contracts ran out, and after what time: the portal's own took their place.
RENEWED_HERE, UNTIL_PORTAL = ("橘灯房产", "星梯找房"), timedelta(days=30)


@dataclass
class Town:
    """Everybody of the demo, by code, name or login."""

    sites: dict[str, Project] = field(default_factory=dict)
    companies: dict[str, Distributor] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def brokers(self) -> list[User]:
        """The brokers of companies in good standing at the end of the story."""
        good = {name for name, status in COMPANIES if status == "active"}
        return [self.people[person.login] for person in PEOPLE if "broker" in person.roles and person.company in good]


def found_town(random: Random, now: datetime) -> Town:
    """Write the projects with their policy, the companies and the accounts, as of ``now``."""
    town = Town()
    policy = policies.publish(actor=None, document=preset("RE"))
    for site in SITES:
        project = _project(site, now)
        db.session.flush()
        policies.bind(actor=None, project=project, policy=policy, effective_from=now)
        town.sites[site.code] = project
    for number, (name, _) in enumerate(COMPANIES, start=1):
        town.companies[name] = _company(number, name, random, now)
    db.session.flush()
    for company in town.companies.values():
        ends_at = now + UNTIL_PORTAL if company.name in RENEWED_HERE else None
        contracts.carry_over(actor=None, distributor=company, now=now, starts_at=now, ends_at=ends_at)
    password_hash = hash_password(PASSWORD)
    for person in PEOPLE:
        town.people[person.login] = _account(person, town, password_hash, now)
    db.session.flush()
    return town


def _project(site: Site, now: datetime) -> Project:
    project = Project(
        code=site.code,
        name=site.name,
        group_name=GROUP,
        city_code=site.city_code,
        city_name=site.city_name,
        address=site.address,
        latitude=Decimal(site.latitude),
        longitude=Decimal(site.longitude),
        bulk_criterion=site.bulk_criterion,
        created_at=now,
    )
    db.session.add(project)
    return project


def _company(number: int, name: str, random: Random, now: datetime) -> Distributor:
    company = Distributor(
        reference=f"FX-{number:04}",
        name=name,
        name_pinyin="".join(syllables(name)),
        registration_code=registration_code(random),
        status="active",
        status_since=now,
        created_at=now,
    )
    db.session.add(company)
    return company


def _account(person: Person, town: Town, password_hash: str, now: datetime) -> User:
    places: list[int | None] = [town.sites[code].id for code in person.sites] or [None]
    account = User(
        login=person.login,
        name=person.name,
        password_hash=password_hash,
        distributor_id=town.companies[person.company].id if person.company else None,
        last_project_id=town.sites["YQ"].id if "broker" in person.roles else None,
        created_at=now,
        grants=[RoleGrant(role=role, project_id=place) for role in person.roles for place in places],
    )
    db.session.add(account)
    return account
