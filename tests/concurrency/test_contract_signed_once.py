"""Both sides sign in the same moment, each of them several times, from processes of their own: one contract, once."""

from __future__ import annotations

from flask import Flask

from portal import create_app
from portal.models import ContractSignature, Document, HistoryEntry, User, db
from portal.queries import contracts
from portal.rules.refusal import Refusal
from portal.services import contract_signing
from portal.services.unacceptable import Unacceptable
from portal.transaction import transaction
from tests import contracting, racing
from tests.fixtures import People


def sign(side: str, reference: str, code: str) -> None:
    """A process of its own: one side signs."""
    app = create_app()
    with app.app_context():
        who = db.session.scalar(db.select(User).where(User.login == ("olga" if side == "partner" else "hua")))
        contract = contracts.find(reference)
        assert contract is not None
        given = {"actor": who, "contract": contract, "seen": contract.text_digest, "title": "总经理"}
        db.session.commit()
        racing.ready()
        try:
            with transaction():
                if side == "partner":
                    contract_signing.sign_for_partner(channel="sms", code=code, strokes=contracting.STROKES, **given)
                else:
                    contract_signing.sign_for_company(**given)
            racing.say("signed")
        except (Refusal, Unacceptable) as problem:
            racing.say(f"refused {problem}")


def test_two_sides_at_once_make_one_contract(app: Flask, people: People) -> None:
    with app.app_context():
        contracting.without_contracts(people, status="approved")
        people.get("olga").phone = contracting.PHONE
        contract = contracting.open_to_sign(people)
        contract_signing.send_signing_code(actor=people.get("olga"), contract=contract, channel="sms")
        db.session.commit()
        reference, code = contract.reference, contracting.last_code()
    sides = ["partner", "company", "partner", "company"]
    told = racing.race(sign, *((side, reference, code) for side in sides))
    assert len(told) == len(sides)
    assert told.count("signed") >= 2
    with app.app_context():
        assert sorted(db.session.scalars(db.select(ContractSignature.side))) == ["company", "partner"]
        found = contracts.find(reference)
        assert found is not None and found.state == "signed"
        assert people.distributor().status == "contracted"
        for verb in ("contract.signed", "distributor.contracted"):
            assert db.session.query(HistoryEntry).filter_by(verb=verb).count() == 1
        assert db.session.query(Document).filter_by(kind="contract_signed").count() == 1
