"""The worker carries out exits at their instant, once, and erases what names people when its time is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.models import Distributor, Enforcement, Exit, HistoryEntry, PartnerFile, Project, User, db
from portal.rules.retention import kept_until
from portal.services import exit_duties, exits, partnership, sealing
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import STROKES, People
from worker.jobs.exits import erase_expired, take_effect

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
END = datetime(2026, 3, 31, 16, tzinfo=UTC)
#: Three years after the closing on 1 April 2026.
OVER = datetime(2029, 3, 31, 16, tzinfo=UTC)


@pytest.fixture
def approved(session: Any, people: People) -> int:
    with clock.set_to(START):
        asked = exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=date(2026, 3, 31))
        exits.decide_exit(actor=people.get("hua"), ending=asked, approved=True, reason="手续齐全")
        session.commit()
    return asked.id


@pytest.fixture
def closed(approved: int, session: Any, people: People) -> Distributor:
    with clock.set_to(END + timedelta(minutes=5)):
        take_effect()
        ending, hua = session.get_one(Exit, approved), people.get("hua")
        for kind in ("commission", "papers", "confidentiality"):
            exit_duties.tick_duty(actor=hua, ending=ending, kind=kind, done=True, note="")
        exit_duties.settle_up(actor=hua, ending=ending)
        pad = {"strokes": dict(STROKES), "image": b""}
        exit_duties.sign_settlement(actor=people.get("olga"), ending=ending, **pad)
        exit_duties.close(actor=hua, ending=ending)
        session.commit()
    return people.distributor()


def test_it_takes_effect_when_its_instant_has_come_and_once(approved: int, session: Any, people: People) -> None:
    with clock.set_to(END - timedelta(seconds=1)):
        take_effect()
    assert people.distributor().status == "exit_requested"
    with clock.set_to(END + timedelta(minutes=5)):
        take_effect()
        take_effect()
    session.expire_all()
    distributor = people.distributor()
    assert (distributor.status, distributor.status_since) == ("exited", END)
    assert session.query(Enforcement).filter_by(kind="exit").count() == 1


def test_it_leaves_alone_what_a_blacklisting_overtook(approved: int, session: Any, people: People) -> None:
    with clock.set_to(START + timedelta(days=3)):
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次截客")
        session.commit()
    with clock.set_to(END):
        take_effect()
    session.expire_all()
    assert people.distributor().status == "blacklisted"
    assert session.get_one(Exit, approved).state == "overtaken"


def test_years_are_counted_to_the_day_and_a_leap_day_falls_on_the_first_of_march() -> None:
    closed = datetime(2028, 2, 29, 3, tzinfo=UTC)
    assert kept_until(closed, 3, PORTAL_ZONE) == datetime(2031, 2, 28, 16, tzinfo=UTC)
    assert kept_until(closed, 4, PORTAL_ZONE) == datetime(2032, 2, 28, 16, tzinfo=UTC)


def test_names_are_erased_at_their_time_and_not_before(closed: Distributor, session: Any, people: People) -> None:
    with clock.set_to(OVER - timedelta(seconds=1)):
        erase_expired()
    assert people.get("ana").name == "安娜"
    with clock.set_to(OVER):
        erase_expired()
        erase_expired()
    session.expire_all()
    for who in ("ana", "abe", "olga"):
        person = people.get(who)
        assert (person.name, person.phone, person.login) == ("已清除", None, f"erased-{person.id}")
        assert person.disabled_at is not None
    assert people.get("ben").name == "本恩"
    erased = select(HistoryEntry).where(HistoryEntry.verb == "user.erased")
    assert len(session.scalars(erased).all()) == 3


def test_the_persons_in_the_file_go_with_them(closed: Distributor, session: Any) -> None:
    file = PartnerFile(distributor_id=closed.id, legal_name="欧佳", contact_phone="+8613900001111", created_at=START)
    file.changed_at, file.contact_phone_fingerprint = START, b"print"
    session.add(file)
    session.commit()
    with clock.set_to(OVER):
        erase_expired()
    session.refresh(file)
    assert (file.legal_name, file.contact_phone, file.contact_phone_fingerprint) == (None, None, None)


def test_the_chain_of_the_history_stays_whole(closed: Distributor, session: Any, app: Flask) -> None:
    sealing.seal(now=clock.now())
    session.commit()
    with clock.set_to(OVER):
        erase_expired()
    for number in [0, *session.scalars(select(Project.id))]:
        assert not isinstance(sealing.verify(number), sealing.Broken)
    assert session.scalars(select(User.name).where(User.login == "ben")).one() == "本恩"


def test_a_blacklisted_one_is_known_again_after_its_people_were_erased(session: Any, people: People) -> None:
    hua, distributor = people.get("hua"), people.distributor()
    file = PartnerFile(distributor_id=distributor.id, legal_name="欧佳", created_at=START, changed_at=START)
    file.legal_id_fingerprint = b"print"
    with clock.set_to(END):
        session.add(file)
        partnership.blacklist(actor=hua, distributor=distributor, reason="第二次截客")
        ending = exits.open_file(actor=hua, distributor=distributor)
        for kind in ("commission", "papers", "confidentiality"):
            exit_duties.tick_duty(actor=hua, ending=ending, kind=kind, done=False, note="已失联")
        exit_duties.settle_up(actor=hua, ending=ending)
        exit_duties.record_paper_settlement(actor=hua, ending=ending, signer_name="欧佳")
        exit_duties.close(actor=hua, ending=ending)
        session.commit()
    with clock.set_to(OVER + timedelta(days=1)):
        erase_expired()
    session.refresh(file)
    assert (file.legal_name, bytes(file.legal_id_fingerprint or b"")) == (None, b"print")
    assert db.session.get_one(Distributor, distributor.id).name == "甲渠道"
