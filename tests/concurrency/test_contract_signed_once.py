"""Both sides sign in the same moment, each of them several times, from processes of their own: one contract, once."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

from flask import Flask

from portal.models import ContractSignature, Document, HistoryEntry, db
from portal.queries import contracts
from portal.services import contract_signing
from tests import contracting
from tests.fixtures import People
from tests.servers import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
SIGNER = textwrap.dedent(
    """
    import gc, sys

    gc.disable()  # as long as it lives, looking for garbage would only delay it

    from portal import create_app
    from portal.models import User, db
    from portal.queries import contracts
    from portal.rules.refusal import Refusal
    from portal.services import contract_signing
    from portal.services.unacceptable import Unacceptable
    from portal.transaction import transaction
    from tests.contracting import STROKES

    side, reference, code = sys.argv[1:]
    app = create_app()
    with app.app_context():
        who = db.session.scalar(db.select(User).where(User.login == ("olga" if side == "partner" else "hua")))
        contract = contracts.find(reference)
        given = {"actor": who, "contract": contract, "seen": contract.text_digest, "title": "总经理"}
        db.session.commit()
        print("ready", flush=True)
        sys.stdin.readline()
        try:
            with transaction():
                if side == "partner":
                    contract_signing.sign_for_partner(channel="sms", code=code, strokes=STROKES, **given)
                else:
                    contract_signing.sign_for_company(**given)
            print("signed")
        except (Refusal, Unacceptable) as problem:
            print("refused", problem)
    """
)


def test_two_sides_at_once_make_one_contract(app: Flask, people: People) -> None:
    with app.app_context():
        contracting.without_contracts(people, status="approved")
        people.get("olga").phone = contracting.PHONE
        contract = contracting.open_to_sign(people)
        contract_signing.send_signing_code(actor=people.get("olga"), contract=contract, channel="sms")
        db.session.commit()
        reference, code = contract.reference, contracting.last_code()
    told = _race(reference, code, ["partner", "company", "partner", "company"])
    assert told.count("signed") >= 2
    with app.app_context():
        assert sorted(db.session.scalars(db.select(ContractSignature.side))) == ["company", "partner"]
        found = contracts.find(reference)
        assert found is not None and found.state == "signed"
        assert people.distributor().status == "contracted"
        for verb in ("contract.signed", "distributor.contracted"):
            assert db.session.query(HistoryEntry).filter_by(verb=verb).count() == 1
        assert db.session.query(Document).filter_by(kind="contract_signed").count() == 1


def _race(reference: str, code: str, sides: list[str]) -> list[str]:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", SIGNER, side, reference, code],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for side in sides
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=PATIENCE_SECONDS)[0].strip() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * len(sides)
    return [answer.split()[0] for answer in told]
