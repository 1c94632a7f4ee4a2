"""What is left to do when a cooperation ends: customers handed over, duties ticked, the settlement signed, the file closed.

(DM-12.5, DM-12.7, CH-5.9.) The distributor's row is held first, then the file; what is counted is counted after that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal import audit, crypto
from portal.audit import reason_digest
from portal.models import Distributor, Exit, ExitDuty, ExitHandover, ExitSignature, Registration, User, db
from portal.queries import exits as found
from portal.rules.exits import HANDOVERS, check_close, check_move, check_tick
from portal.rules.partner_states import check_step
from portal.rules.refusal import Refusal
from portal.services import documents, exit_notices
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.partner_standing import hold, set_status
from portal.services.settlements import settlement_of


def hand_over(
    *, actor: User, ending: Exit, choice: str, references: Iterable[str] | None = None, seen: Seen = NO_PAGE
) -> int:
    """Decide what becomes of running customers, of all of them without ``references``; how many (DM-12.7).

    ``run_on``: protected to their end, for the partner that leaves. ``release``: given up at the end of the cooperation, once
    the partner has signed for it. A decision may be changed until the partner has signed; the same one sent twice is one.
    Raises Refusal after the end, and when something was chosen or signed since the actor opened the page.
    """
    _, now = _hold(ending)
    if ending.state not in ("asked", "approved") or choice not in HANDOVERS:
        raise Refusal("exit_not_open", "DM-12.7")
    wanted = _running_of(ending, references, now)
    if not wanted:
        raise Refusal("nothing_to_hand_over", "DM-12.7")
    decided = _decided_before(actor, ending, choice, wanted)
    if decided is not None:
        return decided
    check_read(seen, found.chosen_values(ending))
    number = _decide(actor, ending, choice, wanted, now)
    _record("exit.handed_over", ending, actor, now, choice=choice, number=number)
    exit_notices.tell_owners(ending, "exit.handover", now, "DM-12.7")
    return number


def sign_release(
    *, actor: User, ending: Exit, strokes: dict[str, Any], image: bytes, party: str = "", seen: Seen = NO_PAGE
) -> ExitSignature:
    """The partner gives up what the company asked it to, signed by hand; it takes effect with the end of the cooperation.

    Raises Refusal when there is nothing to sign, or when it is not the list that the signer had read.
    """
    _check_own(actor, ending)
    _, now = _hold(ending)
    given_up = found.to_be_signed(ending, now)
    if ending.state not in ("asked", "approved") or not given_up:
        raise Refusal("nothing_to_sign", "DM-12.7")
    check_read(seen, release_values(given_up))
    digest = crypto.digest("\n".join(one.reference for one in given_up).encode())
    signed = _sign(actor, ending, "release", "glass", actor.name, digest, now, strokes)
    mine = (ExitHandover.exit_id == ending.id, ExitHandover.registration_id.in_([one.id for one in given_up]))
    db.session.execute(update(ExitHandover).where(*mine).values(signed_at=now))
    _record("exit.release_signed", ending, actor, now, number=len(given_up), digest=digest[:16])
    exit_notices.tell_headquarters(ending, "exit.signed", now, "DM-12.7")
    return signed


def tick_duty(*, actor: User, ending: Exit, kind: str, done: bool, note: str) -> ExitDuty:
    """A duty that only people can see is done, or is waived with a reason; the same said twice by one person is one entry.

    Raises Refusal for one that the portal counts.
    """
    check_tick(kind)
    _, now = _hold(ending)
    _check_open(ending)
    if not done and not note.strip():
        raise Refusal("waiver_needs_a_reason", "CH-5.9")
    duty, said = _duty_of(ending, kind), ("done" if done else "waived", note or None, actor.id)
    if (duty.state, duty.note, duty.decided_by_id) == said:
        return duty
    duty.state, duty.note, _ = said
    duty.decided_at, duty.decided_by_id = now, actor.id
    db.session.flush()
    _record("exit.duty_ticked", ending, actor, now, duty=kind, state=duty.state, reason_digest=reason_digest(note))
    return duty


def reopen_duty(*, actor: User, ending: Exit, kind: str) -> ExitDuty:
    """Take back what was ticked by mistake, while the file is open."""
    check_tick(kind)
    _, now = _hold(ending)
    _check_open(ending)
    duty = _duty_of(ending, kind)
    if duty.state == "open":
        return duty
    duty.state, duty.note, duty.decided_at, duty.decided_by_id = "open", None, None, None
    db.session.flush()
    _record("exit.duty_ticked", ending, actor, now, duty=kind, state="open")
    return duty


def settle_up(*, actor: User, ending: Exit) -> Exit:
    """Put up the final settlement for signature, with the facts of now; anew as long as nobody has signed it (CH-5.9).

    Put up again by the same person while nothing has changed it stays as it is, with its time. Raises Refusal before the
    end of the cooperation and after the signature.
    """
    distributor, now = _hold(ending)
    _check_in_force(ending)
    if ending.signature("settlement") is not None:
        raise Refusal("settlement_signed", "CH-5.9")
    text = json.dumps(settlement_of(ending, distributor, now), ensure_ascii=False, sort_keys=True)
    if ending.settled_up_by_id == actor.id and _says_the_same(ending.settlement, text):
        return ending
    ending.settlement = text
    ending.settled_up_at, ending.settled_up_by_id = now, actor.id
    db.session.flush()
    _record("exit.settled_up", ending, actor, now, digest=_digest_of(ending)[:16])
    exit_notices.tell_owners(ending, "exit.settlement", now, "CH-5.9")
    return ending


def sign_settlement(
    *, actor: User, ending: Exit, strokes: dict[str, Any], image: bytes, party: str = "", seen: Seen = NO_PAGE
) -> ExitSignature:
    """The partner's owner signs the settlement by hand on the glass, once.

    Raises Refusal when there is none to sign, or when another was put up since the signer had read it.
    """
    _check_own(actor, ending)
    return _sign_settlement(actor, ending, "glass", actor.name, strokes, seen)


def record_paper_settlement(*, actor: User, ending: Exit, signer_name: str, seen: Seen = NO_PAGE) -> ExitSignature:
    """Take down that the settlement was signed on paper, by whom, for a partner that cannot sign in any more.

    Raises Refusal as ``sign_settlement``.
    """
    return _sign_settlement(actor, ending, "paper", signer_name, None, seen)


def release_values(given_up: Sequence[Registration]) -> dict[str, Any]:
    """What is given up by a signature."""
    return {"given_up": [one.reference for one in given_up]}


def settlement_values(ending: Exit) -> dict[str, Any]:
    """The settlement that is to be signed."""
    return {"settlement": ending.settlement}


def close(*, actor: User, ending: Exit) -> Distributor:
    """Close the file and the last accounts (D.1 CLOSED). Raises Refusal while a duty is open (DM-12.7)."""
    distributor, now = _hold(ending)
    check_move(ending.state, "closed")
    step = check_step(distributor.status, "closed")
    check_close(len(found.open_lines(ending, now)))
    ending.state, ending.closed_at, ending.closed_by_id = "closed", now, actor.id
    set_status(distributor, "closed", ending.reason, now)
    _shut_out(distributor, actor, now)
    _record("exit.closed", ending, actor, now, clause=step.clause)
    return distributor


def _says_the_same(one: str | None, other: str) -> bool:
    """Whether two settlements have the same facts, but for the instant at which they were put up."""
    before, after = json.loads(one or "{}"), json.loads(other)
    return bool(before | {"at": after["at"]} == after)


def _duty_of(ending: Exit, kind: str) -> ExitDuty:
    """The duty, read afresh: somebody may have ticked it while we waited for the file."""
    duty = next(one for one in ending.duties if one.kind == kind)
    db.session.refresh(duty)
    return duty


def _hold(ending: Exit) -> tuple[Distributor, datetime]:
    distributor = db.session.get_one(Distributor, ending.distributor_id)
    now = hold(distributor)
    columns = ["state", "settlement", "settled_up_by_id", "signatures", "duties"]
    db.session.refresh(ending, columns, with_for_update=True)
    return distributor, now


def _check_own(actor: User, ending: Exit) -> None:
    if actor.distributor_id != ending.distributor_id:
        raise Refusal("exit_of_others", "DM-12.6")


def _check_open(ending: Exit) -> None:
    if ending.state not in ("asked", "approved", "in_force"):
        raise Refusal("exit_not_open", "CH-5.9")


def _check_in_force(ending: Exit) -> None:
    if ending.state != "in_force":
        raise Refusal("settlement_before_the_end", "CH-5.9")


def _running_of(ending: Exit, references: Iterable[str] | None, now: datetime) -> list[int]:
    """The ids of those that still run; others are left out silently: they need no decision any more."""
    running = set(found.running_ids(ending, now))
    if references is None:
        return sorted(running)
    named = select(Registration.id).where(Registration.reference.in_(list(references)))
    return sorted(running & set(db.session.scalars(named)))


def _decided_before(actor: User, ending: Exit, choice: str, ids: list[int]) -> int | None:
    """How many the actor has decided so already, when that leaves nothing to decide; None otherwise."""
    mine = (ExitHandover.choice == choice) & (ExitHandover.decided_by_id == actor.id)
    same = case((ExitHandover.signed_at.is_(None) & mine, 1), else_=0)
    query = select(func.count(), func.count(ExitHandover.signed_at), func.sum(same)).where(
        ExitHandover.exit_id == ending.id, ExitHandover.registration_id.in_(ids)
    )
    known, signed, decided = db.session.execute(query).one()
    return decided if known == len(ids) and decided and signed + decided == known else None


def _decide(actor: User, ending: Exit, choice: str, ids: list[int], now: datetime) -> int:
    """One statement for thousands; what the partner has signed for stays as it is."""
    decided = {"choice": choice, "decided_at": now, "decided_by_id": actor.id}
    rows = [{"exit_id": ending.id, "registration_id": number} | decided for number in ids]
    written = (
        insert(ExitHandover)
        .on_conflict_do_update(
            constraint="uq_exit_handovers_once", set_=decided, where=ExitHandover.signed_at.is_(None)
        )
        .returning(ExitHandover.id)
    )
    number = len(db.session.execute(written, rows).all())
    for known in [one for one in db.session.identity_map.values() if isinstance(one, ExitHandover)]:
        db.session.expire(known)
    return number


def _sign_settlement(
    actor: User, ending: Exit, method: str, signer_name: str, strokes: dict[str, Any] | None, seen: Seen
) -> ExitSignature:
    _, now = _hold(ending)
    _check_in_force(ending)
    if ending.settlement is None:
        raise Refusal("nothing_to_sign", "CH-5.9")
    if ending.signature("settlement") is not None:
        raise Refusal("settlement_signed", "CH-5.9")
    check_read(seen, settlement_values(ending))
    digest = _digest_of(ending)
    signed = _sign(actor, ending, "settlement", method, signer_name, digest, now, strokes)
    documents.order_exit_paper("settlement", ending, now)
    _record("exit.settlement_signed", ending, actor, now, method=method, digest=digest[:16])
    exit_notices.tell_headquarters(ending, "exit.signed", now, "CH-5.9", but=actor)
    return signed


def _digest_of(ending: Exit) -> str:
    return crypto.digest((ending.settlement or "").encode())


def _sign(
    actor: User,
    ending: Exit,
    paper: str,
    method: str,
    signer_name: str,
    digest: str,
    now: datetime,
    strokes: dict[str, Any] | None,
) -> ExitSignature:
    signed = ExitSignature(
        exit_id=ending.id,
        paper=paper,
        method=method,
        signer_name=signer_name,
        strokes=None if strokes is None else json.dumps(strokes),
        digest=digest,
        signed_at=now,
        signed_by_id=actor.id,
    )
    ending.signatures.append(signed)
    db.session.flush()
    return signed


def _shut_out(distributor: Distributor, actor: User, now: datetime) -> None:
    """Nobody of the distributor comes in any more."""
    people = db.session.scalars(
        select(User).where(User.distributor_id == distributor.id, User.disabled_at.is_(None)).order_by(User.id)
    )
    for person in people.unique():
        person.disabled_at, person.session_epoch = now, person.session_epoch + 1
        audit.record("user.disabled", person, actor=actor, now=now)
    db.session.flush()


def _record(verb: str, ending: Exit, actor: User, now: datetime, *, clause: str = "CH-5.9", **facts: Any) -> None:
    distributor = db.session.get_one(Distributor, ending.distributor_id)
    audit.record(verb, distributor, actor=actor, now=now, clause=clause, reference=ending.reference, **facts)
